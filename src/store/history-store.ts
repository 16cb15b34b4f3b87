import type { AssetClass, Bar, BarInterval, QuarantinedBar, RawBar } from '../domain/bar';
import type { CorporateAction } from '../domain/corporate-action';
import type { Instrument, InstrumentMetadata, VendorSymbol } from '../domain/instrument';
import type { PriceEvent } from '../domain/price-event';

/** What became of the bars of one batch. */
export interface BarCounts {
  /** New sessions. */
  readonly written: number;
  /** Already stored with the same values. */
  readonly unchanged: number;
  /** Stored with other values: one revision more. */
  readonly corrected: number;
  /** Kept apart, whether now or by an earlier batch. */
  readonly quarantined: number;
}

export interface BarQuery {
  readonly symbol: string;
  readonly interval: BarInterval;
  readonly source: string;
  /** Inclusive. */
  readonly start?: Date | undefined;
  /** Exclusive. */
  readonly end?: Date | undefined;
  /** Only bars that start after this instant. */
  readonly after?: Date | undefined;
  readonly limit: number;
}

/** What one source has of one instrument and interval. */
export interface BarCoverage {
  readonly source: string;
  readonly interval: BarInterval;
  readonly bars: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** Tables `eq_ohlcv`, `fx_ohlcv` and `crypto_ohlcv` (by asset class), partitioned by time, and `ohlcv_quarantine`. */
export interface Bars {
  /**
   * One transaction: new bars become revision 1, restated ones the next revision, equal ones change nothing; quarantined ones are stored once each.
   * Missing partitions are made. A batch holds a bar at most once. The bars of one series have one writer at a time.
   * @throws STORE_REFUSED for a bar before 1800 or after 2199; nothing is stored then.
   */
  save(bars: readonly RawBar[], quarantined: readonly QuarantinedBar[]): Promise<BarCounts>;
  /** The newest revision of each bar, oldest bar first. */
  list(query: BarQuery): Promise<readonly Bar[]>;
  /** Every revision of one bar, oldest first. */
  listRevisions(bar: Pick<Bar, 'symbol' | 'interval' | 'source' | 'startAt'>): Promise<readonly Bar[]>;
  /** Newest session first. */
  listQuarantined(query: {
    symbol: string;
    source?: string | undefined;
    limit: number;
  }): Promise<readonly QuarantinedBar[]>;
  /** Sources that have bars of this length, by name; cheap, as no bar is looked at. Empty for an unknown symbol. */
  sources(symbol: string, interval: BarInterval): Promise<readonly string[]>;
  /** By interval and source; empty for an unknown symbol. */
  coverage(symbol: string): Promise<readonly BarCoverage[]>;
}

/** Bars made of price events; source `ticks:<provider>`. */
export interface TickBars {
  /**
   * One transaction: stores the events in `price_points` where they are missing, then computes every bar of every interval that one of them
   * falls into from `price_points`: so neither order, nor lateness, nor redelivery matters. Volume is the sum of the events' volumes where
   * `volumeIsTraded` (a tape), else null (vendors tell the day's volume). Returns the newest revision of each bar touched, changed or not, by symbol, source,
   * interval and start. Intervals of every length divide the UTC day, and a day is the UTC day.
   *
   * A bar whose interval is not over is replaced in place; once its series has a bar of one minute that starts at or after its end it is over, and a late
   * event makes a revision of it.
   */
  rebuild(events: readonly PriceEvent[], volumeIsTraded: (provider: string) => boolean): Promise<readonly Bar[]>;
}

/** Table `corporate_actions`: one row for each (symbol, kind, exDate, source). */
export interface CorporateActions {
  /** One transaction. A restated action replaces its row. */
  save(actions: readonly CorporateAction[]): Promise<Omit<BarCounts, 'quarantined'>>;
  /** By ex-date. Start and end are days, inclusive. */
  list(query: {
    symbol: string;
    source?: string | undefined;
    start?: string | undefined;
    end?: string | undefined;
  }): Promise<readonly CorporateAction[]>;
}

/** Tables `instruments`, `vendor_symbols` and `ticker_metadata`. */
export interface Instruments {
  /** By the pipeline's symbol, or by any vendor's spelling of it that was ever valid; the symbol itself goes first. */
  find(symbolOrSpelling: string): Promise<Instrument | undefined>;
  /** Instruments whose symbol, spelling or name starts with or holds `text` (any case), by symbol, after `after`. */
  search(query: {
    text?: string | undefined;
    after?: string | undefined;
    limit: number;
  }): Promise<readonly Instrument[]>;
  /** Creates those that are missing. */
  ensure(symbols: readonly { symbol: string; assetClass: AssetClass }[]): Promise<void>;
  /** Creates the instrument where it is missing. A spelling that is stored for the same days changes nothing; one with other days replaces it. */
  saveVendorSymbol(symbol: string, vendorSymbol: VendorSymbol): Promise<void>;
  /** Undefined until a source described the instrument: a market cap alone, which comes with quotes, is no description. */
  findMetadata(symbol: string): Promise<InstrumentMetadata | undefined>;
  /** Creates the instrument where it is missing. A field that is null keeps what is stored; an older description than the stored one changes nothing. */
  saveMetadata(metadata: InstrumentMetadata): Promise<void>;
}

/** How far one `tickwire ingest` came: table `history_ingests`. */
export interface IngestProgress {
  readonly source: string;
  readonly symbol: string;
  readonly interval: BarInterval;
  /** The range asked for. */
  readonly start: Date;
  readonly end: Date;
  /** Where the next page starts; equals `end` when the range is complete. */
  readonly next: Date;
}

export interface IngestProgresses {
  find(key: Omit<IngestProgress, 'next'>): Promise<IngestProgress | undefined>;
  save(progress: IngestProgress): Promise<void>;
}

/** One partition of one table. */
export interface Partition {
  readonly table: string;
  readonly name: string;
  /** Inclusive and exclusive bound. */
  readonly from: Date;
  readonly to: Date;
  /** The planner's estimate. */
  readonly rows: number;
  readonly bytes: number;
}

/** The time partitions of the bar tables. */
export interface Partitions {
  /** By table and time. */
  list(): Promise<readonly Partition[]>;
  /**
   * Makes those that are missing from this year (or the year of `until`, when that is earlier) up to the one that holds `until`; returns the names made. Safe
   * to repeat and to run at once, and waits for no reader or writer. @throws STORE_REFUSED outside of 1800 to 2199.
   */
  ensure(until: Date): Promise<readonly string[]>;
  /**
   * Drops partitions that end at or before `before`, with what is in them; returns the names dropped.
   * @throws STORE_CONFLICT when a reader keeps one for longer than five seconds; those before it are dropped.
   */
  drop(before: Date, table?: string): Promise<readonly string[]>;
}
