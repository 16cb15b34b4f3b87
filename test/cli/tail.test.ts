import type { Bus } from '../../src/bus/bus';
import { openMemoryBus } from '../../src/bus/memory';
import { priceEvents } from '../../src/bus/topics';
import { eventually } from '../support/eventually';
import { aPriceEvent } from '../support/price-events';
import { runCommand } from './run-command';
import { sharedBus } from './shared-bus';

const priced = (price: number) => priceEvents.message(aPriceEvent({ price }));

function start(bus: Bus, ...argv: string[]) {
  const user = new AbortController();
  let stdout = '';
  let joined = 0;
  const subscribe: Bus['subscribe'] = async (subscription) => {
    const running = await bus.subscribe(subscription);
    joined += 1;
    return running;
  };
  const ended = runCommand(['tail', ...argv], {
    openBus: () => sharedBus(bus, { subscribe }),
    signal: user.signal,
    onStdout: (text) => {
      stdout = text;
    },
  });
  return {
    ended,
    joined: () => eventually(() => joined === 1),
    shows: (lines: number) => eventually(() => expect(stdout.trimEnd().split('\n')).toHaveLength(lines)),
    pressCtrlC: () => {
      user.abort();
      return ended;
    },
  };
}

const pricesIn = (stdout: string) => [...stdout.matchAll(/"price":(\d+)/g)].map(([, price]) => Number(price));

test('from the end, only what is published from now on is shown', async () => {
  const bus = openMemoryBus();
  await bus.publish([priced(1)]);
  const tail = start(bus, 'price-events');
  await tail.joined();

  await bus.publish([priced(2), priced(3)]);
  await tail.shows(2);
  const { exitCode, stdout } = await tail.pressCtrlC();

  expect(exitCode).toBe(130);
  expect(pricesIn(stdout)).toEqual([2, 3]);
  expect(stdout).toMatch(/^\d{4}-\S+Z {2}\d:1 {2}AAPL {2}\{"event_id"/m);
});

test('from the beginning, what is there comes first and each record once, also one published in between', async () => {
  const bus = openMemoryBus();
  await bus.publish([priced(1), priced(2)]);
  let between = false;
  const read: Bus['read'] = async function* (topic) {
    if (!between) await bus.publish([priced(3)]);
    between = true;
    yield* bus.read(topic);
  };
  const tail = start(Object.assign(Object.create(bus), { ...bus, read }), 'price-events', '--from', 'beginning');

  await tail.shows(3);
  await bus.publish([priced(4)]);
  await tail.shows(4);

  expect(pricesIn((await tail.pressCtrlC()).stdout)).toEqual([1, 2, 3, 4]);
});

test('--count ends it', async () => {
  const bus = openMemoryBus();
  await bus.publish([priced(1), priced(2), priced(3)]);

  const { exitCode, stdout } = await start(bus, 'price-events', '--from', 'beginning', '--count', '2').ended;

  expect(exitCode).toBe(0);
  expect(pricesIn(stdout)).toEqual([1, 2]);
});

test('a record that does not decode is shown as it is, with the reason', async () => {
  const bus = openMemoryBus();
  await bus.publish([{ topic: 'price-events', key: 'AAPL', value: 'no\u001b[2Jjson' }]);

  const text = await start(bus, 'price-events', '--from', 'beginning', '--count', '1').ended;
  const json = await start(bus, 'price-events', '--from', 'beginning', '--count', '1', '--json').ended;

  expect(text.stdout).toMatch(/no\\x1b\[2Jjson {2}!! does not decode: value: expected JSON/);
  expect(JSON.parse(json.stdout)).toMatchObject({
    key: { text: 'AAPL' },
    value: { text: 'no\u001b[2Jjson' },
    error: expect.stringContaining('expected JSON'),
  });
});

test('with --json a record that decodes is JSON itself', async () => {
  const bus = openMemoryBus();
  await bus.publish([priced(7)]);

  const { stdout } = await start(bus, 'price-events', '--from', 'beginning', '--count', '1', '--json').ended;

  expect(JSON.parse(stdout)).toMatchObject({ topic: 'price-events', at: expect.any(String), value: { price: 7 } });
});

test('bytes of any topic lose nothing', async () => {
  const bus = openMemoryBus();
  await bus.createTopics([{ name: 'mine', partitions: 1 }]);
  await bus.publish([{ topic: 'mine', key: null, value: Buffer.from([0xff, 0x00]), headers: { why: 'because' } }]);

  const { stdout } = await start(bus, 'mine', '--from', 'beginning', '--count', '1', '--json').ended;

  expect(JSON.parse(stdout)).toMatchObject({
    at: '0:0',
    key: null,
    headers: { why: { text: 'because' } },
    value: { base64: '/wA=' },
  });
});

test('an unknown topic is an error that names it', async () => {
  const { exitCode, stderr } = await start(openMemoryBus(), 'nothing').ended;

  expect(exitCode).toBe(1);
  expect(stderr).toContain('there is no topic nothing');
});
