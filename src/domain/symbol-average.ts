import { z } from 'zod';
import { formatInstant, instantSchema } from './instant';
import { isSymbol } from './symbol';

/** The simple moving average over `window` prices of one (symbol, provider), up to and including the event it names. */
export interface SymbolAverage {
  readonly symbol: string;
  readonly provider: string;
  /** How many prices are averaged, 1 to 500. */
  readonly window: number;
  /** Arithmetic mean, 15 significant digits. */
  readonly average: number;
  /** Market time of the newest price in the window. */
  readonly observedAt: Date;
  readonly sequence: number;
  /** The newest price event in the window. */
  readonly eventId: string;
}

/** An average on the wire (`symbol-averages`). */
export const symbolAverageSchema = z.object({
  symbol: z.string().refine(isSymbol, 'not a symbol'),
  provider: z.string().min(1),
  window: z.int().min(1).max(500),
  average: z.number(),
  count: z.int().positive(),
  timestamp: instantSchema,
  event_id: z.string().min(1),
});

export type SymbolAverageWire = z.infer<typeof symbolAverageSchema>;

/** Ids of this shape need no escapes in JSON; symbols and providers never do. */
const PLAIN = /^[\w:.=^/-]+$/;

/**
 * The wire form as JSON, written by hand because one is published for every price. A row exists only for a full window, so `count` equals `window`.
 */
export function averageJson({ symbol, provider, window, average, observedAt, eventId }: SymbolAverage): string {
  const id = PLAIN.test(eventId) ? `"${eventId}"` : JSON.stringify(eventId);
  return `{"symbol":"${symbol}","provider":"${provider}","window":${window},"average":${average},"count":${window},"timestamp":"${formatInstant(observedAt)}","event_id":${id}}`;
}
