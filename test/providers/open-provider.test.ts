import { localQuota, openProviders } from '../../src/providers/open-provider';
import type { ProviderDefinition } from '../../src/providers/provider';
import { anAnswer, aProvider } from './scripted-provider';

const key = { name: 'SCRIPT_KEY', purpose: 'key from https://example.com', required: true, secret: true };
const open = (definitions: ProviderDefinition[], environment = {}) =>
  openProviders({ environment, takeQuota: localQuota(), definitions });

test('a name and its alias lead to one source, opened on first use and once', () => {
  let opened = 0;
  const providers = open([
    aProvider(async (symbols) => anAnswer(symbols), {
      open: () => {
        opened += 1;
        return { fetchQuotes: async (symbols) => anAnswer(symbols) };
      },
    }),
  ]);
  const openedBefore = opened;

  const sources = [providers.source('scripted'), providers.source('script'), providers.source('scripted')];

  expect([openedBefore, opened, new Set(sources).size]).toEqual([0, 1, 1]);
  expect(providers.nameOf('script')).toBe('scripted');
  expect(providers.maxSymbolsPerCall('script')).toBe(10);
});

test('an unknown provider is answered with the known names', () => {
  const providers = open([aProvider(async (symbols) => anAnswer(symbols))]);

  for (const ask of [providers.nameOf, providers.source, providers.maxSymbolsPerCall]) {
    expect(() => ask('bloomberg')).toThrow(expect.objectContaining({ code: 'PROVIDER_UNKNOWN' }));
    expect(() => ask('bloomberg')).toThrow('expected one of scripted, script, got "bloomberg"');
  }
});

test('a provider without its key names the variable, and works once it is set', async () => {
  const definition = aProvider(async (symbols) => anAnswer(symbols), { variables: [key] });

  const without = open([definition]);
  const withKey = open([definition], { SCRIPT_KEY: 'k' });

  expect(() => without.source('scripted')).toThrow(
    'provider scripted is not configured: set SCRIPT_KEY (key from https://example.com)',
  );
  expect(without.health()).toEqual([
    { name: 'scripted', title: definition.title, configured: false, missing: ['SCRIPT_KEY'], breaker: 'closed' },
  ]);
  expect((await withKey.source('scripted').fetchQuotes(['A'], new AbortController().signal)).quotes).toHaveLength(1);
  expect(withKey.health()).toMatchObject([{ configured: true, missing: [], breaker: 'closed' }]);
});

test('health shows a circuit that repeated failures opened', async () => {
  const providers = open([aProvider(async () => Promise.reject(new Error('down')), { maxSymbolsPerCall: 1 })]);

  await providers.source('scripted').fetchQuotes(['A', 'B', 'C', 'D', 'E'], new AbortController().signal);

  expect(providers.health()).toMatchObject([{ breaker: 'open' }]);
});

test('both buckets of a provider bound its calls', async () => {
  let calls = 0;
  const definition = aProvider(
    async (symbols) => {
      calls += 1;
      return anAnswer(symbols);
    },
    {
      maxSymbolsPerCall: 1,
      timeoutMs: 300,
      limits: [
        { name: 'minute', limit: 5, windowMs: 60_000 },
        { name: 'moment', limit: 3, windowMs: 100 },
      ],
    },
  );
  const symbols = Array.from({ length: 9 }, (_, index) => `S${index}`);

  const batch = await open([definition]).source('scripted').fetchQuotes(symbols, new AbortController().signal);

  expect(calls).toBe(5);
  expect(batch.quotes).toHaveLength(5);
  expect(new Set(batch.failures.map(({ code }) => code))).toEqual(new Set(['PROVIDER_RATE_LIMITED']));
  expect(batch.failures.every(({ retryAfterMs = 0 }) => retryAfterMs > 50_000)).toBe(true);
});
