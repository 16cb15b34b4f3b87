/** How many records of each kind one batch deleted. */
export interface DeletedRecords {
  /** Published answers of `raw_market_data`. What was made of them keeps `raw_response_id`, which then names nothing. */
  readonly rawResponses: number;
  /** Finished runs of polling jobs, but never one of the newest 20 of a job. */
  readonly pollRuns: number;
  /** Entries of the audit log. */
  readonly auditEntries: number;
}

/** What is too old to keep. At most one caller at a time does it, over all processes: the others are told that there was nothing. */
export interface Retention {
  /**
   * Drops the months of prices and averages that ended by `before`, table by table. Of what is older than the first month that stays, each series keeps its
   * newest 500 prices, as many as the longest average needs, with the averages that can be computed from them: so a symbol that went quiet keeps its latest
   * price, and the first averages of the first month can still be rebuilt. Windows of the running average are not touched. Returns the partitions that became
   * smaller or went, by name.
   * @throws STORE_CONFLICT when a reader keeps a table for longer than five seconds; those before it are done.
   */
  dropPrices(before: Date): Promise<readonly string[]>;
  /** Deletes one batch of records older than `before`, at most `limit` of each kind, none of which anybody waits for: unpublished answers and running polls stay. */
  deleteRecords(before: Date, limit: number): Promise<DeletedRecords>;
}
