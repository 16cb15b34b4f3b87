import type { QuoteBatch } from './provider';

const REDACTED = '[redacted]';

/** The same answer with every occurrence of a secret taken out of the raw body and the failures, should a vendor echo it. */
export function redact(batch: QuoteBatch, secrets: readonly string[]): QuoteBatch {
  const clean = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
  return {
    raw: cleanJson(batch.raw, clean),
    quotes: batch.quotes,
    failures: batch.failures.map((failure) => ({ ...failure, detail: clean(failure.detail) })),
  };
}

/** Cleans every text and key of a JSON value; numbers stay as they are. */
function cleanJson(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((item) => cleanJson(item, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [clean(key), cleanJson(item, clean)]));
}
