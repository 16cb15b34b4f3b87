import fc from 'fast-check';
import { TickwireError } from '../../src/platform/errors';
import { openProviders } from '../../src/providers/open-provider';
import type { ProviderDefinition, Quote, QuoteFailure, TakeQuota } from '../../src/providers/provider';
import { anAnswer, aProvider, aQuote } from './scripted-provider';

const open = (definition: ProviderDefinition, environment = {}, takeQuota: TakeQuota = async () => 0) => {
  const providers = openProviders({ environment, takeQuota, definitions: [definition] });
  return { ...providers.source(definition.name), breaker: () => providers.health()[0]?.breaker };
};
const never = new AbortController().signal;
const codesOf = ({ failures }: { failures: readonly QuoteFailure[] }) => failures.map(({ code }) => code);

test('symbols are split into calls of the size the vendor takes, each asked for once, answered in order', async () => {
  const calls: string[][] = [];
  const definition = aProvider(
    async (symbols) => {
      calls.push([...symbols]);
      return anAnswer(symbols);
    },
    { maxSymbolsPerCall: 2 },
  );

  const batch = await open(definition).fetchQuotes(['A', 'B', 'A', 'C', 'D', 'E', 'B'], never);

  expect(calls).toEqual([['A', 'B'], ['C', 'D'], ['E']]);
  expect(batch.quotes.map(({ symbol }) => symbol)).toEqual(['A', 'B', 'C', 'D', 'E']);
  expect(batch.raw).toEqual([
    { symbols: ['A', 'B'], answer: { said: ['A', 'B'] } },
    { symbols: ['C', 'D'], answer: { said: ['C', 'D'] } },
    { symbols: ['E'], answer: { said: ['E'] } },
  ]);
});

test('the raw answer of one call is kept as it came, and no symbols make no call', async () => {
  const source = open(aProvider(async (symbols) => anAnswer(symbols)));

  expect((await source.fetchQuotes(['A'], never)).raw).toEqual({ said: ['A'] });
  expect(await source.fetchQuotes([], never)).toEqual({ raw: null, quotes: [], failures: [] });
});

test('one call that fails sinks its own symbols only', async () => {
  const definition = aProvider(
    async (symbols) => {
      if (symbols.includes('B')) throw new TickwireError('PROVIDER_UNAVAILABLE', 'scripted: expected 200, got 500');
      return anAnswer(symbols);
    },
    { maxSymbolsPerCall: 1 },
  );

  const batch = await open(definition).fetchQuotes(['A', 'B', 'C'], never);

  expect(batch.quotes.map(({ symbol }) => symbol)).toEqual(['A', 'C']);
  expect(batch.failures).toEqual([
    {
      symbol: 'B',
      code: 'PROVIDER_UNAVAILABLE',
      detail: 'B: scripted: expected 200, got 500',
      retryAfterMs: undefined,
    },
  ]);
});

test('whatever a vendor says, each symbol asked for is in exactly one list and no other is', async () => {
  const symbol = fc.constantFrom('A', 'B', 'C', 'D', 'X', 'Y');
  const answer = fc.record({ quoted: fc.array(symbol), failed: fc.array(symbol) });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('A', 'B', 'C', 'D')), answer, async (asked, { quoted, failed }) => {
      const failures = failed.map((each) => ({ symbol: each, code: 'QUOTE_INVALID' as const, detail: '' }));
      const definition = aProvider(async () => ({ raw: {}, quotes: quoted.map((each) => aQuote(each)), failures }), {
        maxSymbolsPerCall: 3,
      });

      const batch = await open(definition).fetchQuotes(asked, never);

      const accounted = [...batch.quotes, ...batch.failures].map((each: Quote | QuoteFailure) => each.symbol);
      expect(accounted.sort()).toEqual([...new Set(asked)].sort());
      expect(batch.quotes.filter((quote) => new Set<string>(failed).has(quote.symbol))).toEqual([]);
    }),
  );
});

test('of two quotes of one symbol the newer one stays', async () => {
  const older = aQuote('A', { price: 1, observedAt: new Date(1000) });
  const newer = aQuote('A', { price: 2, observedAt: new Date(2000) });
  const definition = aProvider(async () => ({ raw: {}, quotes: [newer, older], failures: [] }));

  const { quotes } = await open(definition).fetchQuotes(['A'], never);

  expect(quotes).toEqual([newer]);
});

test('a vendor that does not listen to its signal is left when its time is over', async () => {
  const definition = aProvider(() => new Promise(() => undefined), { timeoutMs: 30 });

  const batch = await open(definition).fetchQuotes(['A'], never);

  expect(batch.failures).toMatchObject([
    { code: 'PROVIDER_TIMEOUT', detail: 'A: scripted did not answer within 30 ms' },
  ]);
});

test('an error that is not ours is a failure that does not repeat its text', async () => {
  const definition = aProvider(async () => {
    throw new Error('GET https://vendor/quote?token=abc failed');
  });

  const { failures } = await open(definition).fetchQuotes(['A'], never);

  expect(failures).toMatchObject([{ code: 'PROVIDER_UNAVAILABLE', detail: 'A: scripted could not be asked: Error' }]);
});

test('a secret that the vendor echoes reaches neither the raw answer nor a failure', async () => {
  const secret = 'k"e\\y-1';
  const definition = aProvider(
    async () => ({
      raw: { [secret]: [`token ${secret}`, 7] },
      quotes: [],
      failures: [{ symbol: 'A', code: 'QUOTE_INVALID', detail: `got ${secret}` }],
    }),
    { variables: [{ name: 'SCRIPT_KEY', purpose: 'key', required: true, secret: true }] },
  );

  const batch = await open(definition, { SCRIPT_KEY: secret }).fetchQuotes(['A'], never);

  expect(batch).toMatchObject({
    raw: { '[redacted]': ['token [redacted]', 7] },
    failures: [{ detail: 'got [redacted]' }],
  });
});

test('a pause the vendor asks for closes the door for every symbol until it is over, and health shows it', async () => {
  jest.useFakeTimers();
  let calls = 0;
  const source = open(
    aProvider(async (symbols) => {
      calls += 1;
      if (calls > 1) return anAnswer(symbols);
      throw new TickwireError('PROVIDER_RATE_LIMITED', 'scripted answered 429', { retryAfterMs: 5000 });
    }),
  );

  const refused = await source.fetchQuotes(['A'], never);
  const stateDuring = source.breaker();
  await jest.advanceTimersByTimeAsync(4000);
  const meanwhile = await source.fetchQuotes(['B'], never);
  await jest.advanceTimersByTimeAsync(1001);
  const afterwards = await source.fetchQuotes(['B'], never);
  const stateAfter = source.breaker();
  jest.useRealTimers();

  expect(codesOf(refused)).toEqual(['PROVIDER_RATE_LIMITED']);
  expect(meanwhile.failures).toMatchObject([{ symbol: 'B', code: 'PROVIDER_RATE_LIMITED', retryAfterMs: 1000 }]);
  expect(afterwards.quotes).toHaveLength(1);
  expect([calls, stateDuring, stateAfter]).toEqual([2, 'open', 'closed']);
});

test('no quota is spent on a call that is not made', async () => {
  let taken = 0;
  const definition = aProvider(
    async () => {
      throw new TickwireError('PROVIDER_RATE_LIMITED', 'scripted answered 429', { retryAfterMs: 60_000 });
    },
    { limits: [{ name: 'minute', limit: 60, windowMs: 60_000 }] },
  );
  const source = open(definition, {}, async () => {
    taken += 1;
    return 0;
  });

  await source.fetchQuotes(['A'], never);
  await source.fetchQuotes(['B'], never);

  expect(taken).toBe(1);
});

test('a call that waited for its quota is not made when the vendor asked for a pause meanwhile', async () => {
  const asked: string[] = [];
  let release: () => void = () => undefined;
  const quotaOfB = new Promise<number>((resolve) => {
    release = () => resolve(0);
  });
  const definition = aProvider(
    async ([symbol = '']) => {
      asked.push(symbol);
      throw new TickwireError('PROVIDER_RATE_LIMITED', 'scripted answered 429', { retryAfterMs: 60_000 });
    },
    { limits: [{ name: 'minute', limit: 60, windowMs: 60_000 }] },
  );
  const quotas = [quotaOfB, Promise.resolve(0)];
  const source = open(definition, {}, () => quotas.shift() ?? Promise.resolve(0));

  const waiting = source.fetchQuotes(['B'], never);
  await source.fetchQuotes(['A'], never);
  release();

  expect(codesOf(await waiting)).toEqual(['PROVIDER_RATE_LIMITED']);
  expect(asked).toEqual(['A']);
});

test('a quota that does not answer does not hold the caller who leaves', async () => {
  const definition = aProvider(async (symbols) => anAnswer(symbols), {
    limits: [{ name: 'minute', limit: 60, windowMs: 60_000 }],
  });
  const caller = new AbortController();

  const fetching = open(definition, {}, () => new Promise(() => undefined)).fetchQuotes(['A'], caller.signal);
  caller.abort();

  expect(codesOf(await fetching)).toEqual(['PROVIDER_TIMEOUT']);
});
