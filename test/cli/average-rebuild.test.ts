import { openMemoryStore } from '../../src/store/memory';
import type { Store } from '../../src/store/store';
import { aPriceEvent } from '../support/price-events';
import { runCommand } from './run-command';

let store: Store;

beforeEach(async () => {
  store = openMemoryStore();
  await store.prices.insert(
    ['AAPL', 'MSFT'].flatMap((symbol) =>
      [1, 2, 3, 4].map((second) =>
        aPriceEvent({ symbol, price: 100 + second, observedAt: new Date(Date.UTC(2026, 0, 5, 15, 0, second)) }),
      ),
    ),
  );
});

const rebuild = (...argv: string[]) =>
  runCommand(['average', 'rebuild', ...argv], {
    openStore: () => store,
    environment: { MOVING_AVERAGE_WINDOW: '3' },
  });

it('computes the missing averages of every series and says what changed; a second time changes nothing', async () => {
  const first = await rebuild();
  const second = await rebuild();

  expect(first.exitCode).toBe(0);
  expect(first.stdout).toMatch(/^AAPL +fixture +2$/m);
  expect(first.stdout).toMatch(/^2 of 2 series changed$/m);
  expect(await store.averages.findLatest('AAPL', 3)).toMatchObject({ average: 103 });
  expect(second.stdout).toBe('0 of 2 series changed\n');
});

it('keeps to the symbols named', async () => {
  const { stdout } = await rebuild('msft', '--json');

  expect(JSON.parse(stdout)).toEqual({
    window: 3,
    series: [{ symbol: 'MSFT', provider: 'fixture', changed_rows: 2 }],
  });
  expect(await store.averages.findLatest('AAPL', 3)).toBeUndefined();
});

it('refuses symbols without stored prices of the provider, and rebuilds nothing', async () => {
  const { exitCode, stderr } = await rebuild('AAPL', '--provider', 'finnhub');

  expect(exitCode).toBe(1);
  expect(stderr).toBe('error: no prices of AAPL from finnhub are stored; nothing was rebuilt\n');
  expect(await store.averages.findLatest('AAPL', 3)).toBeUndefined();
});
