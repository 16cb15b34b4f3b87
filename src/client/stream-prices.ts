import type { RequestOf, TickwireClient } from './client';
import type { components } from './schema';
import { linesOf } from './server-sent-events';

export type PricePoint = components['schemas']['PricePoint'];
export type HistoryQuery = NonNullable<RequestOf<'get', '/prices/history'>['params']['query']>;

export interface StreamOptions {
  /** Ends the stream. */
  readonly signal?: AbortSignal;
}

/** Every stored price that `query` asks for, oldest first, as one stream however long: nothing is held but the line being read. @throws as `get`. */
export async function* streamPrices(
  client: TickwireClient,
  query: HistoryQuery,
  { signal }: StreamOptions = {},
): AsyncGenerator<PricePoint, void> {
  const { body } = await client.open('/prices/history', {
    params: { query },
    headers: { accept: 'application/x-ndjson' },
    ...(signal && { signal }),
  });
  if (body === null) return;
  for await (const line of linesOf(body)) yield JSON.parse(line);
}
