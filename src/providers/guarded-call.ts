import { type Metrics, silentMetrics } from '../platform/metrics';
import { inSpan } from '../platform/trace';
import { openBreaker } from './breaker';
import { openCallMetrics } from './call-metrics';
import { withDeadline } from './deadline';
import type { GuardedCall, ProviderDefinition, ProviderHealth, TakeQuota } from './provider';
import { takeEveryBucket } from './quota';
import { openVendorPause } from './vendor-pause';

/** The guards of one provider: one breaker, one vendor's pause and one set of quota buckets for its quotes, history and news together. */
export interface ProviderGuards {
  /** A guarded call that waits at most `patienceMs` for the quota. */
  callWithin(patienceMs: number): GuardedCall;
  breaker(): ProviderHealth['breaker'];
}

/**
 * Puts around each call, from the outside in: a refusal while the vendor's pause or an open circuit lasts (before the quota, so that none is spent on a
 * call not made), every bucket of the quota, the circuit breaker, the vendor's pause, the deadline of a call.
 */
export function openProviderGuards(
  { name, limits, timeoutMs }: Pick<ProviderDefinition, 'name' | 'limits' | 'timeoutMs'>,
  takeQuota: TakeQuota,
  metrics: Metrics = silentMetrics,
): ProviderGuards {
  const calls = openCallMetrics(metrics, name);
  const vendorPause = openVendorPause(name);
  const breaker = openBreaker(name);
  const takeQuotas = (patienceMs: number, signal: AbortSignal) =>
    withDeadline({ vendor: name, timeoutMs: patienceMs + timeoutMs, signal }, (ending) =>
      takeEveryBucket({ provider: name, limits, takeQuota, patienceMs, signal: ending }),
    );

  return {
    callWithin:
      (patienceMs): GuardedCall =>
      async (work, signal) => {
        calls.refusing('pause', vendorPause.refuse);
        calls.refusing('breaker', breaker.refuse);
        await calls.taking(takeQuotas(patienceMs, signal));
        calls.refusing('pause', vendorPause.refuse);
        return breaker.run(
          (ending) =>
            vendorPause.heed(() =>
              calls.timed(() =>
                inSpan(`call ${name}`, { kind: 'client' }, () =>
                  withDeadline({ vendor: name, timeoutMs, signal: ending }, work),
                ),
              ),
            ),
          signal,
        );
      },
    breaker: () => (vendorPause.isOver() ? breaker.state() : 'open'),
  };
}
