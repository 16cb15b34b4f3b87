import type { Bus, PartitionLag } from '../bus/bus';
import { priceEvents } from '../bus/topics';
import { latestPrice } from '../consumers/latest-price';
import { movingAverage } from '../consumers/moving-average';
import { priceHistory } from '../consumers/price-history';
import { pause } from '../platform/clock';
import { TickwireError } from '../platform/errors';
import { countOf } from './printable';

const GROUPS = [priceHistory.name, movingAverage.name, latestPrice.name];
const LOOK_EVERY_MS = 200;
/** Without a broker to ask: an event is through all stages long before. */
const PAUSE_MS = 2_000;

/**
 * Resolves once every event that the topic holds at this moment has been handled by all who store what is verified. Without a bus it waits two seconds.
 * @throws TIMEOUT when they have not by then.
 */
export async function untilHandled(
  bus: Bus | undefined,
  { patienceMs, signal }: { readonly patienceMs: number; readonly signal: AbortSignal },
): Promise<void> {
  if (!bus) return pause(PAUSE_MS, signal);
  const lags = () => bus.lag(GROUPS, [priceEvents.name]);
  const ends = new Map((await lags()).map((lag) => [nameOf(lag), BigInt(lag.end)]));
  const deadlineMs = Date.now() + patienceMs;
  for (;;) {
    const behind = (await lags()).reduce((sum, lag) => sum + behindOf(lag, ends.get(nameOf(lag)) ?? 0n), 0);
    if (behind === 0 || signal.aborted) return;
    if (Date.now() >= deadlineMs) {
      throw new TickwireError(
        'TIMEOUT',
        `the consumers are still ${countOf(behind, 'event')} behind after ${patienceMs / 1000} s, so it cannot be told what is wrong and what is late; are they running? (\`npm run consumer\`)`,
      );
    }
    await pause(LOOK_EVERY_MS, signal);
  }
}

function nameOf({ group, partition }: PartitionLag): string {
  return `${group} ${partition}`;
}

/** Records before `end` that the group has not handled; a topic that dropped its oldest has fewer than the offsets say. */
function behindOf({ committed, lag }: PartitionLag, end: bigint): number {
  const missing = Number(end - BigInt(committed ?? 0));
  return Math.max(0, Math.min(lag, missing));
}
