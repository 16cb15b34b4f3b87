import { PrismaPg } from '@prisma/adapter-pg';
import Redis from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { PrismaClient } from '../../src/store/postgres/generated/client';

/** One event as the peers store it. */
interface PeerEvent {
  readonly event_id: string;
  readonly symbol: string;
  readonly price: number;
  readonly timestamp: string;
  readonly sequence: number;
  readonly fetched_at: string;
}

/** What a consumer does for each event: one insert, one query for the last five prices, one insert of their average. */
export interface PeerStore {
  insertPrice(event: PeerEvent): Promise<unknown>;
  lastPrices(symbol: string): Promise<readonly number[]>;
  insertAverage(event: PeerEvent, average: number): Promise<unknown>;
  /** Removes what it stored. */
  close(): Promise<void>;
}

/** Plain `pg`, on tables of its own with one index. */
export async function openBarePostgres(databaseUrl: string): Promise<PeerStore> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  await pool.query(
    'CREATE TABLE IF NOT EXISTS peer_points (id serial PRIMARY KEY, symbol text, price numeric, at timestamptz)',
  );
  await pool.query('CREATE INDEX IF NOT EXISTS peer_points_symbol ON peer_points (symbol, at)');
  await pool.query('CREATE TABLE IF NOT EXISTS peer_averages (id serial PRIMARY KEY, symbol text, average numeric)');
  return {
    insertPrice: ({ symbol, price, timestamp }) =>
      pool.query('INSERT INTO peer_points (symbol, price, at) VALUES ($1, $2, $3)', [symbol, price, timestamp]),
    lastPrices: async (symbol) => {
      const last = await pool.query('SELECT price FROM peer_points WHERE symbol = $1 ORDER BY at DESC LIMIT 5', [
        symbol,
      ]);
      return last.rows.map(({ price }) => Number(price));
    },
    insertAverage: ({ symbol }, average) =>
      pool.query('INSERT INTO peer_averages (symbol, average) VALUES ($1, $2)', [symbol, average]),
    close: async () => {
      await pool.query('DROP TABLE peer_points, peer_averages');
      await pool.end();
    },
  };
}

/** Series of the ORM's rows lie far above those of the product's. */
const FIRST_SERIES = 1_000_000;

/** The project's own ORM on the product's tables: what one writes with Prisma at hand. */
export function openPrisma(databaseUrl: string): PeerStore {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl }) });
  const ids = new Map<string, number>();
  const seriesIdOf = (symbol: string) => {
    const id = ids.get(symbol) ?? FIRST_SERIES + ids.size;
    ids.set(symbol, id);
    return id;
  };
  const keyOf = ({ symbol, timestamp, sequence, event_id: eventId }: PeerEvent) => ({
    seriesId: seriesIdOf(symbol),
    observedAt: timestamp,
    sequence,
    eventId,
  });
  return {
    insertPrice: (event) =>
      prisma.pricePoint.create({ data: { ...keyOf(event), price: event.price, fetchedAt: event.fetched_at } }),
    lastPrices: async (symbol) => {
      const where = { seriesId: seriesIdOf(symbol) };
      const last = await prisma.pricePoint.findMany({ where, orderBy: { observedAt: 'desc' }, take: 5 });
      return last.map(({ price }) => Number(price));
    },
    insertAverage: (event, average) =>
      prisma.symbolAverage.create({ data: { ...keyOf(event), windowSize: 5, average } }),
    close: async () => {
      const where = { seriesId: { gte: FIRST_SERIES } };
      await prisma.pricePoint.deleteMany({ where });
      await prisma.symbolAverage.deleteMany({ where });
      await prisma.$disconnect();
    },
  };
}

/**
 * The consumer one would write first: for each event what {@link PeerStore} does, and one SET. Consumes `count` events of `topic` and returns events
 * per second, from the first to the last.
 */
export async function consumePerEvent(
  addresses: { kafkaBrokers: readonly string[]; redisUrl: string },
  store: PeerStore,
  { topic, count }: { topic: string; count: number },
): Promise<number> {
  const redis = new Redis(addresses.redisUrl);
  const kafka = new Kafka({ brokers: [...addresses.kafkaBrokers], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `per-event-${process.pid}-${Date.now()}` });
  let handled = 0;
  let startMs = 0;
  const seconds = await new Promise<number>((resolve, reject) => {
    const handle = async (text: string) => {
      startMs ||= performance.now();
      const event: PeerEvent = JSON.parse(text);
      await store.insertPrice(event);
      const last = await store.lastPrices(event.symbol);
      await store.insertAverage(event, last.reduce((sum, price) => sum + price, 0) / last.length);
      await redis.set(`peer_latest_${event.symbol}`, text);
      handled += 1;
      if (handled === count) resolve((performance.now() - startMs) / 1000);
    };
    consumer
      .connect()
      .then(() => consumer.subscribe({ topic, fromBeginning: true }))
      .then(() =>
        consumer.run({
          eachMessage: ({ message }) => (handled < count ? handle(String(message.value)) : Promise.resolve()),
        }),
      )
      .catch(reject);
  });
  await consumer.disconnect();
  await store.close();
  redis.disconnect();
  return count / seconds;
}
