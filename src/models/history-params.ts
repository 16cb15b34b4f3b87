import { z } from 'zod';
import { symbolSchema } from '../domain/symbol';
import type { HistoryNeed } from './model';

/** How many instruments one job may name. */
export const MAX_INSTRUMENTS = 100;

/** Symbols of a body as the rest of the API takes them: normalised, one named twice counts once, order kept. */
export const symbolsParam = z
  .array(symbolSchema)
  .min(1, 'expected at least 1 symbol')
  .max(MAX_INSTRUMENTS, `expected at most ${MAX_INSTRUMENTS} symbols`)
  .transform((symbols) => [...new Set(symbols)])
  .meta({
    description: `1 to ${MAX_INSTRUMENTS} symbols; trimmed, upper-cased, each once`,
    example: ['AAPL', 'MSFT'],
  });

const dayParam = z.iso.date('expected a day as YYYY-MM-DD');

/** First day of the history. */
export const startParam = dayParam.meta({
  description: 'First day of the history, `YYYY-MM-DD`, inclusive',
  example: '2024-01-01',
});

/** Last day of the history. */
export const endParam = dayParam.meta({
  description: 'Last day of the history, `YYYY-MM-DD`, inclusive; after `start`',
  example: '2024-12-31',
});

/** What to do about sessions that an instrument lacks. */
export const missingDataParam = z
  .strictObject({
    join: z
      .literal('inner')
      .default('inner')
      .meta({ description: 'Only sessions that every instrument has, after filling', example: 'inner' }),
    max_forward_fill: z
      .int()
      .min(0)
      .max(10)
      .default(0)
      .meta({ description: 'A missing session takes the last close, at most this many in a row', example: 0 }),
    min_sessions: z
      .int()
      .min(2)
      .max(10_000)
      .default(20)
      .meta({ description: 'Fewer common sessions than this is an error', example: 20 }),
  })
  .meta({
    description: 'How series are brought onto common sessions; named in the result',
    example: { join: 'inner', max_forward_fill: 0, min_sessions: 20 },
  })
  .prefault({});

/** The fields of every request that computes from stored history; the model's own go into `params` beside them. */
export const historyParams = {
  symbols: symbolsParam,
  start: startParam,
  end: endParam,
  missing_data: missingDataParam,
};

/** A validated request for history. */
export interface HistoryRequest {
  readonly symbols: readonly string[];
  readonly start: string;
  readonly end: string;
  readonly missing_data: z.infer<typeof missingDataParam>;
}

/** True unless both days are given and the first is not before the last; for a refinement with {@link END_AFTER_START}. */
export function startsBeforeEnd({ start, end }: { start?: string | undefined; end?: string | undefined }): boolean {
  return start === undefined || end === undefined || start < end;
}

/** Where and what, when {@link startsBeforeEnd} fails. */
export const END_AFTER_START = { path: ['end'], error: 'expected a day after start' };

/** `{"symbols":[…],"start":"…","end":"…","missing_data":{…},"params":{…}}` for a model that needs history, with its own `params`. */
export function historyRequest<Own extends z.ZodType>(own: Own) {
  return z.strictObject({ ...historyParams, params: own }).refine(startsBeforeEnd, END_AFTER_START);
}

/** What the job's runner has to load for such a request. */
export function historyNeedOf({ symbols, start, end, missing_data: policy }: HistoryRequest): HistoryNeed {
  return {
    symbols,
    start,
    end,
    missingData: {
      join: policy.join,
      maxForwardFill: policy.max_forward_fill,
      minSessions: policy.min_sessions,
    },
  };
}
