/** What a company did to its shares. */
export type CorporateActionKind = 'dividend' | 'split' | 'merger';

/** One action of one instrument, as one source tells it. */
export interface CorporateAction {
  readonly symbol: string;
  readonly kind: CorporateActionKind;
  /** First session that trades without it, `YYYY-MM-DD` in the exchange's own calendar. */
  readonly exDate: string;
  /** Cash per share in `currency`; null unless a dividend. */
  readonly amount: number | null;
  readonly currency: string | null;
  /** New shares for each old one: 4 for a 4:1 split, 0.1 for a 1:10 reverse split; of the successor for a merger. Null for a dividend. */
  readonly ratio: number | null;
  /** Instrument that takes over; null unless a merger. */
  readonly successor: string | null;
  readonly source: string;
}
