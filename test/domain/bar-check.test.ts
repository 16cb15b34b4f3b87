import fc from 'fast-check';
import { checkBars, openBarCheck } from '../../src/domain/bar-check';
import { openSessionSet } from '../../src/domain/session-set';
import { aBar } from '../support/bars';

const none = () => Promise.resolve([]);

test.each([
  ['HIGH_BELOW_LOW', { high: 89 }, 'high: expected at least the low 90, got 89'],
  ['OUTSIDE_RANGE', { open: 111 }, 'open: expected from the low 90 to the high 110, got 111'],
  ['OUTSIDE_RANGE', { open: 89 }, 'open: expected from the low 90 to the high 110, got 89'],
  ['OUTSIDE_RANGE', { close: 110.01 }, 'close: expected from the low 90 to the high 110, got 110.01'],
  ['OUTSIDE_RANGE', { close: 89.99 }, 'close: expected from the low 90 to the high 110, got 89.99'],
  ['PRICE_NOT_POSITIVE', { low: 0 }, 'low: expected a price above zero, got 0'],
  ['PRICE_NOT_POSITIVE', { close: -1 }, 'close: expected a price above zero, got -1'],
  ['NOT_A_NUMBER', { open: Number.NaN }, 'open: expected a number, got NaN'],
  ['NOT_A_NUMBER', { high: Number.POSITIVE_INFINITY }, 'high: expected a number, got Infinity'],
  ['NOT_A_NUMBER', { volume: Number.NaN }, 'volume: expected a number, got NaN'],
  ['NEGATIVE_VOLUME', { volume: -1 }, 'volume: expected at least 0, got -1'],
  ['OUTSIDE_SESSION', { date: '2026-01-03' }, 'date: expected a session of NYSE and Nasdaq, got 2026-01-03'],
  ['OUTSIDE_SESSION', { date: '2026-12-25' }, 'date: expected a session of NYSE and Nasdaq, got 2026-12-25'],
])('a bar is quarantined: %s %j', async (reason, changes, detail) => {
  const bar = aBar(changes);

  const { good, quarantined } = await checkBars([bar, aBar({ date: '2026-01-06' })]);

  const { open, high, low, close, volume, ...place } = bar;
  const text = (value: number | null) => (Number.isFinite(value) ? value : String(value));
  const fields = { open: text(open), high: text(high), low: text(low), close: text(close), volume: text(volume) };
  expect(good).toEqual([aBar({ date: '2026-01-06' })]);
  expect(quarantined).toEqual([{ ...place, reason, detail, fields }]);
});

test.each([
  ['a volume nobody tells', { volume: null }],
  ['no trade at all', { volume: 0 }],
  ['one price all day', { open: 90, high: 90, low: 90, close: 90 }],
  ['a share class', { symbol: 'BRK.B' }],
  ['a holiday of New York elsewhere', { symbol: 'VOD.L', date: '2026-12-25' }],
  ['a weekend of crypto', { symbol: 'BTC-USD', date: '2026-01-03' }],
  ['a future below zero', { symbol: 'CL=F', open: -1, high: 2, low: -40, close: -37.63 }],
  ['a Saturday session before the calendar begins', { date: '1950-01-07' }],
  ['a minute on a day without a session', { date: '2026-01-03', interval: '1m' as const }],
])('a bar is good: %s', async (_, changes) => {
  const { good, quarantined } = await checkBars([aBar(changes)]);

  expect(good).toEqual([aBar(changes)]);
  expect(quarantined).toEqual([]);
});

test('a session told twice: equal it is ignored, different it is quarantined with both', async () => {
  const { good, quarantined } = await checkBars([aBar(), aBar(), aBar({ close: 104 }), aBar({ symbol: 'MSFT' })]);

  expect(good).toEqual([aBar(), aBar({ symbol: 'MSFT' })]);
  expect(quarantined).toMatchObject([
    {
      reason: 'DUPLICATE_SESSION',
      detail: '2026-01-05T14:30:00.000Z: expected each session once, got 100 110 90 104 1000 after 100 110 90 105 1000',
    },
  ]);
});

test('a session is told twice also when its bars start at different hours', async () => {
  const { good, quarantined } = await checkBars([aBar(), aBar({ startAt: new Date('2026-01-05T00:00:00.000Z') })]);

  expect(good).toHaveLength(1);
  expect(quarantined).toMatchObject([{ reason: 'OUTSIDE_SESSION' }]);
});

test('a session of an earlier batch is looked up, and only that', async () => {
  const check = openBarCheck();
  const asked: unknown[] = [];
  const findEarlier = async (repeated: unknown) => {
    asked.push(repeated);
    return [aBar()];
  };

  await check.check([aBar()], findEarlier);
  const equal = await check.check([aBar(), aBar({ date: '2026-01-06' })], findEarlier);
  const different = await check.check([aBar({ volume: 1 })], findEarlier);

  expect(equal).toEqual({ good: [aBar({ date: '2026-01-06' })], quarantined: [] });
  expect(different).toMatchObject({ good: [], quarantined: [{ reason: 'DUPLICATE_SESSION' }] });
  expect(asked).toEqual([[aBar()], [aBar({ volume: 1 })]]);
});

test('a bar that is quarantined does not take the place of a good one', async () => {
  const { good, quarantined } = await checkBars([aBar({ high: 1 }), aBar()]);

  expect(good).toEqual([aBar()]);
  expect(quarantined).toHaveLength(1);
});

test('what was good is remembered by series, with its first and last session', async () => {
  const check = openBarCheck();

  await check.check([aBar({ date: '2026-01-07' }), aBar(), aBar({ symbol: 'MSFT' })], none);

  expect(check.seen().map(({ symbol, firstAt, lastAt }) => [symbol, firstAt, lastAt])).toEqual([
    ['AAPL', aBar().startAt, aBar({ date: '2026-01-07' }).startAt],
    ['MSFT', aBar().startAt, aBar().startAt],
  ]);
});

test('a set of sessions has what was added and nothing else', () => {
  const instants = fc.array(fc.integer({ min: -4e12, max: 4e12 }), { maxLength: 60 });

  fc.assert(
    fc.property(instants, instants, fc.constantFrom('1m' as const, '1d' as const), (added, asked, interval) => {
      const lengthMs = interval === '1d' ? 86_400_000 : 60_000;
      const set = openSessionSet(interval);
      for (const ms of added) set.add(new Date(ms));

      const slots = new Set(added.map((ms) => Math.floor(ms / lengthMs)));
      for (const ms of [...asked, ...added]) expect(set.has(new Date(ms))).toBe(slots.has(Math.floor(ms / lengthMs)));
    }),
  );
});
