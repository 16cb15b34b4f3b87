import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import Redis from 'ioredis';
import pg from 'pg';
import { openKafkaBus } from '../src/bus/kafka';
import { priceEvents, TOPIC_NAMES } from '../src/bus/topics';
import { latestPrice } from '../src/consumers/latest-price';
import { movingAverage } from '../src/consumers/moving-average';
import { priceHistory } from '../src/consumers/price-history';
import { pause } from '../src/platform/clock';
import { silentLog } from '../src/platform/log';
import { migrate } from '../src/store/postgres/migrate';
import { type BenchServices, check, type Measured, secondsSince } from './benchmark';
import { chunksOf, makeEvents } from './events';
import { consumePerEvent, openBarePostgres, openPrisma } from './peers/per-event-consumer';

const EVENTS = 1_000_000;
const SYMBOLS = 200;
const WINDOW = 5;
/** The per-event peers are far slower: they get fewer of the same events. */
const PEER_EVENTS = 5_000;

/**
 * Events made durable in `price_points`, `symbol_averages` and Redis per second: the real consumers, each in its process as `npm start` runs them,
 * through the real broker, everything on this machine. The topic is filled beforehand; the clock runs from the first stored row to the last committed offset.
 */
export async function pipeline(services: BenchServices): Promise<Measured> {
  await migrate({ databaseUrl: services.databaseUrl });
  const bus = openKafkaBus({ brokers: services.kafkaBrokers, ssl: false, clientId: 'bench', log: silentLog });
  await bus.start();
  await bus.createTopics(TOPIC_NAMES.map((name) => ({ name, partitions: 6 })));
  for (const chunk of chunksOf(makeEvents(EVENTS, SYMBOLS, 'bench'), 2_000)) {
    await bus.publish(chunk.map((event) => priceEvents.message(event)));
  }

  const database = new pg.Client({ connectionString: services.databaseUrl });
  await database.connect();
  const children = groups().map((name) => startConsumer(name, services));
  const firstAt = await waitForFirstRow(database);
  const residentMb = await waitUntilDone(() => bus.lag(groups(), [priceEvents.name]), children);
  const seconds = secondsSince(firstAt);
  await checkResult(database, services);
  await Promise.all(children.map(stop));
  await database.end();
  await bus.stop();

  const task = { topic: priceEvents.name, count: PEER_EVENTS };
  const orm = await consumePerEvent(services, openPrisma(services.databaseUrl), task);
  const bare = await consumePerEvent(services, await openBarePostgres(services.databaseUrl), task);
  const ours = EVENTS / seconds;
  return {
    what: `events durable in price_points, symbol_averages and Redis (${EVENTS} events, ${SYMBOLS} symbols, 6 partitions, window ${WINDOW})`,
    unit: 'events/s',
    ours,
    peer: orm,
    peerName: 'one insert, one query, one insert, one SET per event, with Prisma on the same tables',
    wanted: 100,
    wantedAbsolute: 40_000,
    notes: [
      `the same per event with bare pg and tables of its own: ${Math.round(bare)} events/s, ratio ${(ours / bare).toFixed(1)}`,
      `largest consumer process: ${Math.round(residentMb)} MB resident at its peak (300 wanted)`,
    ],
  };
}

/** The consumers whose work is measured; `bars` and the others have tables of their own. */
const groups = () => [priceHistory, movingAverage, latestPrice].map(({ name }) => name);

function startConsumer(name: string, { databaseUrl, redisUrl, kafkaBrokers }: BenchServices): ChildProcess {
  return spawn(process.execPath, ['--max-semi-space-size=8', 'dist/scripts/consumer.js', name], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      API_KEYS_REQUIRED: 'false',
      RATE_LIMIT_PER_MINUTE: '0',
      LOG_LEVEL: 'warn',
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      KAFKA_BOOTSTRAP_SERVERS: kafkaBrokers.join(','),
      MOVING_AVERAGE_WINDOW: String(WINDOW),
      USE_FIXTURE: 'true',
    },
  });
}

async function waitForFirstRow(database: pg.Client): Promise<number> {
  for (;;) {
    const { rowCount } = await database.query('SELECT 1 FROM price_points LIMIT 1');
    if (rowCount) return performance.now();
    await pause(20);
  }
}

/** Waits for lag 0 in every group; returns the most memory a consumer process held, in MB. */
async function waitUntilDone(
  lagOf: () => Promise<readonly { lag: number }[]>,
  children: readonly ChildProcess[],
): Promise<number> {
  const deadline = performance.now() + 180_000;
  for (;;) {
    const behind = (await lagOf()).reduce((sum, { lag }) => sum + lag, 0);
    if (behind === 0) return Math.max(...children.map(({ pid }) => residentMbOf(pid ?? 0)));
    check(performance.now() < deadline, `${behind} events still not handled after three minutes`);
    for (const { exitCode } of children) check(exitCode === null, `a consumer process ended with code ${exitCode}`);
    await pause(400);
  }
}

/** Peak resident memory as the kernel counts it; 0 where there is no /proc. */
function residentMbOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

async function checkResult(database: pg.Client, { redisUrl }: BenchServices): Promise<void> {
  const counted = await database.query('SELECT count(*)::int AS points FROM price_points');
  check(counted.rows[0].points === EVENTS, `price_points has ${counted.rows[0].points} rows, not ${EVENTS}`);
  const averages = await database.query('SELECT count(*)::int AS rows FROM symbol_averages');
  const expected = EVENTS - SYMBOLS * (WINDOW - 1);
  check(averages.rows[0].rows === expected, `symbol_averages has ${averages.rows[0].rows} rows, not ${expected}`);
  const redis = new Redis(redisUrl);
  const events = [...makeEvents(EVENTS, SYMBOLS, 'bench')];
  for (const event of events.slice(-SYMBOLS)) {
    const body = JSON.parse((await redis.get(`latest_price_${event.symbol}_bench`)) ?? '{}');
    check(body.event_id === event.eventId, `Redis holds ${body.event_id} for ${event.symbol}, not ${event.eventId}`);
  }
  redis.disconnect();
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
