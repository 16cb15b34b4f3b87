import { truncateSync } from 'node:fs';
import type { Bus } from '../../src/bus/bus';
import { openMemoryBus } from '../../src/bus/memory';
import { priceEvents } from '../../src/bus/topics';
import { pause } from '../../src/platform/clock';
import { TickwireError } from '../../src/platform/errors';
import { recordsOf } from '../support/records';
import { type RunOptions, runCommand } from './run-command';
import { sharedBus } from './shared-bus';
import { openTapeFolder, tapeOf } from './tape-files';

const tapes = openTapeFolder();
let bus: Bus;

beforeEach(() => {
  bus = openMemoryBus();
});

afterAll(() => tapes.remove());

const replay = (argv: readonly string[], options: RunOptions = {}) =>
  runCommand(['replay', ...argv], { openBus: () => sharedBus(bus), ...options });

async function eventsBySymbol(): Promise<Record<string, readonly string[]>> {
  const events: Record<string, string[]> = {};
  for (const record of await recordsOf(bus, 'price-events')) {
    const decoded = priceEvents.decode(record, new Date());
    if (!decoded.ok) throw new Error(decoded.detail);
    const ids = events[decoded.event.symbol] ?? [];
    events[decoded.event.symbol] = [...ids, decoded.event.eventId];
  }
  return events;
}

it('sends every trade of a tape once, in the order of the tape for each symbol', async () => {
  const { exitCode, stdout } = await replay([tapes.write('plain.csv', tapeOf(5_000))]);

  const { AAPL = [], MSFT = [], GOOGL = [] } = await eventsBySymbol();
  const lines = AAPL.map((eventId) => Number(eventId.split(':')[3]));
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^5,000 events sent in \d+\.\d s, [\d,]+\/s\n$/);
  expect(AAPL.length + MSFT.length + GOOGL.length).toBe(5_000);
  expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  expect(AAPL[1]).toBe('replay:AAPL:1767625200030:4:100.75');
});

it('reads a gzipped tape the same, and the same file again gives the same events in the same order', async () => {
  await replay([tapes.write('tape.csv', tapeOf(300))]);
  const first = await eventsBySymbol();
  bus = openMemoryBus();
  await replay([tapes.write('tape.csv.gz', tapeOf(300))]);

  expect(await eventsBySymbol()).toEqual(first);
});

it('leaves bad lines out, counts them and names the first as an editor numbers them', async () => {
  const lines = tapeOf(20).split('\n');
  for (const bad of [3, 5, 6, 7, 9, 11]) lines[bad] = `2026-01-05T15:00:00.000Z,AAPL,-${bad},1`;

  const path = tapes.write('bad.csv', lines.join('\n'));
  const text = await replay([path]);
  const json = await replay([path, '--json']);

  expect(text.exitCode).toBe(0);
  expect(text.stdout).toMatch(
    /14 events sent[\s\S]*6 bad lines left out:\n {2}line 4: [\s\S]*line 10: [^\n]*\n {2}and 1 more\n$/,
  );
  expect(JSON.parse(json.stdout)).toMatchObject({ sent: 14, bad_lines: 6, first_bad_lines: expect.any(Array) });
  expect(JSON.parse(json.stdout).first_bad_lines.map(({ line }: { line: number }) => line)).toEqual([4, 6, 7, 8, 10]);
});

it('fails when nothing in the file is a trade', async () => {
  const { exitCode, stderr } = await replay([tapes.write('none.csv', 'timestamp,symbol,price,size\na,b,c,d\n')]);

  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error: nothing was sent: no line of .*none\.csv is a trade\n$/);
});

it('fails when no trade is of the symbols asked for', async () => {
  const { exitCode, stderr } = await replay([tapes.write('other.csv', tapeOf(9)), '--symbols', 'TSLA']);

  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/other\.csv is a trade of TSLA\n$/);
});

it('a file without the columns of a tape is refused in one sentence', async () => {
  const { exitCode, stderr } = await replay([tapes.write('columns.csv', 'when,what\n1,2\n')]);

  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^error: .*columns\.csv.*timestamp.*\n$/);
  expect(stderr).not.toContain('went out');
});

it('a file that is missing or damaged is refused with a sentence before anything is sent', async () => {
  const cut = tapes.write('cut.csv.gz', tapeOf(300));
  truncateSync(cut, 200);

  for (const path of ['missing.csv', cut]) {
    const { exitCode, stdout, stderr } = await replay([path]);

    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: cannot read (missing|.*cut)\.csv.*\n$/);
    expect(await recordsOf(bus, 'price-events')).toEqual([]);
  }
});

it('sends only the symbols asked for, and no more than the limit', async () => {
  const path = tapes.write('some.csv', tapeOf(300));

  const { stdout } = await replay([path, '--symbols', 'msft,GOOGL', '--limit', '7', '--json']);

  const events = await eventsBySymbol();
  expect(JSON.parse(stdout)).toMatchObject({ sent: 7 });
  expect(Object.keys(events).toSorted()).toEqual(['GOOGL', 'MSFT']);
  expect(Object.values(events).flat()).toHaveLength(7);
});

it('keeps the pace of the tape when told to', async () => {
  const startMs = performance.now();

  const { stdout } = await replay([tapes.write('paced.csv', tapeOf(31)), '--speed', '2', '--json']);

  expect(JSON.parse(stdout)).toMatchObject({ sent: 31 });
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(145);
});

it('an interrupt ends it cleanly, also in a long pause, with what was sent so far and 130', async () => {
  const gap = `${tapeOf(3)}2026-03-05T15:00:00.000Z,AAPL,100,1\n`;
  const stop = new AbortController();
  let sent = 0;

  const { exitCode, stdout } = await replay([tapes.write('gap.csv', gap), '--speed', '1', '--json'], {
    signal: stop.signal,
    openBus: () =>
      sharedBus(bus, {
        publish: async (messages) => {
          await bus.publish(messages);
          sent += messages.length;
          if (sent === 3) stop.abort();
        },
      }),
  });

  expect(exitCode).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ sent: 3, interrupted: true });
  expect(Object.values(await eventsBySymbol()).flat()).toHaveLength(3);
});

it('a broker that goes away is told with what was sent before, and the bus is stopped', async () => {
  let publishes = 0;
  let stopped = false;

  const { exitCode, stdout, stderr } = await replay([tapes.write('away.csv', tapeOf(10)), '--patience', '0'], {
    openBus: () =>
      sharedBus(bus, {
        publish: async (messages) => {
          publishes += 1;
          if (publishes === 2) throw new TickwireError('BUS_UNAVAILABLE', 'the broker acknowledged nothing for 30 s');
          await bus.publish(messages);
        },
        stop: async () => {
          stopped = true;
        },
      }),
  });

  expect(exitCode).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(
    /^error: the broker acknowledged nothing for 30 s; 1 event went out before that; .*again.*\n$/,
  );
  expect(stopped).toBe(true);
});

it('waits for a broker that comes back, and then goes on in order', async () => {
  let publishes = 0;

  const { exitCode, stdout } = await replay([tapes.write('back.csv', tapeOf(10)), '--json'], {
    openBus: () =>
      sharedBus(bus, {
        publish: async (messages) => {
          publishes += 1;
          if (publishes === 2 || publishes === 3) throw new TickwireError('BUS_UNAVAILABLE', 'the broker is away');
          await bus.publish(messages);
        },
      }),
  });

  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ sent: 10 });
  for (const own of Object.values(await eventsBySymbol())) {
    const sequences = own.map((eventId) => Number(eventId.split(':')[3]));
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
  }
  expect(Object.values(await eventsBySymbol()).flat()).toHaveLength(10);
});

describe('progress', () => {
  const slow = (): RunOptions => ({
    openBus: () =>
      sharedBus(bus, {
        publish: async (messages) => {
          await pause(150);
          await bus.publish(messages);
        },
      }),
  });

  it('is a bar with rate and remaining time on a terminal, apart from the result', async () => {
    const { stdout, stderr } = await replay([tapes.write('bar.csv', tapeOf(9_000))], { ...slow(), isTerminal: true });

    expect(stderr).toMatch(/\[=*-+\] +\d+% {2}[\d,]+ events {2}[\d,]+\/s {2}\d+ s left/);
    expect(stderr).toMatch(/\[=+\] +100% {2}9,000 events/);
    expect(stdout).toMatch(/^9,000 events sent/);
  });

  it('is silent with --json', async () => {
    const { stdout, stderr } = await replay([tapes.write('json.csv', tapeOf(9_000)), '--json'], {
      ...slow(),
      isTerminal: true,
    });

    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ sent: 9_000, bad_lines: 0, interrupted: false });
  });
});
