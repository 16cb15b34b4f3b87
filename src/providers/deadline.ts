import { TickwireError } from '../platform/errors';

/** Who is asked, for how long, and who may end it sooner. */
export interface Deadline {
  readonly vendor: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs `work` until it settles, `timeoutMs` pass or the caller's signal aborts; in the last two cases its own signal aborts and this rejects at once,
 * whether or not `work` listens. The timer and the listener are gone afterwards, which `AbortSignal.timeout` and `AbortSignal.any` on a
 * long-lived signal do not give.
 * @throws PROVIDER_TIMEOUT; and whatever `work` throws.
 */
export async function withDeadline<T>(
  { vendor, timeoutMs, signal }: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const ended = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  const giveUp = () =>
    controller.abort(new TickwireError('PROVIDER_TIMEOUT', `${vendor}: the caller ended the call before an answer`));
  const timer = setTimeout(
    () => controller.abort(new TickwireError('PROVIDER_TIMEOUT', `${vendor} did not answer within ${timeoutMs} ms`)),
    timeoutMs,
  );
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    return await (controller.signal.aborted ? ended : Promise.race([work(controller.signal), ended]));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
