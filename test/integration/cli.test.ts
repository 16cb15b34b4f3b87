import { randomUUID } from 'node:crypto';
import type { Bus } from '../../src/bus/bus';
import { deadLetterOf } from '../../src/bus/dead-letter';
import { openKafkaBus } from '../../src/bus/kafka';
import { priceEvents, TOPIC_NAMES } from '../../src/bus/topics';
import { CONSUMERS } from '../../src/consumers';
import { silentLog } from '../../src/platform/log';
import { renamedTopics } from '../cli/renamed-topics';
import { runCommand } from '../cli/run-command';
import { openTapeFolder, tapeOf } from '../cli/tape-files';
import { eventually } from '../support/eventually';
import { recordsOf } from '../support/records';
import { describeWithKafka, testServices } from '../support/services';

const BINARY = Buffer.from([0xff, 0x00, 0x1b, 0xc3, 0x28]);
/** Groups that read the topic of the tape. */
const PRICE_GROUPS = CONSUMERS.filter(({ topic }) => topic.name === priceEvents.name).map(({ name }) => name);
const tapes = openTapeFolder();

afterAll(() => tapes.remove());

describeWithKafka('the command line on Kafka', () => {
  let kafka: Bus;
  let bus: Bus;

  beforeAll(async () => {
    kafka = openKafkaBus({ brokers: testServices().kafkaBrokers, ssl: false, clientId: 'test-cli', log: silentLog });
    bus = renamedTopics(kafka, randomUUID());
    await kafka.start();
    await bus.createTopics(TOPIC_NAMES.map((name) => ({ name, partitions: 3 })));
  });

  afterAll(() => kafka.stop());

  const tickwire = (...argv: string[]) => runCommand(argv, { openBus: () => bus });

  async function linesBySymbol(): Promise<Record<string, number[]>> {
    const lines: Record<string, number[]> = {};
    for (const record of await recordsOf(bus, 'price-events')) {
      const decoded = priceEvents.decode(record, new Date());
      if (decoded.ok) lines[decoded.event.symbol] = [...(lines[decoded.event.symbol] ?? []), decoded.event.sequence];
    }
    return lines;
  }

  it('a replayed tape is on the topic once, in order for each symbol, and counted as lag until it is handled', async () => {
    const { exitCode, stdout } = await tickwire('replay', tapes.write('tape.csv.gz', tapeOf(6_000)), '--json');

    const lines = await linesBySymbol();
    const before = JSON.parse((await tickwire('lag', '--json')).stdout);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ sent: 6_000, bad_lines: 0 });
    expect(lines).toEqual({
      AAPL: Array.from({ length: 2_000 }, (_, index) => 3 * index + 1),
      MSFT: Array.from({ length: 2_000 }, (_, index) => 3 * index + 2),
      GOOGL: Array.from({ length: 2_000 }, (_, index) => 3 * index + 3),
    });
    expect(before.total).toBe(6_000 * PRICE_GROUPS.length);
    expect(before.groups[0]).toMatchObject({ group: 'price-history', lag: 6_000 });
  });

  it('groups that have caught up have no lag, cannot be reset while they run, and read everything again afterwards', async () => {
    const running = await Promise.all(
      PRICE_GROUPS.map((group) =>
        bus.subscribe({
          group,
          topic: 'price-events',
          maxBatch: 1_000,
          handle: async () => undefined,
          onFatal: () => undefined,
        }),
      ),
    );

    const caughtUp = await tickwire('lag', '--wait', '30');
    const refused = await tickwire('groups', 'reset', 'moving-average');
    await Promise.all(running.map((each) => each.stop()));
    const reset = await eventually(async () => {
      const ran = await tickwire('groups', 'reset', 'moving-average');
      return ran.exitCode === 0 && ran;
    });
    const after = JSON.parse((await tickwire('lag', '--json')).stdout);

    expect(caughtUp).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^total +0$/m) });
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('running member') });
    expect(reset).toMatchObject({ stdout: 'moving-average starts again at the beginning of price-events\n' });
    const behind = after.groups.filter(({ lag }: { lag: number }) => lag > 0);
    expect(behind).toMatchObject([{ group: 'moving-average', lag: 6_000 }]);
  });

  it('a dead letter is listed, shown and published again as it was', async () => {
    const place = { topic: 'price-events', partition: 0, offset: '17', timestampMs: 1767625200000 };
    const record = { ...place, key: BINARY, value: BINARY, headers: { 'x-own': BINARY } };
    const error = { code: 'EVENT_INVALID', message: 'value: expected UTF-8, got other bytes' } as const;
    await bus.publish([
      deadLetterOf(record, { group: 'price-history', error, attempts: 1, firstFailedAt: new Date() }),
    ]);

    const [letter] = JSON.parse((await tickwire('dlq', 'list', '--json')).stdout).dead_letters;
    const shown = JSON.parse((await tickwire('dlq', 'show', letter.at, '--json')).stdout);
    const replayed = await tickwire('dlq', 'replay', letter.at);

    const again = (await recordsOf(bus, 'price-events')).filter(({ value }) => value?.equals(BINARY));
    expect(letter).toMatchObject({ origin: 'price-events:0:17', code: 'EVENT_INVALID', bytes: BINARY.length });
    expect(Buffer.from(shown.value.base64, 'base64')).toEqual(BINARY);
    expect(replayed).toMatchObject({ exitCode: 0, stdout: '1 record published again\n' });
    expect(again).toMatchObject([{ key: BINARY, value: BINARY, headers: { 'x-own': BINARY } }]);
    expect(Object.keys(again[0]?.headers ?? {})).toEqual(['x-own']);
  });
});
