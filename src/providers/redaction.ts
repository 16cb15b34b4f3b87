import { TickwireError } from '../platform/errors';
import type { QuoteBatch } from './provider';

const REDACTED = '[redacted]';

/** A text with every occurrence of a secret taken out of it, should a vendor echo one. */
export type Clean = (text: string) => string;

/** Cleans texts of `secrets`. */
export function cleanOf(secrets: readonly string[]): Clean {
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
}

/** The same answer without secrets in the raw body and the failures. */
export function redact(batch: QuoteBatch, clean: Clean): QuoteBatch {
  return {
    raw: redactJson(batch.raw, clean),
    quotes: batch.quotes,
    failures: batch.failures.map((failure) => ({ ...failure, detail: clean(failure.detail) })),
  };
}

/** Cleans every text and key of a JSON value; numbers stay as they are. */
export function redactJson(value: unknown, clean: Clean): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((item) => redactJson(item, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [clean(key), redactJson(item, clean)]));
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
