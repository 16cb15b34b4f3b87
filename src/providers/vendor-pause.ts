import { TickwireError } from '../platform/errors';

/** Keeps the door to a vendor shut for as long as the vendor asked. */
export interface VendorPause {
  isOver(): boolean;
  /** @throws the vendor's own code, with what is left of its pause in `retryAfterMs`, while it lasts. */
  refuse(): void;
  /** Runs a call; an error that says how long to wait starts the pause, or prolongs it. */
  heed<T>(call: () => Promise<T>): Promise<T>;
}

/** No vendor may shut us out for longer by one answer. */
const MAX_PAUSE_MS = 24 * 60 * 60 * 1000;

/** An open door. Time is monotonic: a corrected wall clock neither shortens nor lengthens a pause. */
export function openVendorPause(vendor: string): VendorPause {
  let untilMs = 0;
  let code: TickwireError['code'] = 'PROVIDER_RATE_LIMITED';

  return {
    isOver: () => performance.now() >= untilMs,
    refuse: () => {
      const leftMs = Math.ceil(untilMs - performance.now());
      if (leftMs <= 0) return;
      const message = `${vendor} asked us to wait and is not called meanwhile; retry in ${leftMs} ms`;
      throw new TickwireError(code, message, { retryAfterMs: leftMs });
    },
    heed: async (call) => {
      try {
        return await call();
      } catch (error) {
        if (error instanceof TickwireError && error.retryAfterMs !== undefined) {
          untilMs = Math.max(untilMs, performance.now() + Math.min(error.retryAfterMs, MAX_PAUSE_MS));
          code = error.code;
        }
        throw error;
      }
    },
  };
}
