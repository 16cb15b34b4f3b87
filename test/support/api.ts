import type { RequestListener } from 'node:http';
import { createApp } from '../../src/api/app';
import type { ApiDependencies } from '../../src/api/dependencies';
import { openMemoryArtifacts } from '../../src/artifacts/memory';
import { openMemoryBus } from '../../src/bus/memory';
import { priceEvents } from '../../src/bus/topics';
import type { Cache } from '../../src/cache/cache';
import { openMemoryCache } from '../../src/cache/memory';
import { openLive } from '../../src/live/open-live';
import { MODELS } from '../../src/models';
import { TickwireError } from '../../src/platform/errors';
import { silentLog } from '../../src/platform/log';
import { silentMetrics } from '../../src/platform/metrics';
import { openProviders } from '../../src/providers/open-provider';
import { defineProvider, type ProviderDefinition, type QuoteFailure } from '../../src/providers/provider';
import { openMemoryStore } from '../../src/store/memory';
import type { Store } from '../../src/store/store';

/** Where the clock of an {@link anApi} stands at first. */
export const NOON = new Date('2026-01-05T12:00:00.000Z');

/** A vendor whose market the test makes. */
export interface TestVendor {
  readonly definition: ProviderDefinition;
  /** Symbols of each call, in order. */
  readonly calls: string[][];
  /** Price and market time of a symbol; symbols without are unknown to it. */
  quote(symbol: string, price: number, observedAt: Date): void;
  /** Every call fails like this from now on; undefined ends it. */
  fail(failure: Pick<QuoteFailure, 'code' | 'detail' | 'retryAfterMs'> | undefined): void;
  /** Every call waits for this from now on. */
  holdUntil(released: Promise<void>): void;
}

export function aVendor(changes: Partial<ProviderDefinition> = {}): TestVendor {
  const market = new Map<string, { price: number; observedAt: Date }>();
  const calls: string[][] = [];
  let failure: Pick<QuoteFailure, 'code' | 'detail' | 'retryAfterMs'> | undefined;
  let hold: Promise<void> = Promise.resolve();
  const definition = defineProvider({
    name: 'fixture',
    aliases: ['made-up'],
    title: 'A market made by the test',
    documentation: null,
    variables: [],
    limits: [],
    maxSymbolsPerCall: 100,
    timeoutMs: 5000,
    open: () => ({
      fetchQuotes: async (symbols) => {
        calls.push([...symbols]);
        await hold;
        const known = symbols.flatMap((symbol) => {
          const quote = failure ? undefined : market.get(symbol);
          return quote ? [{ symbol, ...quote, currency: 'USD', volume: 10, sequence: 0, marketCap: 1_000_000 }] : [];
        });
        const failures = symbols
          .filter((symbol) => !known.some((quote) => quote.symbol === symbol))
          .map((symbol) => ({
            symbol,
            ...(failure ?? { code: 'SYMBOL_UNKNOWN' as const, detail: `no ${symbol} here` }),
          }));
        return { raw: { symbols }, quotes: known, failures };
      },
    }),
    ...changes,
  });
  return {
    definition,
    calls,
    quote: (symbol, price, observedAt) => market.set(symbol, { price, observedAt }),
    fail: (next) => {
      failure = next;
    },
    holdUntil: (released) => {
      hold = released;
    },
  };
}

/** A provider that wants a key nobody gave. */
const keyless = aVendor({
  name: 'keyless',
  aliases: [],
  variables: [{ name: 'KEYLESS_API_KEY', purpose: 'its key', required: true, secret: true }],
}).definition;

export interface TestApi {
  readonly app: RequestListener;
  readonly dependencies: ApiDependencies;
  readonly store: Store;
  readonly cache: Cache;
  readonly vendor: TestVendor;
  /** Moves the clock forward. */
  pass(ms: number): void;
}

/** The whole API over memory adapters, a clock that stands still, and one vendor; dependencies can be replaced. */
export function anApi(
  changes: (standard: Omit<ApiDependencies, 'live'>) => Partial<Omit<ApiDependencies, 'live'>> = () => ({}),
): TestApi {
  let now = NOON;
  const clock = () => now;
  const vendor = aVendor();
  const standard: Omit<ApiDependencies, 'live'> = {
    store: openMemoryStore({ clock }),
    cache: openMemoryCache({ ttlSeconds: 300, defaultProvider: 'fixture', clock }),
    bus: openMemoryBus({}),
    providers: openProviders({
      environment: {},
      takeQuota: () => Promise.resolve(0),
      definitions: [vendor.definition, keyless],
    }),
    artifacts: openMemoryArtifacts(),
    models: MODELS,
    clock,
    log: silentLog,
    metrics: silentMetrics,
    security: {
      apiKeysRequired: false,
      apiKeySecret: undefined,
      rateLimitPerMinute: 0,
      trustProxy: [],
      allowedOrigins: [],
    },
    version: '1.2.3',
    defaults: { provider: 'fixture', intervalSeconds: 60, movingAverageWindow: 3 },
    consumers: [{ name: 'price-history', title: 'Stores every price', topic: priceEvents }],
  };
  const parts = { ...standard, ...changes(standard) };
  const dependencies = { ...parts, live: openLive(parts) };
  const pass = (ms: number) => {
    now = new Date(now.getTime() + ms);
  };
  const { store, cache } = dependencies;
  return { app: createApp(dependencies), dependencies, store, cache, vendor, pass };
}

/** `part` with every method, also of its parts, refusing like an outage; `calls` counts them. Methods named in `except` still work. */
export function down<Part extends object>(
  part: Part,
  code: 'CACHE_UNAVAILABLE' | 'STORE_UNAVAILABLE' | 'BUS_UNAVAILABLE',
) {
  const calls: string[] = [];
  const refusing = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (_target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value === 'object' && value !== null) return refusing(value);
        if (typeof value !== 'function') return value;
        return async () => {
          calls.push(String(name));
          throw new TickwireError(code, `SELECT secret FROM outage at /var/lib: ${String(name)}`);
        };
      },
    });
  return { part: refusing(part), calls };
}
