import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sessionOf } from '../../src/domain/market-calendar';
import { FIXTURE_ACTIONS, fixtureBars, fixtureCsv } from '../../src/providers/fixture-bars';
import { openFixtureHistory } from '../../src/providers/fixture-history';
import { openFixtureNews } from '../../src/providers/fixture-news';
import { localQuota, openProviders } from '../../src/providers/open-provider';
import { aRequest, pagesOf } from './history-pages';

const never = new AbortController().signal;
const whole = { start: new Date('2025-01-01T00:00:00.000Z'), end: new Date('2026-01-01T00:00:00.000Z') };

test('the stored file is what the generator makes, byte for byte', () => {
  const stored = readFileSync(join(__dirname, '../../fixtures/prices_demo.csv'), 'utf8');

  expect(fixtureCsv()).toBe(stored);
});

test('there are 60 sessions of three symbols, each of them a real one, and every bar keeps its own rules', () => {
  const bars = fixtureBars();

  expect(['AAPL', 'MSFT', 'GOOGL'].map((symbol) => bars.filter((bar) => bar.symbol === symbol).length)).toEqual([
    60, 60, 60,
  ]);
  for (const { startAt, open, high, low, close, volume } of bars) {
    expect(sessionOf(startAt.toISOString().slice(0, 10))?.openAt).toEqual(startAt);
    expect(low).toBeGreaterThan(0);
    expect(Math.min(open, close)).toBeGreaterThanOrEqual(low);
    expect(Math.max(open, close)).toBeLessThanOrEqual(high);
    expect(Number.isInteger(volume)).toBe(true);
  }
});

test('the history has the dividend and the split, and its prices jump with the split as raw prices do', async () => {
  const pages = await pagesOf(openFixtureHistory(), aRequest({ ...whole, symbol: 'GOOGL' }));
  const actions = [...pages, ...(await pagesOf(openFixtureHistory(), aRequest({ ...whole })))].flatMap(
    (page) => page.actions,
  );

  const closes = pages.flatMap(({ bars }) => bars.map(({ close }) => close));
  const jumps = closes.slice(1).map((close, index) => close / closes[index]!);
  expect(actions).toEqual(expect.arrayContaining([...FIXTURE_ACTIONS]));
  expect(actions).toHaveLength(2);
  expect(jumps.filter((jump) => jump < 0.6)).toHaveLength(1);
  expect(jumps.filter((jump) => jump < 0.9 || jump > 1.1)).toHaveLength(1);
});

test('it needs no key, knows three symbols by name, and no others', async () => {
  const source = openProviders({ environment: {}, takeQuota: localQuota() }).history('fixture');

  const { metadata } = await source.fetchMetadata!('MSFT', never);
  const found = await source.fetchSymbols!('alpha', never);

  expect(metadata).toMatchObject({ symbol: 'MSFT', name: 'Microsoft Corporation', currency: 'USD', source: 'fixture' });
  expect(found).toMatchObject([{ symbol: 'GOOGL', vendorSymbol: { vendor: 'fixture', spelling: 'GOOGL' } }]);
  await expect(source.fetchMetadata!('IBM', never)).rejects.toMatchObject({ code: 'SYMBOL_UNKNOWN' });
});

test('its news are the same within an hour, and one item newer in the next', async () => {
  const newsAt = async (time: string) =>
    (await openFixtureNews(() => new Date(time)).fetchNews('AAPL', never)).items.map(({ newsId }) => newsId);

  const [first, later, next] = [
    await newsAt('2026-01-05T15:01:00Z'),
    await newsAt('2026-01-05T15:59:00Z'),
    await newsAt('2026-01-05T16:00:00Z'),
  ];

  expect(later).toEqual(first);
  expect(next.slice(1)).toEqual(first.slice(0, -1));
  expect(first).not.toContain(next[0]);
});

test('a symbol that starts with BAD has no news', async () => {
  const asking = openFixtureNews(() => new Date()).fetchNews('BADCO', never);

  await expect(asking).rejects.toMatchObject({ code: 'SYMBOL_UNKNOWN' });
});
