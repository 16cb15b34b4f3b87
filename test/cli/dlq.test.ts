import type { Bus } from '../../src/bus/bus';
import { bodilessDeadLetterOf, deadLetterOf } from '../../src/bus/dead-letter';
import { openMemoryBus } from '../../src/bus/memory';
import { recordsOf } from '../support/records';
import { runCommand } from './run-command';
import { sharedBus } from './shared-bus';

const BINARY = Buffer.from([0xff, 0x00, 0x1b, 0x5b, 0x32, 0x4a, 0xc3, 0x28]);
const FAILURE = {
  group: 'price-history',
  error: { code: 'EVENT_INVALID', message: 'value: expected UTF-8,\ngot other bytes' },
  attempts: 1,
  firstFailedAt: new Date('2026-01-05T15:00:00.000Z'),
} as const;

let bus: Bus;

beforeEach(() => {
  bus = openMemoryBus({ partitions: 1 });
});

const dlq = (...argv: string[]) => runCommand(['dlq', ...argv], { openBus: () => sharedBus(bus) });

function aRecord(
  offset: string,
  changes: { key?: Buffer | null; value?: Buffer | null; headers?: Record<string, Buffer> } = {},
) {
  const place = { topic: 'price-events', partition: 0, offset, timestampMs: 1767625200000 };
  return { ...place, key: Buffer.from('AAPL'), value: BINARY, headers: {}, ...changes };
}

async function setAside(...records: ReturnType<typeof aRecord>[]): Promise<void> {
  await bus.publish(records.map((record) => deadLetterOf(record, FAILURE)));
}

const valuesOf = async (topic: string) => (await recordsOf(bus, topic)).map(({ value }) => value);

describe('dlq list', () => {
  it('says so when there is none', async () => {
    expect(await dlq('list')).toEqual({ exitCode: 0, stdout: 'no dead letters\n', stderr: '' });
  });

  it('shows where each came from, when, and why, on one line', async () => {
    await setAside(aRecord('17'), aRecord('18', { value: null }));

    const { exitCode, stdout } = await dlq('list');

    const [, first, second] = stdout.split('\n');
    expect(exitCode).toBe(0);
    expect(first).toMatch(
      /^0:0 +2026-01-05T15:00:00Z +price-events:0:17 +price-history +EVENT_INVALID +8 +value: expected UTF-8,\\x0agot other bytes$/,
    );
    expect(second).toMatch(/^0:1 .* null +value:/);
  });

  it('keeps to the newest and says how many there are', async () => {
    await setAside(...Array.from({ length: 50 }, (_, index) => aRecord(String(index))));

    const text = await dlq('list', '--limit', '3');
    const json = await dlq('list', '--limit', '3', '--json');

    expect(text.stdout).toMatch(/\n0:47 .*\n0:48 .*\n0:49 .*\n\nthe newest 3 of 50\n$/);
    expect(JSON.parse(json.stdout)).toMatchObject({
      total: 50,
      dead_letters: [{ at: '0:47', origin: 'price-events:0:47', bytes: 8 }, { at: '0:48' }, { at: '0:49' }],
    });
  });
});

describe('dlq show', () => {
  it('shows headers, key and value with every byte that could drive a terminal escaped', async () => {
    await setAside(aRecord('17', { headers: { 'x-own': Buffer.from('\u001b[31m') } }));

    const { exitCode, stdout } = await dlq('show', '0:0');

    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('x-own: \\x1b[31m\n');
    expect(stdout).toContain('x-error-code: EVENT_INVALID\n');
    expect(stdout).toContain('key: AAPL\nvalue: \\xff\\x00\\x1b[2J\\xc3(\n');
  });

  it('gives bytes that are no text as base64 in JSON, and loses none', async () => {
    await setAside(aRecord('17', { key: null }));

    const document = JSON.parse((await dlq('show', '0:0', '--json')).stdout);

    expect(document.key).toBeNull();
    expect(Buffer.from(document.value.base64, 'base64')).toEqual(BINARY);
    expect(document.headers['x-original-offset']).toEqual({ text: '17' });
  });

  it('fails for a place where there is none', async () => {
    const { exitCode, stderr } = await dlq('show', '0:99');

    expect(exitCode).toBe(1);
    expect(stderr).toBe('error: there is no dead letter 0:99; see `tickwire dlq list`\n');
  });
});

describe('dlq replay', () => {
  it('publishes the original key, bytes and headers to the topic it came from', async () => {
    const headers = { 'x-request-id': Buffer.from('r-1'), 'x-own': BINARY };
    await setAside(aRecord('17', { headers }), aRecord('18', { key: null, value: null }));

    const { exitCode, stdout } = await dlq('replay', '--all');

    expect(exitCode).toBe(0);
    expect(stdout).toBe('2 records published again\n');
    expect(await recordsOf(bus, 'price-events')).toMatchObject([
      { key: Buffer.from('AAPL'), value: BINARY, headers },
      { key: null, value: null, headers: {} },
    ]);
    expect(Object.keys((await recordsOf(bus, 'price-events'))[0]?.headers ?? {})).toEqual(Object.keys(headers));
  });

  it('publishes only the chosen ones, each once however often it is named', async () => {
    await setAside(aRecord('17'), aRecord('18', { value: Buffer.from('chosen') }), aRecord('19'));

    const { stdout } = await dlq('replay', '0:1', '0:1', '--json');

    expect(JSON.parse(stdout)).toEqual({ replayed: 1, repeated: 0, impossible: [], missing: [] });
    expect(await valuesOf('price-events')).toEqual([Buffer.from('chosen')]);
  });

  it('publishes a record that was set aside twice only once', async () => {
    await setAside(aRecord('17'), aRecord('17'));

    const { stdout } = await dlq('replay', '--all', '--json');

    expect(JSON.parse(stdout)).toMatchObject({ replayed: 1, repeated: 1 });
    expect(await valuesOf('price-events')).toHaveLength(1);
  });

  it('does not follow records that come back to dead-letters while it runs', async () => {
    await setAside(aRecord('17'));
    const returning = sharedBus(bus, {
      publish: async (messages) => {
        await bus.publish(messages);
        await setAside(aRecord('20'));
      },
    });

    const { stdout } = await runCommand(['dlq', 'replay', '--all', '--json'], { openBus: () => returning });

    expect(JSON.parse(stdout)).toMatchObject({ replayed: 1 });
    expect(await valuesOf('price-events')).toHaveLength(1);
  });

  it('leaves out what cannot be published as it was, and names it', async () => {
    await bus.publish([
      { topic: 'dead-letters', key: null, value: 'stray' },
      bodilessDeadLetterOf(aRecord('17'), FAILURE),
    ]);

    const { exitCode, stdout } = await dlq('replay', '--all');

    expect(exitCode).toBe(0);
    expect(stdout).toBe('0 records published again\nleft out, without its topic or its bytes: 0:0, 0:1\n');
    expect(await valuesOf('price-events')).toEqual([]);
  });

  it('publishes what is there and fails for what is not', async () => {
    await setAside(aRecord('17'));

    const { exitCode, stdout, stderr } = await dlq('replay', '0:0', '0:7');

    expect(exitCode).toBe(1);
    expect(stdout).toBe('1 record published again\n');
    expect(stderr).toBe('error: there is no dead letter 0:7; see `tickwire dlq list`\n');
  });
});
