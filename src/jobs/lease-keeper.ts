import { pause } from '../platform/clock';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';

export interface LeaseKeeperOptions {
  readonly leaseSeconds: number;
  /** Extends the lease in the store. */
  renew(): Promise<'renewed' | 'cancelled' | 'lost'>;
  /** Told once, when the claim is over: somebody cancelled the job, or another runner has it or may have it. */
  onOver(reason: 'cancelled' | 'lost'): void;
  readonly log: Log;
}

const LONGEST_PAUSE_MS = 1_000;

/** Renews a lease about once a second, which is also how soon a cancelled job is noticed. A store that stays away for a whole lease loses it. */
export function keepLease({ leaseSeconds, renew, onOver, log }: LeaseKeeperOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const everyMs = Math.min(LONGEST_PAUSE_MS, (leaseSeconds * 1000) / 3);
  let renewedMs = performance.now();

  const attempt = async (): Promise<'renewed' | 'cancelled' | 'lost'> => {
    const startedMs = performance.now();
    try {
      const answer = await renew();
      renewedMs = startedMs;
      return answer;
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'the lease of a job could not be renewed');
      return performance.now() - renewedMs < leaseSeconds * 1000 ? 'renewed' : 'lost';
    }
  };
  const keep = async () => {
    for (;;) {
      await pause(everyMs, stopping.signal);
      if (stopping.signal.aborted) return;
      const answer = await attempt();
      if (answer === 'renewed') continue;
      if (!stopping.signal.aborted) onOver(answer);
      return;
    }
  };
  const keeping = keep();
  return {
    stop: () => {
      stopping.abort();
      return keeping;
    },
  };
}
