import { openProviders } from '../../src/providers/open-provider';
import { defineProvider, type Providers, type Quote, type QuoteBatch } from '../../src/providers/provider';

/** A quote of `symbol` that is a second old. */
export function aQuote(symbol: string, changes: Partial<Quote> = {}): Quote {
  return {
    symbol,
    price: 100,
    currency: 'USD',
    volume: 10,
    observedAt: new Date(Date.now() - 1000),
    sequence: 0,
    ...changes,
  };
}

/** The real guards around one provider named `tested`, whose answers the test gives; `calls` records the symbols of each call. */
export function providersAnswering(
  answer: (symbols: readonly string[]) => QuoteBatch | Promise<QuoteBatch>,
  { maxSymbolsPerCall = 50 } = {},
): { providers: Providers; calls: string[][] } {
  const calls: string[][] = [];
  const tested = defineProvider({
    name: 'tested',
    aliases: [],
    title: 'A provider of the tests',
    documentation: null,
    variables: [],
    limits: [{ name: 'second', limit: 1_000, windowMs: 1_000 }],
    maxSymbolsPerCall,
    timeoutMs: 2_000,
    open: () => ({
      fetchQuotes: async (symbols) => {
        calls.push([...symbols]);
        return answer(symbols);
      },
    }),
  });
  const providers = openProviders({ environment: {}, takeQuota: () => Promise.resolve(0), definitions: [tested] });
  return { providers, calls };
}

/** A batch that has every symbol at `price`. */
export function quotesAt(price: number): (symbols: readonly string[]) => QuoteBatch {
  return (symbols) => ({ raw: { price }, quotes: symbols.map((symbol) => aQuote(symbol, { price })), failures: [] });
}
