import { toTickwireError } from '../platform/errors';
import type { Metrics } from '../platform/metrics';

const REASONS = ['pause', 'breaker', 'quota'] as const;
type Reason = (typeof REASONS)[number];

/** What the guards of one provider tell. */
export interface CallMetrics {
  /** Times one call to the vendor. @throws what the call throws. */
  timed<T>(call: () => Promise<T>): Promise<T>;
  /** Counts a call that was not made, when `guard` throws. @throws the same. */
  refusing(reason: Reason, guard: () => void): void;
  /** The same for a quota that is taken from; a caller that gives up is no refusal. */
  taking(take: Promise<void>): Promise<void>;
}

/** The metrics of one provider's calls. The outcome of a call is an error code, so there are no more than the product has. */
export function openCallMetrics(metrics: Metrics, provider: string): CallMetrics {
  const refusalsOf = (reason: Reason) => metrics.counter('tickwire_provider_refusals_total', { provider, reason });
  for (const reason of REASONS) refusalsOf(reason);
  const tell = (outcome: string, startedMs: number) => {
    const labels = { provider, outcome };
    metrics.histogram('tickwire_provider_call_duration_seconds', labels)((performance.now() - startedMs) / 1000);
  };
  return {
    async timed(call) {
      const startedMs = performance.now();
      try {
        const answer = await call();
        tell('succeeded', startedMs);
        return answer;
      } catch (error) {
        tell(toTickwireError(error).code, startedMs);
        throw error;
      }
    },
    refusing(reason, guard) {
      try {
        guard();
      } catch (error) {
        refusalsOf(reason)(1);
        throw error;
      }
    },
    taking: (take) =>
      take.catch((error: unknown) => {
        if (toTickwireError(error).code === 'PROVIDER_RATE_LIMITED') refusalsOf('quota')(1);
        throw error;
      }),
  };
}
