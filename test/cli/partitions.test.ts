import { openMemoryStore } from '../../src/store/memory';
import type { Store } from '../../src/store/store';
import { aPriceEvent } from '../support/price-events';
import { aBar } from '../support/stored-bars';
import { runCommand } from './run-command';

let store: Store;

beforeEach(async () => {
  store = openMemoryStore({ clock: () => new Date('2026-06-01T00:00:00.000Z') });
  const years = [2010, 2011, 2012];
  await store.bars.save(
    years.map((year) => aBar({ symbol: 'AAPL', startAt: new Date(Date.UTC(year, 5)) })),
    [],
  );
});

const partitions = (...argv: string[]) => runCommand(['partitions', ...argv], { openStore: () => store });
const namesOf = async () => (await store.partitions.list()).map(({ name }) => name);

it('lists each partition with its bounds and rows', async () => {
  const { stdout, exitCode } = await partitions('list');

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^TABLE +PARTITION +FROM +TO +ROWS +BYTES$/m);
  expect(stdout).toMatch(/^eq_ohlcv +eq_ohlcv_2011 +2011-01-01 +2012-01-01 +1 +0$/m);
  const { partitions: listed } = JSON.parse((await partitions('list', '--json')).stdout);
  expect(listed).toContainEqual({
    table: 'eq_ohlcv',
    name: 'eq_ohlcv_2011',
    from: '2011-01-01T00:00:00.000Z',
    to: '2012-01-01T00:00:00.000Z',
    rows: 1,
    bytes: 0,
  });
});

it('makes what is missing, and says when nothing is', async () => {
  const first = await partitions('ensure', '--until', '2028-03-01');
  const second = await partitions('ensure', '--until', '2028-03-01');

  const [made, months] = [first.stdout.split('\n'), 22];
  expect(made.slice(0, 3)).toEqual(['made crypto_ohlcv_2028', 'made eq_ohlcv_2028', 'made fx_ohlcv_2028']);
  expect(made.filter((line) => /^made price_points_/.test(line))).toHaveLength(months);
  expect(made.filter((line) => /^made symbol_averages_/.test(line))).toHaveLength(months);
  expect(made).toContain('made price_points_2028_03');
  expect(second.stdout).toBe('nothing was missing until 2028-03-01\n');
  expect(await namesOf()).toContain('eq_ohlcv_2028');
});

it('takes an end far ahead for a slip of the pen', async () => {
  const { exitCode, stderr } = await partitions('ensure', '--until', '2199-01-01');

  expect(exitCode).toBe(1);
  expect(stderr).toBe('error: --until: expected a day within 20 years from now, got 2199-01-01\n');
  expect(await namesOf()).not.toContain('eq_ohlcv_2050');
});

it('says which partitions it would drop, and drops nothing without --yes', async () => {
  const before = await namesOf();

  const { stdout, exitCode } = await partitions('drop', '--before', '2012-06-01');

  expect(exitCode).toBe(0);
  expect(stdout).toContain('eq_ohlcv_2010');
  expect(stdout).toContain('eq_ohlcv_2011');
  expect(stdout).not.toContain('eq_ohlcv_2012');
  expect(stdout).toMatch(/^nothing was dropped; --yes drops these 2$/m);
  expect(await namesOf()).toEqual(before);
});

it('lists and drops months of prices too', async () => {
  await store.prices.insert([aPriceEvent({ observedAt: new Date('2013-10-07T13:30:00.000Z') })]);

  const { stdout } = await partitions('list');
  const dropped = await partitions('drop', '--before', '2013-11-01', '--table', 'price_points', '--yes', '--json');

  expect(stdout).toMatch(/^price_points +price_points_2013_10 +2013-10-01 +2013-11-01 +1 +0$/m);
  expect(JSON.parse(dropped.stdout)).toEqual({ dropped: ['price_points_2013_10'], would_drop: [] });
  expect(await store.auditLog.list({ limit: 5 })).toMatchObject([
    { action: 'partitions.drop', target: 'price_points before 2013-11-01', status: 200 },
  ]);
});

it('drops them with --yes, and only of the table named', async () => {
  const others = await partitions('drop', '--before', '2012-01-01', '--table', 'fx_ohlcv', '--yes');
  const kept = await namesOf();
  const dropped = await partitions('drop', '--before', '2012-01-01', '--table', 'eq_ohlcv', '--yes', '--json');

  expect(others.stdout).toBe('no partition ends by 2012-01-01; nothing was dropped\n');
  expect(kept).toContain('eq_ohlcv_2010');
  expect(JSON.parse(dropped.stdout)).toEqual({ dropped: ['eq_ohlcv_2010', 'eq_ohlcv_2011'], would_drop: [] });
  expect(await namesOf()).not.toContain('eq_ohlcv_2011');
});

it.each([[['drop']], [['drop', '--before', 'soon']], [['drop', '--before', '2012-01-01', '--table', 'polling_jobs']]])(
  'refuses %j as used wrongly',
  async (argv) => {
    expect((await partitions(...argv)).exitCode).toBe(2);
  },
);
