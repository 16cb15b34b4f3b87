import CircuitBreaker from 'opossum';
import { TickwireError } from '../platform/errors';
import type { GuardedCall, ProviderHealth } from './provider';

/** A vendor's calls behind a circuit breaker. */
export interface Breaker {
  /** @throws PROVIDER_UNAVAILABLE with `retryAfterMs` while the circuit is open. */
  refuse(): void;
  /** @throws the same; and whatever the call throws. */
  run: GuardedCall;
  state(): ProviderHealth['breaker'];
}

/** Calls within `WINDOW_MS` before their failures count, and the share of failures, in percent, above which the circuit opens. */
const MIN_CALLS = 5;
const FAILURES_PERCENT = 50;
const WINDOW_MS = 5 * 60 * 1000;
/** How long an open circuit makes no call; then one call probes whether the vendor is back. */
const OPEN_MS = 30_000;

/**
 * Stops calling a vendor after repeated failures that are the vendor's: no answer, a late one, one that makes no sense. A refused key and a 429 are
 * answers and do not count, nor do an unknown symbol and a caller that gives up; but a probe given up proves nothing, and the circuit opens again.
 */
export function openBreaker(vendor: string): Breaker {
  let probesAtMs = 0;
  // The library passes the arguments of the call as well; its type declarations are of an older version.
  const isNoFault = (error: unknown, _work: unknown, signal: AbortSignal): boolean =>
    signal.aborted ? !circuit.halfOpen : isAnswer(error);
  const circuit = new CircuitBreaker((work: Work, signal: AbortSignal) => work(signal), {
    timeout: false,
    resetTimeout: OPEN_MS,
    volumeThreshold: MIN_CALLS,
    errorThresholdPercentage: FAILURES_PERCENT,
    rollingCountTimeout: WINDOW_MS,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    errorFilter: isNoFault as (error: unknown) => boolean,
  });
  circuit.on('open', () => {
    probesAtMs = performance.now() + OPEN_MS;
  });
  const openError = () => {
    const leftMs = Math.max(1, Math.ceil(probesAtMs - performance.now()));
    const message = `${vendor} failed repeatedly and is not called for now; retry in ${leftMs} ms`;
    return new TickwireError('PROVIDER_UNAVAILABLE', message, { retryAfterMs: leftMs });
  };

  return {
    refuse: () => {
      if (circuit.opened) throw openError();
    },
    run: async <T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal) => {
      let answer: { readonly value: T } | undefined;
      const keepAnswer = async (ending: AbortSignal) => {
        answer = { value: await work(ending) };
      };
      await circuit.fire(keepAnswer, signal).catch((error) => {
        throw CircuitBreaker.isOurError(error) ? openError() : error;
      });
      if (answer === undefined) throw openError();
      return answer.value;
    },
    state: () => (circuit.opened ? 'open' : circuit.halfOpen ? 'half-open' : 'closed'),
  };
}

type Work = (signal: AbortSignal) => Promise<void>;

const ANSWERS: ReadonlySet<string> = new Set([
  'PROVIDER_RATE_LIMITED',
  'PROVIDER_REFUSED',
  'SYMBOL_UNKNOWN',
  'INVALID_INPUT',
]);

function isAnswer(error: unknown): boolean {
  return error instanceof TickwireError && ANSWERS.has(error.code);
}
