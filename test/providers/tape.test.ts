import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BadLine, readTape, type TapeTrade, toTapeEvent } from '../../src/providers/tape';
import { retainedBytes } from '../support/retained-memory';
import { aFolder } from './temporary-folder';

const folder = aFolder();
const HEADER = 'timestamp,symbol,price,size,exchange';
const LINE = '2013-10-07T13:30:00.007Z,SPY,167.41,500,Q';

async function readAll(path: string): Promise<{ trades: TapeTrade[]; bad: BadLine[] }> {
  const trades: TapeTrade[] = [];
  const bad: BadLine[] = [];
  for await (const trade of readTape(path, { onBadLine: (line) => bad.push(line) })) trades.push(trade);
  return { trades, bad };
}

test.each(['tape.csv', 'tape.csv.gz'])(
  '%s is read in the order of the file, lines counted after the header',
  async (name) => {
    const path = folder.write(name, `${HEADER}\n${LINE}\n2013-10-07T13:30:00.019Z,BAC,13.91,2000,Z\n`);

    const { trades, bad } = await readAll(path);

    expect(bad).toEqual([]);
    expect(trades).toEqual([
      {
        symbol: 'SPY',
        observedAt: new Date('2013-10-07T13:30:00.007Z'),
        price: 167.41,
        size: 500,
        currency: null,
        line: 1,
      },
      {
        symbol: 'BAC',
        observedAt: new Date('2013-10-07T13:30:00.019Z'),
        price: 13.91,
        size: 2000,
        currency: null,
        line: 2,
      },
    ]);
  },
);

test('columns have other names, any order and any case; Windows line ends, a byte order mark and quotes are understood', async () => {
  const path = folder.write(
    'dialect.csv',
    '\uFEFFTicker,"Quantity",PRICE,Time,Currency,"note, long"\r\n spy ,"1,5",1,1381152600,USD,x\r\nspy,15,"1.5",1381152600007,USD,"a, b"\r\n\r\nspy,,2.5,2013-10-07 15:30:00+02:00,,x',
  );

  const { trades, bad } = await readAll(path);

  expect(bad).toEqual([{ line: 1, reason: 'size: expected a number of at least 0, or nothing, got "1,5"' }]);
  expect(trades).toEqual([
    { symbol: 'SPY', observedAt: new Date(1381152600007), price: 1.5, size: 15, currency: 'USD', line: 2 },
    { symbol: 'SPY', observedAt: new Date(1381152600000), price: 2.5, size: null, currency: null, line: 4 },
  ]);
});

test.each([
  ['2013-10-07T13:30:00.007Z,SPY,0,500,Q', 'price: expected a number above zero, got "0"'],
  ['2013-10-07T13:30:00.007Z,SPY,-1,500,Q', 'price: expected'],
  ['2013-10-07T13:30:00.007Z,SPY,,500,Q', 'price: expected'],
  ['2013-10-07T13:30:00.007Z,SPY,NaN,500,Q', 'price: expected'],
  ['2013-10-07T13:30:00.007Z,SPY,Infinity,500,Q', 'price: expected'],
  ['2013-10-07T13:30:00.007Z,SPY,1e999,500,Q', 'price: expected'],
  ['2013-10-07T13:30:00.007Z,SPY,0x10,500,Q', 'price: expected'],
  ['2013-10-07T13:30:00.007Z,SPY,167 41,500,Q', 'price: expected'],
  ['2013-10-07T13:30:00.007Z,SPY,167,41,500,Q', 'expected 5 fields, got 6'],
  ['2013-10-07T13:30:00.007Z,SPY,167.41', 'expected 5 fields, got 3'],
  ['2013-10-07T13:30:00.007Z,SPY,167.41,-5,Q', 'size: expected'],
  ['2013-10-07T13:30:00.007Z,SPY,167.41,many,Q', 'size: expected'],
  ['2013-10-07T13:30:00.007Z,S PY,167.41,500,Q', 'symbol: expected'],
  ['2013-10-07T13:30:00.007Z,,167.41,500,Q', 'symbol: expected'],
  ['2013-10-07T13:30:00.007,SPY,167.41,500,Q', 'timestamp: expected an instant with its zone'],
  ['2013-10-07,SPY,167.41,500,Q', 'timestamp: expected'],
  ['07/10/2013 13:30,SPY,167.41,500,Q', 'timestamp: expected'],
  ['2013-02-30T13:30:00Z,SPY,167.41,500,Q', 'timestamp: expected'],
  ['2013-13-01T13:30:00Z,SPY,167.41,500,Q', 'timestamp: expected'],
  ['2999-01-01T13:30:00Z,SPY,167.41,500,Q', 'timestamp: expected'],
  [',SPY,167.41,500,Q', 'timestamp: expected'],
  ['2013-10-07T13:30:00.007Z,"SPY,167.41,500,Q', 'expected 5 fields, got 0'],
])('the line %s is told with its number and reason, and the lines around it are read', async (text, reason) => {
  const path = folder.write('bad.csv', `${HEADER}\n${LINE}\n${text}\n${LINE}\n`);

  const { trades, bad } = await readAll(path);

  expect(trades.map(({ line }) => line)).toEqual([1, 3]);
  expect(bad).toEqual([{ line: 2, reason: expect.stringContaining(reason) }]);
});

test('a future may be traded below zero', async () => {
  const path = folder.write('oil.csv', `${HEADER}\n2020-04-20T18:30:00Z,CL=F,-37.63,1,N\n`);

  expect((await readAll(path)).trades).toMatchObject([{ symbol: 'CL=F', price: -37.63 }]);
});

test('a line without end is one bad line', async () => {
  const path = folder.write('long.csv', `${HEADER}\n${LINE}\n${LINE}${'x'.repeat(300_000)}\n${LINE}\n`);

  const { trades, bad } = await readAll(path);

  expect(trades.map(({ line }) => line)).toEqual([1, 3]);
  expect(bad).toEqual([{ line: 2, reason: 'expected at most 65536 characters' }]);
});

test('of a line that never ends no more is kept than tells it is too long', async () => {
  const path = folder.write(
    'endless.csv.gz',
    gzipSync(Buffer.concat([Buffer.from(`${HEADER}\n`), Buffer.alloc(8 * 2 ** 20, 'x')])),
  );
  const joined: number[] = [];
  const split = String.prototype.split;
  const watch = jest.spyOn(String.prototype, 'split').mockImplementation(function (this: string, ...by: unknown[]) {
    joined.push(this.length);
    return Reflect.apply(split, this, by) as string[];
  });

  const { bad } = await readAll(path).finally(() => watch.mockRestore());

  expect(bad).toEqual([{ line: 1, reason: 'expected at most 65536 characters' }]);
  expect(Math.max(...joined)).toBeLessThan(512 * 1024);
});

test('a missing column is named', async () => {
  const path = folder.write('columns.csv', 'time,ticker,amount\n1,2,3\n');

  await expect(readAll(path)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('expected price; size or volume or quantity'),
  });
});

test.each([
  ['a missing file', () => join(folder.path, 'none.csv'), 'ENOENT'],
  ['a missing compressed file', () => join(folder.path, 'none.csv.gz'), 'ENOENT'],
  ['a folder', () => folder.path, 'EISDIR'],
  ['an empty file', () => folder.write('empty.csv', ''), 'expected a line that names the columns, got nothing'],
  [
    'a file that only claims to be compressed',
    () => folder.write('plain.csv.gz', Buffer.from(HEADER)),
    'incorrect header check',
  ],
])('%s is invalid input', async (_what, path, message) => {
  await expect(readAll(path())).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining(message),
  });
});

test('a damaged compressed file gives the trades before the damage, then an error', async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => LINE.replace('500', String(index * 7919)));
  const whole = gzipSync(`${HEADER}\n${lines.join('\n')}\n`);
  const path = folder.write('cut.csv.gz', whole.subarray(0, whole.length - 2000));
  const read: TapeTrade[] = [];

  const reading = (async () => {
    for await (const trade of readTape(path, { onBadLine: () => undefined })) read.push(trade);
  })();

  await expect(reading).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('cut.csv.gz'),
  });
  expect(read.length).toBeGreaterThan(1000);
});

test('a huge tape is read in constant memory', async () => {
  const path = join(folder.path, 'huge.csv');
  const file = createWriteStream(path);
  file.write(`${HEADER}\n`);
  const block = `${LINE}\n`.repeat(10_000);
  for (let turn = 0; turn < 60; turn += 1) if (!file.write(block)) await once(file, 'drain');
  await new Promise<void>((resolve) => file.end(resolve));
  const before = retainedBytes();
  let trades = 0;
  let peak = before;

  for await (const trade of readTape(path, { onBadLine: () => undefined })) {
    trades = trade.line;
    if (trades % 50_000 === 0) peak = Math.max(peak, retainedBytes());
  }

  expect(trades).toBe(600_000);
  expect(peak - before).toBeLessThan(20 * 2 ** 20);
});

test('the same line read twice is the same event, and two trades alike are two', async () => {
  const path = folder.write('twins.csv', `${HEADER}\n${LINE}\n${LINE}\n`);
  const { trades } = await readAll(path);

  const first = trades.map((trade) => toTapeEvent(trade, new Date(1)));
  const again = (await readAll(path)).trades.map((trade) => toTapeEvent(trade, new Date(2)));

  expect(first[0]).toEqual({
    eventId: 'replay:SPY:1381152600007:1:167.41',
    symbol: 'SPY',
    provider: 'replay',
    price: 167.41,
    currency: null,
    volume: 500,
    observedAt: new Date('2013-10-07T13:30:00.007Z'),
    sequence: 1,
    fetchedAt: new Date(1),
    rawResponseId: null,
  });
  expect(first.map(({ eventId }) => eventId)).toEqual(again.map(({ eventId }) => eventId));
  expect(new Set(first.map(({ eventId }) => eventId)).size).toBe(2);
});

const REAL_TAPE = '../shared/data/trades-2013-10-07.csv.gz';
(existsSync(REAL_TAPE) ? test : test.skip)(`the recorded day (${REAL_TAPE}) is read whole`, async () => {
  const { trades, bad } = await readAll(REAL_TAPE);

  expect([trades.length, bad.length]).toEqual([377_302, 0]);
  expect([...new Set(trades.map(({ symbol }) => symbol))].sort()).toEqual(['AIG', 'BAC', 'IBM', 'SPY']);
  expect(trades.at(-1)!.line).toBe(377_302);
});
