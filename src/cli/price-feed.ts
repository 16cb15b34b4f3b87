import { z } from 'zod';
import { ApiError, readServerSentEvents, type ServerSentEvent, type TickwireClient } from '../client';
import { type LivePrice, livePriceSchema, statusFrameSchema } from '../domain/live-frame';
import { pause } from '../platform/clock';
import { messageOf, toTickwireError } from '../platform/errors';

const pricesSchema = z.object({ prices: z.record(z.string(), livePriceSchema) });

/** What happens to a feed. After `lost` it comes back by itself, and says so with `live`. */
export type FeedEvent =
  | { readonly kind: 'snapshot' | 'diff'; readonly prices: Readonly<Record<string, LivePrice>> }
  | { readonly kind: 'live' }
  | { readonly kind: 'stale' | 'lost'; readonly since: Date; readonly reason: string };

export interface FeedOptions {
  /** All when empty. */
  readonly symbols: readonly string[];
  /** Ends the feed. */
  readonly signal: AbortSignal;
  /** The stream says something every 15 s; one that is silent for so long is taken for dead. */
  readonly maxSilenceMs?: number;
}

const MAX_SILENCE_MS = 40_000;
const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 5_000;

/**
 * Prices as they change, from `GET /prices/stream`, until `signal` aborts. A connection that breaks is opened again where it broke off (`Last-Event-ID`).
 * @throws what the first attempt throws, and later what no other attempt can mend.
 */
export async function* followPrices(client: TickwireClient, options: FeedOptions): AsyncGenerator<FeedEvent, void> {
  const { signal } = options;
  let lastId: string | undefined;
  let attempts = 0;
  let since: Date | undefined;
  let everConnected = false;
  while (!signal.aborted) {
    let reason = 'the API closed the stream';
    try {
      for await (const event of eventsOf(client, lastId, options)) {
        if (event.id !== '') lastId = event.id;
        if (since || !everConnected) yield { kind: 'live' };
        [since, everConnected, attempts] = [undefined, true, 0];
        yield* toFeedEvent(event);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!everConnected || isForGood(error)) throw error;
      reason = messageOf(error);
    }
    if (signal.aborted) return;
    if (!since) {
      since = new Date();
      yield { kind: 'lost', since, reason };
    }
    await pause(Math.min(FIRST_WAIT_MS * 2 ** attempts, MAX_WAIT_MS), signal);
    attempts += 1;
  }
}

/** What the API refuses of the request itself, it will refuse again. */
function isForGood(error: unknown): boolean {
  return error instanceof ApiError && error.status < 500 && error.status !== 429;
}

async function* eventsOf(
  client: TickwireClient,
  lastId: string | undefined,
  { symbols, signal, maxSilenceMs = MAX_SILENCE_MS }: FeedOptions,
): AsyncGenerator<ServerSentEvent, void> {
  const over = new AbortController();
  const answer = await client.open('/prices/stream', {
    params: {
      query: { symbols: symbols.length > 0 ? symbols.join(',') : undefined },
      header: { 'last-event-id': lastId },
    },
    headers: { accept: 'text/event-stream' },
    signal: AbortSignal.any([signal, over.signal]),
  });
  try {
    if (answer.body) yield* readServerSentEvents(neverSilent(answer.body, maxSilenceMs, over));
  } finally {
    over.abort();
  }
}

/** The chunks of `body`; a silence of `ms` ends `request`, and with it the reading. */
async function* neverSilent(body: AsyncIterable<Uint8Array>, ms: number, request: AbortController) {
  const giveUp = () => request.abort(new Error(`nothing came for ${ms / 1000} s`));
  let timer = setTimeout(giveUp, ms);
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      yield chunk;
      timer = setTimeout(giveUp, ms);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Events that this version does not know tell it nothing. */
function* toFeedEvent({ event, data }: ServerSentEvent): Generator<FeedEvent, void> {
  if (event === 'snapshot' || event === 'diff') {
    yield { kind: event, prices: pricesSchema.parse(JSON.parse(data)).prices };
  } else if (event === 'status') {
    const { state, since } = statusFrameSchema.parse(JSON.parse(data));
    if (state === 'live') yield { kind: 'live' };
    else yield { kind: 'stale', since: since ? new Date(since) : new Date(), reason: 'the service gets no prices' };
  } else if (event === 'error') {
    throw toTickwireError(new Error(data));
  }
}
