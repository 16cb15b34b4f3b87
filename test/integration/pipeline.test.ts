import { existsSync } from 'node:fs';
import { getPriority } from 'node:os';
import { openKafkaBus } from '../../src/bus/kafka';
import { priceEvents, TOPIC_NAMES } from '../../src/bus/topics';
import { type PriceEvent, priceEventId } from '../../src/domain/price-event';
import { findFreePort } from '../../src/local/port';
import { silentLog } from '../../src/platform/log';
import { readTape, toTapeEvent } from '../../src/providers/tape';
import { faultsOf } from '../proof/verify-tape';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { madeTapeEvent } from '../support/made-tape';
import { type ProductProcess, startProcess } from '../support/product-process';
import { describeWithKafka, testServices } from '../support/services';

jest.setTimeout(240_000);

const TAPE = '../shared/data/trades-2013-10-07.csv.gz';
const WINDOW = 5;
/** Events of the smaller form of the proof. */
const EVENTS = 30_000;
const GROUPS = ['price-history', 'moving-average', 'latest-price'];

/** The first of the real tape, or made trades of the same kind where that is absent: one symbol is most of it, many share an instant. */
async function tapeEvents(suffix: string): Promise<PriceEvent[]> {
  const events: PriceEvent[] = [];
  if (!existsSync(TAPE)) return madeEvents(suffix);
  for await (const trade of readTape(TAPE, { onBadLine: () => undefined })) {
    const event = { ...toTapeEvent(trade, new Date()), symbol: `${trade.symbol}.${suffix}` };
    events.push({ ...event, eventId: priceEventId(event) });
    if (events.length === EVENTS) break;
  }
  return events;
}

function madeEvents(suffix: string): PriceEvent[] {
  console.warn('the real tape is absent: made trades are used in its place');
  return Array.from({ length: EVENTS }, (_, index) => madeTapeEvent(index, suffix));
}

describeWithKafka('the pipeline on real services', () => {
  const { redisUrl, kafkaBrokers } = testServices();
  const bus = openKafkaBus({ brokers: kafkaBrokers, ssl: false, clientId: 'pipeline-test', log: silentLog });
  const running: ProductProcess[] = [];
  let database: TestDatabase;
  let environment: Record<string, string>;

  const start = async (script: string, args: readonly string[] = [], changes: Record<string, string> = {}) => {
    const process = await startProcess(script, { ...environment, ...changes }, args);
    running.push(process);
    return process;
  };
  const publish = async (events: readonly PriceEvent[]) => {
    for (let from = 0; from < events.length; from += 2_000) {
      await bus.publish(events.slice(from, from + 2_000).map((event) => priceEvents.message(event)));
    }
  };
  const lag = async () => (await bus.lag(GROUPS, [priceEvents.name])).reduce((sum, part) => sum + part.lag, 0);
  const points = async () =>
    Number((await database.query<{ count: string }>('SELECT count(*) FROM price_points'))[0]?.count);
  const addresses = () => ({ DATABASE_URL: database.databaseUrl, REDIS_URL: redisUrl });

  beforeAll(async () => {
    await bus.start();
    await bus.createTopics(TOPIC_NAMES.map((name) => ({ name, partitions: 6 })));
  });
  beforeEach(async () => {
    database = await createTestDatabase();
    environment = {
      DATABASE_URL: database.databaseUrl,
      REDIS_URL: redisUrl,
      KAFKA_BOOTSTRAP_SERVERS: kafkaBrokers.join(','),
      MOVING_AVERAGE_WINDOW: String(WINDOW),
      USE_FIXTURE: 'true',
    };
  });
  afterEach(async () => {
    for (const process of running.splice(0)) await process.end('SIGTERM');
    await database.drop();
  });
  afterAll(() => bus.stop());

  test('consumers give way to what answers, the average before the others', async () => {
    const average = await start('consumer', ['moving-average']);
    const latest = await start('consumer', ['latest-price']);

    const [own, ofAverage, ofLatest] = [process.pid, average.child.pid, latest.child.pid].map((pid) =>
      getPriority(pid),
    );

    expect(ofAverage).toBeGreaterThan(own!);
    expect(ofLatest).toBeGreaterThan(ofAverage!);
  });

  test('a tape is stored once, averaged right and cached, through SIGKILL of the consumers, a second replay and a reset of every group', async () => {
    const events = await tapeEvents('KILL');
    const first = await start('consumer');
    await publish(events.slice(0, EVENTS / 2));
    await eventually(async () => (await points()) > 1_000, 60_000);

    await first.end('SIGKILL');
    const second = await start('consumer');
    await publish(events.slice(EVENTS / 2));
    await eventually(async () => (await points()) > EVENTS / 2, 60_000);
    await second.end('SIGKILL');
    const third = await start('consumer');
    await eventually(async () => (await lag()) === 0, 120_000);
    expect(await faultsOf(addresses(), events, WINDOW)).toEqual([]);

    await publish(events.slice(0, 5_000));
    await eventually(async () => (await lag()) === 0, 60_000);
    expect(await third.end('SIGTERM')).toBe(0);
    for (const group of GROUPS) await bus.resetToBeginning(group, priceEvents.name);
    await start('consumer');
    await eventually(async () => (await lag()) === 0, 120_000);
    expect(await faultsOf(addresses(), events, WINDOW)).toEqual([]);
  });

  test('consumers started one by one, each alone, share nothing but the topic', async () => {
    const events = (await tapeEvents('ALONE')).slice(0, 2_000);
    const alone = await Promise.all(GROUPS.map((group) => start('consumer', [group])));

    await publish(events);
    await eventually(async () => (await lag()) === 0, 60_000);

    expect(await faultsOf(addresses(), events, WINDOW)).toEqual([]);
    expect(await Promise.all(alone.map((process) => process.end('SIGTERM')))).toEqual([0, 0, 0]);
  });

  test('an unknown consumer is refused with the names of those there are', async () => {
    await expect(start('consumer', ['moving-avarage'])).rejects.toThrow(
      /expected one of price-history, moving-average, latest-price/,
    );
  });

  test('poison goes to dead-letters once, with its bytes, and the events around it are handled', async () => {
    const [good, better] = (await tapeEvents('POISON')).slice(0, 2);
    const symbol = good!.symbol;
    const mark = `poison-${process.pid}-${Date.now()}`;
    const poison: [string, Buffer | null, string | null][] = [
      ['malformed JSON', Buffer.from(`{"mark":"${mark}"`), symbol],
      ['null', null, symbol],
      ['wrong schema', Buffer.from(JSON.stringify({ mark })), symbol],
      ['invalid UTF-8', Buffer.concat([Buffer.from(mark), Buffer.from([0xff, 0xfe])]), symbol],
      ['900 kB', Buffer.from(mark.padEnd(900_000, 'x')), symbol],
      ['keyless', Buffer.from(String(priceEvents.message(good!).value)), null],
    ];
    await start('consumer');

    await bus.publish([priceEvents.message(good!)]);
    for (const [, value, key] of poison) {
      await bus.publish([{ topic: priceEvents.name, key, value, headers: { 'x-test': mark } }]);
    }
    await bus.publish([priceEvents.message(better!)]);
    await eventually(async () => (await lag()) === 0, 60_000);

    const letters = [];
    for await (const letter of bus.read('dead-letters'))
      if (String(letter.headers['x-test']) === mark) letters.push(letter);
    expect(letters.map(({ value }) => value?.length ?? null).sort()).toEqual(
      poison.map(([, value]) => value?.length ?? null).sort(),
    );
    for (const [name, value] of poison) {
      expect([
        name,
        letters.some((letter) => (value === null ? letter.value === null : letter.value?.equals(value))),
      ]).toEqual([name, true]);
    }
    expect(new Set(letters.map(({ headers }) => String(headers['x-consumer-group'])))).toEqual(
      new Set(['price-history']),
    );
    const stored = await database.query('SELECT 1 FROM price_points_view WHERE symbol = $1', [symbol]);
    expect(stored).toHaveLength(good!.symbol === better!.symbol ? 2 : 1);
  });

  test('api and poller: a job posted over HTTP is polled, and killing the poller misses nothing but its own moment', async () => {
    const port = String(await findFreePort());
    await start('api', [], { PORT: port });
    const poller = await start('run-polling-jobs');
    await start('consumer');
    const url = `http://127.0.0.1:${port}`;

    const accepted = await fetch(`${url}/prices/poll`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ symbols: ['E2E'], interval: 1 }),
    });
    const { job_id } = (await accepted.json()) as { job_id: string };
    await eventually(async () => (await points()) >= 3, 30_000);
    await poller.end('SIGKILL');
    const before = await points();
    await start('run-polling-jobs');
    await eventually(async () => (await points()) >= before + 2, 90_000);

    const latest = (await (await fetch(`${url}/prices/latest?symbol=E2E`)).json()) as Record<string, unknown>;
    const doubled = await database.query(
      'SELECT scheduled_for FROM polling_runs GROUP BY job_id, scheduled_for HAVING count(*) > 1',
    );
    const job = (await (await fetch(`${url}/prices/poll/${job_id}`)).json()) as { runs: unknown[] };
    expect(latest).toMatchObject({ symbol: 'E2E', provider: 'fixture', source: 'cache', stale: false });
    expect(doubled).toEqual([]);
    expect(job.runs.length).toBeGreaterThan(2);
  });
});
