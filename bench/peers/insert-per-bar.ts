import pg from 'pg';

interface PlainBar {
  readonly symbol: string;
  readonly date: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** The loader one would write first: one INSERT with ON CONFLICT for each bar, into one table without partitions, revisions or checks. Bars per second. */
export async function insertPerBar(databaseUrl: string, bars: readonly PlainBar[]): Promise<number> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  await database.query(`CREATE TEMPORARY TABLE peer_bars (symbol text, date date, open numeric, high numeric, low numeric, close numeric, volume numeric,
    PRIMARY KEY (symbol, date))`);
  const text = `INSERT INTO peer_bars VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (symbol, date) DO UPDATE SET open = excluded.open,
    high = excluded.high, low = excluded.low, close = excluded.close, volume = excluded.volume`;
  const startMs = performance.now();
  for (const { symbol, date, open, high, low, close, volume } of bars) {
    await database.query({ name: 'peer', text, values: [symbol, date, open, high, low, close, volume] });
  }
  const seconds = (performance.now() - startMs) / 1000;
  await database.end();
  return bars.length / seconds;
}
