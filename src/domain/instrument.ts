import type { AssetClass } from './bar';

/** One tradable thing under the pipeline's own symbol (`BRK.B`). */
export interface Instrument {
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly vendorSymbols: readonly VendorSymbol[];
  readonly metadata: InstrumentMetadata | null;
}

/** How one source spells an instrument, and while it did: `BRK-B` at yfinance, `BRK.B.US` at eodhd. */
export interface VendorSymbol {
  readonly vendor: string;
  readonly spelling: string;
  /** First and last day (`YYYY-MM-DD`, inclusive) of this spelling; null where it has no such end. */
  readonly validFrom: string | null;
  readonly validTo: string | null;
}

/** What an instrument is; null where no source said. */
export interface InstrumentMetadata {
  readonly symbol: string;
  readonly name: string | null;
  readonly sector: string | null;
  readonly industry: string | null;
  readonly currency: string | null;
  readonly exchange: string | null;
  /** In `currency`. */
  readonly marketCap: number | null;
  readonly source: string | null;
  readonly lastUpdated: Date;
}

/** Metadata older than this is fetched again: one day. */
export const METADATA_MAX_AGE_MS = 24 * 60 * 60 * 1000;
