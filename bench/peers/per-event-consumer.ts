import Redis from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';

/**
 * The consumer one would write first: for each event one insert, one query for the last five, one insert of their average, one SET.
 * Consumes `count` events of `topic` and returns seconds per event, from the first to the last.
 */
export async function consumePerEvent(
  addresses: { kafkaBrokers: readonly string[]; databaseUrl: string; redisUrl: string },
  topic: string,
  count: number,
): Promise<number> {
  const pool = new pg.Pool({ connectionString: addresses.databaseUrl, max: 1 });
  const redis = new Redis(addresses.redisUrl);
  const kafka = new Kafka({ brokers: [...addresses.kafkaBrokers], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `per-event-${process.pid}-${Date.now()}` });
  await pool.query(
    'CREATE TABLE IF NOT EXISTS peer_points (id serial PRIMARY KEY, symbol text, price numeric, at timestamptz)',
  );
  await pool.query('CREATE INDEX IF NOT EXISTS peer_points_symbol ON peer_points (symbol, at)');
  await pool.query('CREATE TABLE IF NOT EXISTS peer_averages (id serial PRIMARY KEY, symbol text, average numeric)');
  let handled = 0;
  let startMs = 0;
  const seconds = await new Promise<number>((resolve, reject) => {
    const handle = async (text: string) => {
      startMs ||= performance.now();
      const { symbol, price, timestamp } = JSON.parse(text);
      await pool.query('INSERT INTO peer_points (symbol, price, at) VALUES ($1, $2, $3)', [symbol, price, timestamp]);
      const last = await pool.query('SELECT price FROM peer_points WHERE symbol = $1 ORDER BY at DESC LIMIT 5', [
        symbol,
      ]);
      const average =
        last.rows.reduce((sum: number, row: { price: string }) => sum + Number(row.price), 0) / last.rows.length;
      await pool.query('INSERT INTO peer_averages (symbol, average) VALUES ($1, $2)', [symbol, average]);
      await redis.set(`peer_latest_${symbol}`, text);
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
  await pool.query('DROP TABLE peer_points, peer_averages');
  await pool.end();
  redis.disconnect();
  return seconds / count;
}
