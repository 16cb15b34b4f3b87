import { TickwireError } from '../platform/errors';
import { type Clean, redactJson } from '../platform/redaction';
import type { QuoteBatch } from './provider';

export { type Clean, cleanOf, redactJson } from '../platform/redaction';

/** The same answer without secrets in the raw body and the failures. */
export function redact(batch: QuoteBatch, clean: Clean): QuoteBatch {
  return {
    raw: redactJson(batch.raw, clean),
    quotes: batch.quotes,
    failures: batch.failures.map((failure) => ({ ...failure, detail: clean(failure.detail) })),
  };
}

/**
 * The same error without secrets and without its cause, which may hold what the text was cleaned of. The text of an error that is not ours may hold
 * anything: it becomes PROVIDER_UNAVAILABLE without it.
 */
export function redactError(vendor: string, error: unknown, clean: Clean): TickwireError {
  if (error instanceof TickwireError) {
    return new TickwireError(error.code, clean(error.message), { retryAfterMs: error.retryAfterMs });
  }
  const name = error instanceof Error ? error.name : typeof error;
  return new TickwireError('PROVIDER_UNAVAILABLE', `${vendor} could not be asked: ${name}`);
}
