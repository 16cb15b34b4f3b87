import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import type { Bus } from '../../src/bus/bus';
import { openKafkaBus } from '../../src/bus/kafka';
import { priceEvents, TOPIC_NAMES } from '../../src/bus/topics';
import { type PriceEvent, priceEventSchema, toPriceEvent } from '../../src/domain/price-event';
import { pause } from '../../src/platform/clock';
import { silentLog } from '../../src/platform/log';
import { faultsOf } from '../proof/verify-tape';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type Fleet, type Kind, openFleet } from '../support/fleet';
import { beginLoad } from '../support/fleet-load';
import { makeKafkaBrokers, type TestBrokers } from '../support/kafka-brokers';
import { describeWithKafka, testServices } from '../support/services';

jest.setTimeout(300_000);

const GROUPS = ['price-history', 'moving-average', 'latest-price'];
const KINDS: readonly Kind[] = ['consumer', 'consumer', 'consumer', 'poller', 'poller', 'poller', 'api', 'api'];
const WINDOW = 5;
const SEED = Number(process.env.SCALE_OUT_SEED ?? Date.now() % 1_000_000);
/** What a supervisor waits before it starts a process again. */
const SUPERVISOR_PAUSE_MS = 500;

/** A generator of numbers from 0 to 1 that a seed repeats (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describeWithKafka(`three brokers, three consumer processes, three pollers and two APIs (seed ${SEED})`, () => {
  const { redisUrl } = testServices();
  const random = randomOf(SEED);
  let kafka: TestBrokers;
  let database: TestDatabase;
  let fleet: Fleet;
  let bus: Bus;

  beforeAll(async () => {
    kafka = await makeKafkaBrokers(3);
    for (const broker of kafka.brokers) broker.start();
    database = await createTestDatabase();
    await kafka.ready();
    bus = openKafkaBus({ brokers: kafka.addresses, ssl: false, clientId: 'scale-out', log: silentLog });
    await bus.createTopics(TOPIC_NAMES.map((name) => ({ name, partitions: 6 })));
    const environment = {
      DATABASE_URL: database.databaseUrl,
      REDIS_URL: redisUrl,
      KAFKA_BOOTSTRAP_SERVERS: kafka.addresses.join(','),
      MOVING_AVERAGE_WINDOW: String(WINDOW),
      USE_FIXTURE: 'true',
      NEWS_INTERVAL: '0',
    };
    fleet = openFleet(environment, GROUPS);
    await Promise.all(KINDS.map((kind) => fleet.add(kind)));
  });
  afterAll(async () => {
    await fleet?.remove();
    await bus?.stop();
    await kafka?.remove();
    await database?.drop();
  });

  const postJob = (symbol: string) =>
    eventually(async () => {
      const answer = await fetch(`${fleet.members('api')[0]!.url}/prices/poll`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': symbol },
        body: JSON.stringify({ symbols: [symbol], interval: 1, provider: 'fixture' }),
      });
      if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
    });
  const anyOf = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, place: random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item);

  const killAndBringBack = async (kind: Kind | 'broker') => {
    if (kind === 'broker') {
      const broker = anyOf(kafka.brokers);
      await broker.stop('SIGKILL');
      await pause(SUPERVISOR_PAUSE_MS);
      broker.start();
      return;
    }
    await fleet.killAndRestart(anyOf(fleet.members(kind)), SUPERVISOR_PAUSE_MS);
  };

  /** Resolves when everything that was published or polled has arrived, and nothing is under way any more. */
  const settle = async () => {
    await database.query("UPDATE polling_jobs SET status = 'paused'");
    const isEmpty = async (sql: string) => (await database.query(sql)).length === 0;
    await eventually(() => isEmpty("SELECT 1 FROM polling_runs WHERE outcome = 'running'"), 90_000, 200);
    await eventually(() => isEmpty('SELECT 1 FROM raw_market_data WHERE published_at IS NULL'), 60_000, 200);
    const lag = async () => (await bus.lag(GROUPS, [priceEvents.name])).reduce((sum, part) => sum + part.lag, 0);
    await eventually(async () => (await lag()) === 0, 120_000, 200);
  };

  /** Runs `disturb` under load, and returns what is wrong afterwards, in sentences. Runs may end with these outcomes. */
  const faultsAfter = async (outcomes: readonly string[], disturb: () => Promise<void>) => {
    const suffix = randomUUID().slice(0, 8).toUpperCase();
    await Promise.all([0, 1, 2].map((place) => postJob(`P${place}.${suffix}`)));
    const load = beginLoad({ bus, fleet, suffix });
    const began = performance.now();
    await disturb().finally(() => load.stop());
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    await settle();
    const polled = await polledEvents(database, suffix);
    const { first, failedOver, busy, refused } = load.requests;
    console.log(
      `${seconds} s, ${load.published.length} events, ${polled.length} polled, ${first} requests answered, ${failedOver + busy} by another API`,
    );
    const addresses = { DATABASE_URL: database.databaseUrl, REDIS_URL: redisUrl };
    const faults = [
      ...(await faultsOf(addresses, load.published, WINDOW)),
      ...(await faultsOf(addresses, polled, WINDOW)),
      ...(await scheduleFaults(database, suffix, outcomes)),
      ...refused.map((reason) => `a request was refused: ${reason}`),
    ];
    return { faults, failedOver };
  };

  test('each group has a member in each of the consumer processes', async () => {
    expect(await membersOf(kafka.addresses, GROUPS)).toEqual([3, 3, 3]);
  });

  test('killing a broker and one process of each kind under load loses nothing, doubles nothing and counts every tick', async () => {
    const { faults } = await faultsAfter(['succeeded', 'abandoned'], async () => {
      for (const kind of shuffled<Kind | 'broker'>(['broker', 'consumer', 'poller', 'api'])) {
        await pause(500 + random() * 1_500);
        await killAndBringBack(kind);
      }
      await kafka.ready();
    });

    expect(faults).toEqual([]);
  });

  test('a rolling restart of every process under load is noticed by nobody', async () => {
    const codes: (number | null)[] = [];

    const { faults, failedOver } = await faultsAfter(['succeeded'], async () => {
      const members = [...fleet.members('consumer'), ...fleet.members('poller'), ...fleet.members('api')];
      for (const member of shuffled(members)) codes.push(await fleet.replace(member));
    });

    expect(faults).toEqual([]);
    expect(failedOver).toBe(0);
    expect(codes).toEqual(KINDS.map(() => 0));
  });
});

/** Events of the polls of one load, as the outbox holds them. */
async function polledEvents(database: TestDatabase, suffix: string): Promise<PriceEvent[]> {
  const rows = await database.query<{ events: unknown[] }>(
    "SELECT events FROM raw_market_data WHERE provider = 'fixture' AND array_to_string(symbols, ',') LIKE '%.' || $1 || '%'",
    [suffix],
  );
  const events = rows.flatMap((row) => row.events.map((event) => toPriceEvent(priceEventSchema.parse(event))));
  return [...new Map(events.map((event) => [event.eventId, event])).values()];
}

/** One sentence for each job with a tick that is there twice, off its grid, unserved, or missing without being counted. */
async function scheduleFaults(database: TestDatabase, suffix: string, outcomes: readonly string[]): Promise<string[]> {
  const rows = await database.query<Record<string, number>>(
    `WITH ticks AS (
       SELECT *, lag(scheduled_for) OVER (PARTITION BY job_id ORDER BY scheduled_for) AS before FROM polling_runs
     )
     SELECT count(*)::int AS runs, count(DISTINCT scheduled_for)::int AS ticks, max(missed_ticks)::int AS counted,
       coalesce(sum(extract(epoch FROM scheduled_for - before) / interval_seconds - 1), 0)::int AS absent,
       count(*) FILTER (WHERE extract(epoch FROM scheduled_for - anchor_at) % interval_seconds <> 0)::int AS astray,
       count(*) FILTER (WHERE outcome <> ALL ($2) OR attempts > 1 AND 'abandoned' <> ALL ($2))::int AS unserved
     FROM ticks JOIN polling_jobs j ON j.id = job_id WHERE symbols[1] LIKE '%.' || $1 GROUP BY j.id`,
    [suffix, outcomes],
  );
  console.log(`polling: ${rows.map(({ runs, counted }) => `${runs} runs, ${counted} missed and counted`).join('; ')}`);
  if (rows.length !== 3) return [`expected runs of 3 polling jobs, found those of ${rows.length}`];
  const isFaulty = ({ runs, ticks, counted, absent, astray, unserved }: Record<string, number>) =>
    runs !== ticks || counted !== absent || astray !== 0 || unserved !== 0;
  return rows.filter(isFaulty).map((row) => `ticks of a job: ${JSON.stringify(row)}`);
}

async function membersOf(brokers: string[], groups: string[]): Promise<number[]> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const described = await admin.describeGroups(groups);
  await admin.disconnect();
  return described.groups.map(({ members }) => members.length);
}
