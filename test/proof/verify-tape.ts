import Redis from 'ioredis';
import pg from 'pg';
import { compareEventKeys, type PriceEvent } from '../../src/domain/price-event';

/**
 * Everything that is wrong in PostgreSQL and Redis about events that went through the pipeline, one sentence each; empty when every event is stored exactly
 * once as it was, every average equals a brute-force recomputation with none missing and none extra, and the cache holds the newest of each symbol.
 */
export async function faultsOf(
  { DATABASE_URL, REDIS_URL }: { DATABASE_URL: string; REDIS_URL: string },
  events: readonly PriceEvent[],
  window: number,
): Promise<string[]> {
  const database = new pg.Client({ connectionString: DATABASE_URL });
  const redis = new Redis(REDIS_URL);
  await database.connect();
  try {
    const bySymbol = new Map<string, PriceEvent[]>();
    for (const event of events) {
      const own = bySymbol.get(event.symbol);
      if (own) own.push(event);
      else bySymbol.set(event.symbol, [event]);
    }
    const faults: string[] = [];
    for (const [symbol, own] of bySymbol) {
      own.sort(compareEventKeys);
      faults.push(...(await pointFaults(database, symbol, own)), ...(await cacheFaults(redis, symbol, own)));
    }
    const providers = [...new Set(events.map((event) => event.provider))];
    return [...faults, ...(await averageFaults(database, providers, [...bySymbol.keys()], window))];
  } finally {
    await database.end();
    redis.disconnect();
  }
}

async function pointFaults(database: pg.Client, symbol: string, expected: readonly PriceEvent[]): Promise<string[]> {
  const { rows } = await database.query(
    `SELECT event_id, price::float8 AS price, volume::float8 AS volume, (extract(epoch FROM observed_at) * 1000)::float8 AS ms, sequence::float8 AS sequence
     FROM price_points_view WHERE symbol = $1 AND provider = $2 ORDER BY observed_at, sequence, event_id`,
    [symbol, expected[0]?.provider],
  );
  if (rows.length !== expected.length) return [`${symbol}: expected ${expected.length} points, found ${rows.length}`];
  const wrong = expected.findIndex((event, index) => {
    const row = rows[index];
    return (
      row.event_id !== event.eventId ||
      row.price !== event.price ||
      row.volume !== event.volume ||
      row.ms !== event.observedAt.getTime() ||
      row.sequence !== event.sequence
    );
  });
  return wrong < 0
    ? []
    : [`${symbol}: point ${wrong} is ${JSON.stringify(rows[wrong])}, expected ${expected[wrong]?.eventId}`];
}

/** Compares `symbol_averages` with SQL's own window average over `numeric`, row by row, both ways. */
async function averageFaults(
  database: pg.Client,
  providers: readonly string[],
  symbols: readonly string[],
  window: number,
): Promise<string[]> {
  const { rows } = await database.query(
    `WITH truth AS (
       SELECT symbol, provider, event_id, average FROM (
         SELECT symbol, provider, event_id,
                avg(price) OVER last_prices AS average, count(*) OVER last_prices AS prices
         FROM price_points_view WHERE provider = ANY($2) AND symbol = ANY($3)
         WINDOW last_prices AS (PARTITION BY symbol, provider ORDER BY observed_at, sequence, event_id
                                ROWS BETWEEN ${window - 1} PRECEDING AND CURRENT ROW)
       ) every_row WHERE prices = $1
     ), stored AS (
       SELECT symbol, provider, event_id, average FROM symbol_averages_view
       WHERE window_size = $1 AND provider = ANY($2) AND symbol = ANY($3)
     )
     SELECT count(*) FILTER (WHERE stored.event_id IS NULL)::int AS missing,
            count(*) FILTER (WHERE truth.event_id IS NULL)::int AS extra,
            count(*) FILTER (WHERE round(truth.average, 10) <> round(stored.average, 10))::int AS wrong,
            count(*)::int AS compared
     FROM truth FULL JOIN stored USING (symbol, provider, event_id)`,
    [window, providers, symbols],
  );
  const { missing, extra, wrong, compared } = rows[0];
  if (compared === 0) return ['there is no average to compare'];
  return missing + extra + wrong === 0
    ? []
    : [`averages: ${missing} missing, ${extra} extra, ${wrong} wrong of ${compared}`];
}

async function cacheFaults(redis: Redis, symbol: string, sorted: readonly PriceEvent[]): Promise<string[]> {
  const newest = sorted.at(-1);
  if (!newest) return [];
  const held = await redis.get(`latest_price_${symbol}_${newest.provider}`);
  const snapshot = await redis.hget('prices', symbol);
  const heldId = held === null ? 'nothing' : JSON.parse(held).event_id;
  const snapshotPrice = snapshot === null ? 'nothing' : JSON.parse(snapshot).price;
  return [
    ...(heldId === newest.eventId ? [] : [`Redis: latest price of ${symbol} is ${heldId}, expected ${newest.eventId}`]),
    ...(snapshotPrice === newest.price
      ? []
      : [`Redis: prices has ${snapshotPrice} for ${symbol}, expected ${newest.price}`]),
  ];
}
