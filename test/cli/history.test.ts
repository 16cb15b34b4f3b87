import { aBar } from '../support/bars';
import { aPriceEvent } from '../support/price-events';
import { listeningApi } from './listening-api';

let api: Awaited<ReturnType<typeof listeningApi>>;

beforeEach(async () => {
  api = await listeningApi();
});

afterEach(() => api.close());

const savePrices = (count: number) =>
  api.store.prices.insert(
    Array.from({ length: count }, (_, index) =>
      aPriceEvent({ sequence: index, price: 1 + index, observedAt: new Date(Date.UTC(2026, 0, 5, 23, 59, index)) }),
    ),
  );

test('history shows the stored bars of the days that were asked for, the last included', async () => {
  await api.store.bars.save(
    ['2024-06-03', '2024-06-04', '2024-06-05'].map((date) => aBar({ date })),
    [],
  );

  const { exitCode, stdout } = await api.tickwire('history', 'aapl', '--from', '2024-06-03', '--to', '2024-06-04');
  const none = await api.tickwire('history', 'AAPL', '--to', '2023-12-29');

  expect(exitCode).toBe(0);
  expect([...stdout.matchAll(/^2024-\d\d-\d\d/gm)].map(([date]) => date)).toEqual(['2024-06-03', '2024-06-04']);
  expect(none.stdout).toBe('no bars of AAPL in this range\n');
});

test('prices shows every stored price, a line each, more than a page of the API holds', async () => {
  await savePrices(2500);

  const { exitCode, stdout, stderr } = await api.tickwire('prices', 'AAPL');

  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout.trimEnd().split('\n')).toHaveLength(2500);
  expect(stdout).toMatch(/^2026-01-05T23:59:00\.000Z {2}AAPL {2}1 {2}/);
});

test('prices of some days are those of all hours of the last', async () => {
  await savePrices(61);

  const { stdout } = await api.tickwire('prices', 'AAPL', '--to', '2026-01-05', '--json');

  const read = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(read.map(({ price }) => price)).toEqual(Array.from({ length: 60 }, (_, index) => 1 + index));
});

test('prices says when there are none, and leaves the output empty', async () => {
  const { exitCode, stdout, stderr } = await api.tickwire('prices', 'AAPL', '--limit', '5');

  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: 'no prices of AAPL are stored in this range\n',
  });
});
