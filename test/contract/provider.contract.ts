import { isPrice, MAX_AHEAD_MS } from '../../src/domain/price-event';
import type { Environment } from '../../src/platform/environment';
import { localQuota, openProviders } from '../../src/providers/open-provider';
import type { ProviderDefinition, QuoteBatch } from '../../src/providers/provider';
import { DIALECTS, type Dialect, type Reply, startSpeaking, type VendorStandIn } from '../providers/vendor-stand-in';

export interface ProviderContract {
  readonly definition: ProviderDefinition;
  /** Values for the required variables, and for all else that lets the provider answer without a network. */
  readonly environment: Environment;
  /** Symbols it knows in that environment; for a provider with a base address any will do. */
  readonly symbols: readonly string[];
}

const SECRET = 'a-secret-key-of-the-test';
const inSeconds = (ms: number) => Math.floor(ms / 1000);

/** What holds for every provider of the registry. */
export function describeProvider({ definition, environment, symbols }: ProviderContract): void {
  const baseUrlVariable = definition.variables.find(({ name }) => name.endsWith('_BASE_URL'))?.name;
  const secrets = Object.fromEntries(
    definition.variables.filter(({ secret }) => secret).map(({ name }) => [name, SECRET]),
  );
  const sourceIn = (changes: Environment, timeoutMs = definition.timeoutMs) =>
    openProviders({
      environment: { ...environment, ...secrets, ...changes },
      takeQuota: localQuota(),
      definitions: [{ ...definition, timeoutMs }],
    }).source(definition.name);

  describe(`provider ${definition.name}`, () => {
    test('is declared in full', () => {
      const { name, aliases, title, limits, maxSymbolsPerCall, timeoutMs, variables } = definition;

      expect([name, ...aliases].filter((each) => !/^[a-z][a-z0-9-]{0,31}$/.test(each))).toEqual([]);
      expect(title.length).toBeGreaterThan(10);
      expect(limits.filter(({ limit, windowMs }) => !(limit > 0 && windowMs > 0))).toEqual([]);
      expect(new Set(limits.map((limit) => limit.name)).size).toBe(limits.length);
      expect(maxSymbolsPerCall).toBeGreaterThan(0);
      expect(timeoutMs).toBeGreaterThan(0);
      expect(timeoutMs).toBeLessThanOrEqual(30_000);
      expect(variables.filter((each) => !/^[A-Z][A-Z0-9_]+$/.test(each.name) || each.purpose === '')).toEqual([]);
    });

    if (!definition.open) {
      test('has no current prices, and says who has', () => {
        const providers = openProviders({ environment, takeQuota: localQuota() });

        const ask = () => providers.source(definition.name);

        expect(ask).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
        expect(ask).toThrow(`${definition.name} has no current prices; expected one of fixture`);
        expect(providers.having('quotes')).not.toContain(definition.name);
        expect(providers.health().map(({ name }) => name)).toContain(definition.name);
      });
      return;
    }

    for (const { name } of definition.variables.filter((variable) => variable.required)) {
      test(`without ${name} it says that this variable is missing`, () => {
        const { [name]: _left, ...rest } = { ...environment, ...secrets };

        const providers = openProviders({ environment: rest, takeQuota: localQuota(), definitions: [definition] });

        expect(() => providers.source(definition.name)).toThrow(
          expect.objectContaining({ code: 'PROVIDER_NOT_CONFIGURED' }),
        );
        expect(() => providers.source(definition.name)).toThrow(name);
        expect(providers.health()).toMatchObject([{ configured: false, missing: [name] }]);
      });
    }

    if (baseUrlVariable === undefined) describeOwnPrices(definition, () => sourceIn({}), symbols);
    else describeVendor({ name: definition.name, baseUrlVariable, sourceIn, symbols });
  });
}

type Source = ReturnType<ReturnType<typeof openProviders>['source']>;

function describeOwnPrices(definition: ProviderDefinition, open: () => Source, symbols: readonly string[]): void {
  test('each symbol asked for ends in exactly one list, and prices obey the rules', async () => {
    const batch = await open().fetchQuotes([...symbols, 'BAD.NOT-THERE', ...symbols], new AbortController().signal);

    expectEachOnce(batch, [...symbols, 'BAD.NOT-THERE']);
    expect(batch.quotes.map(({ symbol }) => symbol)).toEqual(symbols);
    expect(batch.failures).toMatchObject([{ symbol: 'BAD.NOT-THERE', code: 'SYMBOL_UNKNOWN' }]);
    expectBelievable(batch);
  });

  test('a caller who has already left gets no price, and no rejection', async () => {
    const batch = await open().fetchQuotes(symbols, AbortSignal.abort());

    expect(batch.quotes).toEqual([]);
    expectEachOnce(batch, symbols);
  });

  test('takes more symbols than one call does', async () => {
    const many = Array.from({ length: definition.maxSymbolsPerCall + 1 }, (_, index) => `S${index}`);

    expectEachOnce(await open().fetchQuotes(many, new AbortController().signal), many);
  });
}

interface VendorContract {
  readonly name: string;
  readonly baseUrlVariable: string;
  readonly symbols: readonly string[];
  sourceIn(changes: Environment, timeoutMs?: number): Source;
}

function describeVendor({ name, baseUrlVariable, symbols, sourceIn }: VendorContract): void {
  const dialect = DIALECTS[name];
  if (dialect?.baseUrlVariable !== baseUrlVariable) {
    test('has a dialect in test/providers/vendor-stand-in.ts', () =>
      expect(dialect).toMatchObject({ baseUrlVariable }));
    return;
  }
  const symbol = symbols[0]!;
  let vendor: VendorStandIn | undefined;
  afterEach(() => vendor?.stop());
  const fetchFrom = async (reply: Reply, timeoutMs?: number) => {
    vendor = await startSpeaking(dialect, () => reply);
    return sourceIn({ [baseUrlVariable]: vendor.url }, timeoutMs).fetchQuotes([symbol], new AbortController().signal);
  };

  test('a good answer from the address of its base variable becomes a price at the market time', async () => {
    const time = inSeconds(Date.now()) - 3600;

    const batch = await fetchFrom({ body: dialect.bodyOf({ symbol, price: 101.25, time }) });

    expect(batch.failures).toEqual([]);
    expect(batch.quotes).toMatchObject([{ symbol, price: 101.25, observedAt: new Date(time * 1000), sequence: 0 }]);
    expectBelievable(batch);
  });

  test.each(hostileReplies(dialect, symbol))('%s never becomes a price', async (_what, reply, code) => {
    const batch = await fetchFrom(reply, 400);

    expect(batch.quotes).toEqual([]);
    expect(batch.failures).toMatchObject([{ symbol, code: expect.stringMatching(code) }]);
    expect(JSON.stringify(batch)).not.toContain(SECRET);
  });

  test.each([
    ['seconds', () => '1800'],
    ['an HTTP date', () => new Date(Date.now() + 1_800_000).toUTCString()],
  ])('a 429 with Retry-After in %s is obeyed: no call until then', async (_form, header) => {
    vendor = await startSpeaking(dialect, () => ({ status: 429, headers: { 'retry-after': header() } }));
    const source = sourceIn({ [baseUrlVariable]: vendor.url });

    const refused = await source.fetchQuotes([symbol], new AbortController().signal);
    const calls = vendor.requests.length;
    const later = await source.fetchQuotes([symbol], new AbortController().signal);

    for (const { failures } of [refused, later]) {
      expect(failures).toMatchObject([{ symbol, code: 'PROVIDER_RATE_LIMITED' }]);
      expect(failures[0]!.retryAfterMs).toBeGreaterThan(1_790_000);
      expect(failures[0]!.retryAfterMs).toBeLessThanOrEqual(1_800_000);
    }
    expect(vendor.requests).toHaveLength(calls);
  });

  test('a caller who leaves while the vendor is silent is let go at once', async () => {
    vendor = await startSpeaking(dialect, () => ({ manner: 'hang' }));
    const caller = new AbortController();
    const startedAt = performance.now();

    const fetching = sourceIn({ [baseUrlVariable]: vendor.url }).fetchQuotes(symbols, caller.signal);
    setTimeout(() => caller.abort(), 50);
    const batch = await fetching;

    expect(performance.now() - startedAt).toBeLessThan(1000);
    expectEachOnce(batch, symbols);
    expect(new Set(batch.failures.map(({ code }) => code))).toEqual(new Set(['PROVIDER_TIMEOUT']));
  });

  test('nobody at the address is a failure of each symbol', async () => {
    const batch = await sourceIn({ [baseUrlVariable]: 'http://127.0.0.1:1' }).fetchQuotes(
      symbols,
      new AbortController().signal,
    );

    expectEachOnce(batch, symbols);
    expect(new Set(batch.failures.map(({ code }) => code))).toEqual(new Set(['PROVIDER_UNAVAILABLE']));
  });

  test('a base address that is none is told by its variable', () => {
    const open = () => sourceIn({ [baseUrlVariable]: 'ftp://somewhere' });

    expect(open).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(open).toThrow(baseUrlVariable);
  });
}

function hostileReplies(dialect: Dialect, symbol: string): [what: string, reply: Reply, code: RegExp][] {
  const time = inSeconds(Date.now()) - 60;
  const saying = (changes: object): Reply => ({ body: dialect.bodyOf({ symbol, price: 100, time, ...changes }) });
  const good = dialect.bodyOf({ symbol, price: 100, time });
  const wrongSymbol: [string, Reply, RegExp][] = dialect.namesSymbol
    ? [['the price of another symbol', saying({ symbol: 'OTHER' }), /^(SYMBOL_UNKNOWN|QUOTE_INVALID)$/]]
    : [];
  return [
    ...wrongSymbol,
    ['a price of 0', saying({ price: 0 }), /^QUOTE_INVALID$/],
    ['a price of 0 at time 0', saying({ price: 0, time: 0 }), /^(SYMBOL_UNKNOWN|QUOTE_INVALID)$/],
    ['a price of null', saying({ price: null }), /^QUOTE_INVALID$/],
    ['no price', saying({ price: undefined }), /^QUOTE_INVALID$/],
    ['the text NaN', saying({ price: 'NaN' }), /^QUOTE_INVALID$/],
    ['a bare NaN', { body: good.replace(':100,', ':NaN,') }, /^PROVIDER_UNAVAILABLE$/],
    ['a number beyond all numbers', { body: good.replace(':100,', ':1e999,') }, /^QUOTE_INVALID$/],
    ['a price below zero', saying({ price: -1 }), /^QUOTE_INVALID$/],
    ['a price as text', saying({ price: '100.00' }), /^QUOTE_INVALID$/],
    ['a price in an object', saying({ price: { raw: 100 } }), /^QUOTE_INVALID$/],
    ['a market time two days ahead', saying({ time: time + 2 * 86_400 }), /^QUOTE_INVALID$/],
    ['a market time in milliseconds', saying({ time: time * 1000 }), /^QUOTE_INVALID$/],
    ['no market time', saying({ time: undefined }), /^QUOTE_INVALID$/],
    ['a market time of null', saying({ time: null }), /^QUOTE_INVALID$/],
    ['a market time of 0', saying({ time: 0 }), /^QUOTE_INVALID$/],
    ['a market time as text', saying({ time: '2026-01-05' }), /^QUOTE_INVALID$/],
    ['HTML with status 200', { body: '<!doctype html><p>We will be right back' }, /^PROVIDER_UNAVAILABLE$/],
    ['an empty body', { body: '' }, /^PROVIDER_UNAVAILABLE$/],
    ['JSON null', { body: 'null' }, /^PROVIDER_UNAVAILABLE$/],
    ['a JSON list', { body: '[]' }, /^PROVIDER_UNAVAILABLE$/],
    ['an error with status 200', { body: `{"error":"not for ${SECRET}"}` }, /^PROVIDER_UNAVAILABLE$/],
    ['JSON that ends half way', { body: good.slice(0, good.length / 2) }, /^PROVIDER_UNAVAILABLE$/],
    ['a connection cut half way', { body: good.slice(0, good.length / 2), manner: 'cut' }, /^PROVIDER_UNAVAILABLE$/],
    ['a good price with status 500', { status: 500, body: good }, /^PROVIDER_UNAVAILABLE$/],
    ['a good price with status 401', { status: 401, body: good }, /^PROVIDER_(REFUSED|UNAVAILABLE)$/],
    ['a good price with status 403', { status: 403, body: good }, /^PROVIDER_(REFUSED|UNAVAILABLE)$/],
    ['a good price with status 429', { status: 429, body: good }, /^PROVIDER_RATE_LIMITED$/],
    ['a redirect', { status: 302, headers: { location: '/elsewhere' } }, /^PROVIDER_UNAVAILABLE$/],
    ['silence', { manner: 'hang' }, /^PROVIDER_TIMEOUT$/],
  ];
}

function expectEachOnce(batch: QuoteBatch, symbols: readonly string[]): void {
  const accounted = [...batch.quotes, ...batch.failures].map(({ symbol }) => symbol);
  expect(accounted.sort()).toEqual([...symbols].sort());
}

function expectBelievable({ raw, quotes }: QuoteBatch): void {
  expect(raw).not.toBeNull();
  expect(JSON.parse(JSON.stringify(raw))).toBeTruthy();
  for (const { symbol, price, observedAt, volume, sequence } of quotes) {
    expect(isPrice(price, symbol)).toBe(true);
    expect(observedAt.getTime()).toBeGreaterThan(0);
    expect(observedAt.getTime()).toBeLessThanOrEqual(Date.now() + MAX_AHEAD_MS);
    expect(volume === null || volume >= 0).toBe(true);
    expect(Number.isInteger(sequence) && sequence >= 0).toBe(true);
  }
}
