import { TickwireError } from '../platform/errors';
import type { HistorySource } from '../providers/provider';
import type { Store } from '../store/store';

/** How one vendor spells one instrument. */
export interface LoadedSymbol {
  readonly symbol: string;
  readonly spelling: string;
  readonly name: string | null;
}

export interface SymbolsRequest {
  /** Canonical name of the provider. */
  readonly provider: string;
  /** What the vendor searches for, or `exchange:US` for a whole exchange. */
  readonly text: string;
}

/**
 * Asks a vendor how it spells what matches, and keeps each spelling in `vendor_symbols`, so that the instrument is found by it and the vendor is asked by it.
 * Safe to repeat. @throws INVALID_INPUT for a provider that lists no symbols; PROVIDER_*; STORE_UNAVAILABLE, what was kept before stays.
 */
export async function loadSymbols(
  { source, store }: { source: HistorySource; store: Pick<Store, 'instruments'> },
  { provider, text }: SymbolsRequest,
  signal: AbortSignal,
): Promise<readonly LoadedSymbol[]> {
  if (!source.fetchSymbols) {
    throw new TickwireError('INVALID_INPUT', `provider: expected one that lists symbols, got ${provider}`);
  }
  const found = await source.fetchSymbols(text, signal);
  for (const { symbol, vendorSymbol } of found) {
    signal.throwIfAborted();
    await store.instruments.saveVendorSymbol(symbol, vendorSymbol);
  }
  return found.map(({ symbol, vendorSymbol, name }) => ({ symbol, spelling: vendorSymbol.spelling, name }));
}
