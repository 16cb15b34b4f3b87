import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROVIDERS } from '../../src/providers';
import { describeProvider } from '../contract/provider.contract';

const folder = mkdtempSync(join(tmpdir(), 'tickwire-providers-'));
const tape = join(folder, 'tape.csv');
writeFileSync(
  tape,
  'timestamp,symbol,price,size\n2013-10-07T13:30:00.007Z,SPY,167.41,500\n2013-10-07T13:30:00.007Z,AAPL,480.5,100\n',
);
afterAll(() => rmSync(folder, { recursive: true }));

const SYMBOLS: Readonly<Record<string, readonly string[]>> = { replay: ['SPY', 'AAPL'] };

for (const definition of PROVIDERS) {
  describeProvider({
    definition,
    environment: { REPLAY_FILE: tape },
    symbols: SYMBOLS[definition.name] ?? ['AAPL', 'MSFT'],
  });
}

test('no two providers answer to the same name', () => {
  const names = PROVIDERS.flatMap(({ name, aliases }) => [name, ...aliases]);

  expect(new Set(names).size).toBe(names.length);
});

test('the registry holds the providers of the contract', () => {
  expect(PROVIDERS.map(({ name, aliases }) => [name, aliases])).toEqual(
    expect.arrayContaining([
      ['fixture', []],
      ['replay', []],
      ['yfinance', ['yahoo']],
      ['finnhub', []],
      ['eodhd', []],
      ['twelvedata', ['twelve-data']],
      ['file', []],
    ]),
  );
});
