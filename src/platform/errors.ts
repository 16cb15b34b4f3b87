/** Every error code of the product, and whether the same call may succeed later. The HTTP status of a code is in `api/errors.ts`. */
const CODES = {
  INVALID_INPUT: { retryable: false },
  CONFIG_INVALID: { retryable: false },
  NOT_FOUND: { retryable: false },
  CONFLICT: { retryable: false },
  UNAUTHENTICATED: { retryable: false },
  FORBIDDEN: { retryable: false },
  RATE_LIMITED: { retryable: true },
  AVERAGE_NOT_READY: { retryable: false },
  PROVIDER_UNKNOWN: { retryable: false },
  PROVIDER_NOT_CONFIGURED: { retryable: false },
  PROVIDER_UNAVAILABLE: { retryable: true },
  PROVIDER_RATE_LIMITED: { retryable: true },
  PROVIDER_TIMEOUT: { retryable: true },
  PROVIDER_REFUSED: { retryable: false },
  SYMBOL_UNKNOWN: { retryable: false },
  QUOTE_INVALID: { retryable: false },
  EVENT_INVALID: { retryable: false },
  STORE_UNAVAILABLE: { retryable: true },
  STORE_CONFLICT: { retryable: true },
  STORE_REFUSED: { retryable: false },
  CACHE_UNAVAILABLE: { retryable: true },
  BUS_UNAVAILABLE: { retryable: true },
  BUS_REFUSED: { retryable: false },
  CONSUMER_STUCK: { retryable: false },
  ENGINE_UNAVAILABLE: { retryable: false },
  HISTORY_MISSING: { retryable: false },
  MODEL_UNKNOWN: { retryable: false },
  MODEL_INPUT_UNUSABLE: { retryable: false },
  MODEL_FAILED: { retryable: false },
  JOB_TIMEOUT: { retryable: false },
  ARTIFACTS_UNAVAILABLE: { retryable: true },
  ORIGIN_REFUSED: { retryable: false },
  LIVE_FULL: { retryable: true },
  TIMEOUT: { retryable: true },
  INTERNAL: { retryable: false },
} as const satisfies Record<string, { retryable: boolean }>;

export type ErrorCode = keyof typeof CODES;

export interface ErrorOptions {
  /** The vendor's error; kept for logs, never shown to a caller. */
  readonly cause?: unknown;
  /** When the other side said how long to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** The one error class. `message` says what, where, expected and got, in words a user may read. */
export class TickwireError extends Error {
  override readonly name = 'TickwireError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = CODES[code].retryable;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Any thrown value as the one error class: what is not ours is INTERNAL and not retryable. */
export function toTickwireError(error: unknown): TickwireError {
  if (error instanceof TickwireError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TickwireError('INTERNAL', message, { cause: error });
}

/** The text of any thrown value, for a log line or a dead letter. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
