import { z } from 'zod';
import { symbolSchema } from '../domain/symbol';

/** How many symbols one client may watch by name. */
export const MAX_WATCHED = 1_000;

/** What a client may ask to be told besides prices. */
export const SIDE_TOPICS = ['averages', 'jobs'] as const;

export type SideTopic = (typeof SIDE_TOPICS)[number];

/** What a client said. */
export type ClientFrame =
  | { readonly kind: 'ping' }
  | { readonly kind: 'watchlist'; readonly symbols: readonly string[] | null }
  | { readonly kind: 'resume'; readonly sequence: number }
  | { readonly kind: 'subscribe'; readonly topics: readonly SideTopic[] }
  | { readonly kind: 'invalid'; readonly detail: string };

const sequenceSchema = z.int('expected a sequence, as in a snapshot or a diff').min(0, 'expected a sequence from 0');
const symbolsSchema = z.array(symbolSchema).max(MAX_WATCHED, `expected at most ${MAX_WATCHED} symbols`).nullable();
const topicsSchema = z.array(z.enum(SIDE_TOPICS)).max(SIDE_TOPICS.length);

const EXPECTED =
  'expected {"watchlist":[…] or null}, {"resume":sequence}, {"subscribe":["averages","jobs"]} or the text ping';

/** Reads the text of a client's frame; never throws. */
export function parseClientFrame(text: string): ClientFrame {
  if (text === 'ping') return { kind: 'ping' };
  const frame = objectOf(text);
  const [key, ...others] = Object.keys(frame ?? {});
  if (!frame || key === undefined || others.length > 0) return { kind: 'invalid', detail: EXPECTED };
  switch (key) {
    case 'watchlist':
      return fitted(key, symbolsSchema, frame[key], (symbols) => ({ kind: 'watchlist', symbols }));
    case 'resume':
      return fitted(key, sequenceSchema, frame[key], (sequence) => ({ kind: 'resume', sequence }));
    case 'subscribe':
      return fitted(key, topicsSchema, frame[key], (topics) => ({ kind: 'subscribe', topics }));
    default:
      return { kind: 'invalid', detail: `${EXPECTED}, got the field ${key.slice(0, 32)}` };
  }
}

function fitted<T>(
  field: string,
  schema: z.ZodType<T>,
  value: unknown,
  toFrame: (value: T) => ClientFrame,
): ClientFrame {
  const parsed = schema.safeParse(value);
  if (parsed.success) return toFrame(parsed.data);
  const [issue] = parsed.error.issues;
  const path = [field, ...(issue?.path ?? [])].join('.');
  return { kind: 'invalid', detail: `${path}: ${issue?.message ?? 'does not fit'}` };
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
