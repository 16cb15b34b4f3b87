import { randomUUID } from 'node:crypto';
import { METADATA_MAX_AGE_MS } from '../domain/instrument';
import type { Clock } from '../platform/clock';
import { toTickwireError } from '../platform/errors';
import type { Log } from '../platform/log';
import type { Providers } from '../providers/provider';
import type { Store } from '../store/store';

export interface MetadataDependencies {
  readonly store: Pick<Store, 'instruments' | 'rawResponses'>;
  readonly providers: Pick<Providers, 'having' | 'history'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Which instrument, and whom to ask. */
export interface MetadataRequest {
  readonly symbol: string;
  readonly provider: string;
  readonly requestId: string | null;
}

/**
 * Fetches name, sector, industry, currency and exchange of a symbol when `ticker_metadata` knows none or they are older than a day; the vendor's answer is
 * kept in `raw_market_data`. Resolves to true when they were renewed; never rejects: a price does not wait for its description.
 */
export async function refreshMetadata(
  dependencies: MetadataDependencies,
  request: MetadataRequest,
  signal: AbortSignal,
): Promise<boolean> {
  const { symbol, provider, requestId } = request;
  try {
    return await refresh(dependencies, request, signal);
  } catch (error) {
    const { code, message } = toTickwireError(error);
    const level = code === 'SYMBOL_UNKNOWN' ? 'debug' : 'warn';
    dependencies.log[level]({ symbol, provider, requestId, code, error: message }, 'metadata not refreshed');
    return false;
  }
}

async function refresh(
  { store, providers, clock }: MetadataDependencies,
  { symbol, provider, requestId }: MetadataRequest,
  signal: AbortSignal,
): Promise<boolean> {
  if (!providers.having('history').includes(provider)) return false;
  const source = providers.history(provider);
  const known = await store.instruments.findMetadata(symbol);
  const isFresh = known?.source != null && clock().getTime() - known.lastUpdated.getTime() <= METADATA_MAX_AGE_MS;
  if (isFresh || !source.fetchMetadata) return false;
  const { raw, metadata } = await source.fetchMetadata(symbol, signal);
  const lastUpdated = clock();
  await store.rawResponses.archive({
    id: randomUUID(),
    provider,
    symbols: [symbol],
    body: raw,
    fetchedAt: lastUpdated,
    requestId,
  });
  await store.instruments.saveMetadata({ ...metadata, symbol, lastUpdated });
  return true;
}
