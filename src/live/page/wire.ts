/** The newest price of a symbol, as the service writes it. */
export interface WirePrice {
  readonly price: number;
  readonly change: number;
  readonly change_percent: number;
  readonly currency: string | null;
  readonly provider: string;
  readonly timestamp: string;
  readonly fetched_at: string;
}

/** The moving average of a symbol, as the service writes it. */
export interface WireAverage {
  readonly symbol: string;
  readonly provider: string;
  readonly window: number;
  readonly average: number;
  readonly timestamp: string;
}

/** What the socket of prices says. */
export type PriceFrame =
  | { readonly type: 'snapshot'; readonly prices: Readonly<Record<string, WirePrice>>; readonly sequence: number }
  | {
      readonly type: 'diff';
      readonly prices: Readonly<Record<string, WirePrice>>;
      readonly from: number;
      readonly sequence: number;
    }
  | { readonly type: 'resumed'; readonly from: number }
  | { readonly type: 'status'; readonly state: 'live' | 'stale'; readonly since?: string }
  | { readonly type: 'averages'; readonly averages: readonly WireAverage[] };

const REQUIRED: Readonly<Record<PriceFrame['type'], (frame: Readonly<Record<string, unknown>>) => boolean>> = {
  snapshot: ({ prices, sequence }) => isRecord(prices) && typeof sequence === 'number',
  diff: ({ prices, from, sequence }) => isRecord(prices) && typeof from === 'number' && typeof sequence === 'number',
  resumed: ({ from }) => typeof from === 'number',
  status: ({ state }) => state === 'live' || state === 'stale',
  averages: ({ averages }) => Array.isArray(averages),
};

/** A frame of the socket; undefined for the text `pong`, for frames this page does not know, and for what is no JSON. */
export function parseFrame(text: string): PriceFrame | undefined {
  const frame = jsonOf(text);
  if (!isRecord(frame) || typeof frame.type !== 'string' || !Object.hasOwn(REQUIRED, frame.type)) return undefined;
  const type = frame.type as PriceFrame['type'];
  return REQUIRED[type](frame) ? (frame as unknown as PriceFrame) : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
