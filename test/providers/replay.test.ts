import { openReplay } from '../../src/providers/replay';
import { aFolder } from './temporary-folder';

const folder = aFolder();
const at = (second: number) => new Date(Date.parse('2013-10-07T13:30:00.000Z') + second * 1000).toISOString();
const never = new AbortController().signal;

const TAPE = [
  'timestamp,symbol,price,size',
  `${at(0)},SPY,100,10`,
  `${at(0)},SPY,101,10`,
  `${at(5)},IBM,180,20`,
  'garbage',
  `${at(10)},SPY,102,30`,
  `${at(60)},BAC,13,40`,
].join('\n');

/** A replay whose clock the test moves, in seconds after the opening. */
function aReplay(environment: Record<string, string> = {}, tape = TAPE) {
  let nowMs = Date.parse('2026-01-05T15:00:00.000Z');
  const path = folder.write('tape.csv', tape);
  const source = openReplay({ REPLAY_FILE: path, ...environment }, () => new Date(nowMs));
  return {
    source,
    wait: (seconds: number) => {
      nowMs += seconds * 1000;
    },
    pricesOf: async (...symbols: string[]) => {
      const { quotes } = await source.fetchQuotes(symbols, never);
      return quotes.map(({ symbol, price, sequence }) => [symbol, price, sequence]);
    },
  };
}

test('the newest trade of each symbol is told, at the market time and line of the tape, as the clock goes on', async () => {
  const { pricesOf, source, wait } = aReplay();

  expect(await pricesOf('SPY', 'IBM', 'BAC')).toEqual([['SPY', 101, 2]]);
  wait(5);
  expect(await pricesOf('SPY', 'IBM', 'BAC')).toEqual([
    ['SPY', 101, 2],
    ['IBM', 180, 3],
  ]);
  wait(4.999);
  expect(await pricesOf('SPY')).toEqual([['SPY', 101, 2]]);
  wait(0.001);
  expect(await source.fetchQuotes(['SPY'], never)).toMatchObject({
    raw: { trades: [{ symbol: 'SPY', price: 102, line: 5 }], bad_lines: 1 },
    quotes: [{ symbol: 'SPY', price: 102, volume: 30, currency: null, observedAt: new Date(at(10)), sequence: 5 }],
    failures: [],
  });
});

test('at speed 10 six seconds are a minute', async () => {
  const { pricesOf, wait } = aReplay({ REPLAY_SPEED: '10' });

  wait(5.9);
  expect(await pricesOf('BAC')).toEqual([]);
  wait(0.1);
  expect(await pricesOf('BAC')).toEqual([['BAC', 13, 6]]);
});

test('at speed Infinity the tape is at its end at once, and its last prices stay', async () => {
  const { pricesOf, wait } = aReplay({ REPLAY_SPEED: 'Infinity' });
  const last = [
    ['SPY', 102, 5],
    ['IBM', 180, 3],
    ['BAC', 13, 6],
  ];

  expect(await pricesOf('SPY', 'IBM', 'BAC')).toEqual(last);
  wait(86_400);
  expect(await pricesOf('SPY', 'IBM', 'BAC')).toEqual(last);
});

test('a symbol without a trade so far is unknown', async () => {
  const { source } = aReplay();

  const { failures } = await source.fetchQuotes(['BAC', 'NONE'], never);

  expect(failures.map(({ symbol, code }) => [symbol, code])).toEqual([
    ['BAC', 'SYMBOL_UNKNOWN'],
    ['NONE', 'SYMBOL_UNKNOWN'],
  ]);
});

test('a trade that comes late on the tape does not replace a newer one', async () => {
  const { pricesOf } = aReplay(
    { REPLAY_SPEED: 'Infinity' },
    `timestamp,symbol,price,size\n${at(9)},SPY,109,1\n${at(3)},SPY,103,1`,
  );

  expect(await pricesOf('SPY')).toEqual([['SPY', 109, 1]]);
});

test('concurrent callers share one reading of the tape', async () => {
  const { pricesOf, wait } = aReplay();
  wait(60);

  const answers = await Promise.all([pricesOf('SPY'), pricesOf('BAC'), pricesOf('SPY', 'BAC')]);

  expect(answers).toEqual([
    [['SPY', 102, 5]],
    [['BAC', 13, 6]],
    [
      ['SPY', 102, 5],
      ['BAC', 13, 6],
    ],
  ]);
});

test('a caller who gave up reads no further, and leaves the tape to the next one', async () => {
  const { source, pricesOf, wait } = aReplay();
  wait(60);

  const givenUp = await source.fetchQuotes(['SPY'], AbortSignal.abort());

  expect(givenUp.quotes).toEqual([]);
  expect(await pricesOf('SPY')).toEqual([['SPY', 102, 5]]);
});

test('a tape that cannot be read is a failure of the call that does not show the path, and is tried again', async () => {
  const path = `${folder.path}/later.csv`;
  const { source } = aReplay({ REPLAY_FILE: path });

  await expect(source.fetchQuotes(['SPY'], never)).rejects.toMatchObject({
    code: 'PROVIDER_UNAVAILABLE',
    message: 'replay cannot read the tape that REPLAY_FILE names',
  });
  folder.write('later.csv', TAPE);
  const { quotes } = await source.fetchQuotes(['SPY'], never);

  expect(quotes).toMatchObject([{ price: 101 }]);
});

test.each(['0', '-1', 'fast'])('REPLAY_SPEED=%s is refused by its name', (speed) => {
  expect(() => aReplay({ REPLAY_SPEED: speed })).toThrow('REPLAY_SPEED: expected a number above zero or Infinity');
});
