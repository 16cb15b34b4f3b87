import { type AssetClass, assetClassOf } from '../../domain/bar';
import type { Instrument, InstrumentMetadata, VendorSymbol } from '../../domain/instrument';
import type { Instruments } from '../history-store';

/** The table `instruments` with what the adapters beside it ask of it. */
export interface MemoryInstruments extends Instruments {
  /** Of a stored instrument the class it was created with, else the one its symbol tells. */
  assetClassOf(symbol: string): AssetClass;
  create(symbol: string, assetClass?: AssetClass): void;
}

/** What comes with quotes. */
export type MarketCaps = Map<string, { marketCap: number; fetchedAt: Date; currency?: string | null }>;

interface StoredInstrument {
  readonly assetClass: AssetClass;
  vendorSymbols: VendorSymbol[];
}

/** `instruments`, `vendor_symbols` and `ticker_metadata` in memory; market caps are shared with the outbox, which learns them too. */
export function openMemoryInstruments(marketCaps: MarketCaps): MemoryInstruments {
  const stored = new Map<string, StoredInstrument>();
  const described = new Map<string, InstrumentMetadata>();
  const create = (symbol: string, assetClass = assetClassOf(symbol)) => {
    if (!stored.has(symbol)) stored.set(symbol, { assetClass, vendorSymbols: [] });
  };
  const metadataOf = (symbol: string) => {
    const metadata = described.get(symbol);
    return metadata && { ...metadata, marketCap: marketCaps.get(symbol)?.marketCap ?? null };
  };
  const instrumentOf = (symbol: string): Instrument | undefined => {
    const instrument = stored.get(symbol);
    if (!instrument) return undefined;
    const vendorSymbols = [...instrument.vendorSymbols].sort(byVendor);
    return { symbol, assetClass: instrument.assetClass, vendorSymbols, metadata: metadataOf(symbol) ?? null };
  };
  const spelledAs = (spelling: string) =>
    [...stored]
      .flatMap(([symbol, { vendorSymbols }]) => vendorSymbols.map((one) => ({ symbol, ...one })))
      .filter((one) => one.spelling.toUpperCase() === spelling.toUpperCase())
      .sort((a, b) => compareText(b.validTo ?? '9999', a.validTo ?? '9999') || compareText(a.symbol, b.symbol))[0];

  return {
    create,
    assetClassOf: (symbol) => stored.get(symbol)?.assetClass ?? assetClassOf(symbol),
    find: async (text) => instrumentOf(stored.has(text) ? text : (spelledAs(text)?.symbol ?? text)),
    async search({ text = '', after = '', limit }) {
      const holds = (words: readonly (string | null)[]) =>
        words.some((word) => word?.toUpperCase().includes(text.toUpperCase()));
      return [...stored]
        .filter(([symbol]) => symbol > after)
        .filter(([symbol, { vendorSymbols }]) =>
          holds([symbol, described.get(symbol)?.name ?? null, ...vendorSymbols.map(({ spelling }) => spelling)]),
        )
        .sort(([a], [b]) => compareText(a, b))
        .slice(0, limit)
        .flatMap(([symbol]) => instrumentOf(symbol) ?? []);
    },
    async ensure(symbols) {
      for (const { symbol, assetClass } of symbols) create(symbol, assetClass);
    },
    async saveVendorSymbol(symbol, given) {
      create(symbol);
      const instrument = stored.get(symbol);
      if (!instrument) return;
      const others = instrument.vendorSymbols.filter(
        ({ vendor, spelling }) => vendor !== given.vendor || spelling !== given.spelling,
      );
      instrument.vendorSymbols = [...others, { ...given }];
    },
    findMetadata: async (symbol) => metadataOf(symbol),
    async saveMetadata(given) {
      create(given.symbol);
      const { symbol, marketCap, lastUpdated } = given;
      const known = described.get(symbol);
      if (known && known.lastUpdated > lastUpdated) return;
      const quoted = marketCaps.get(symbol);
      if (marketCap !== null && (!quoted || quoted.fetchedAt <= lastUpdated)) {
        marketCaps.set(symbol, { ...quoted, marketCap, fetchedAt: lastUpdated });
      }
      described.set(symbol, {
        symbol,
        name: given.name ?? known?.name ?? null,
        sector: given.sector ?? known?.sector ?? null,
        industry: given.industry ?? known?.industry ?? null,
        currency: given.currency ?? known?.currency ?? quoted?.currency ?? null,
        exchange: given.exchange ?? known?.exchange ?? null,
        marketCap,
        source: given.source ?? known?.source ?? null,
        lastUpdated,
      });
    },
  };
}

function byVendor(a: VendorSymbol, b: VendorSymbol): number {
  return (
    compareText(a.vendor, b.vendor) ||
    compareText(a.validFrom ?? '', b.validFrom ?? '') ||
    compareText(a.spelling, b.spelling)
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
