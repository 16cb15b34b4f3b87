import type { ProviderDefinition, Quote, QuoteBatch, QuoteSource } from '../../src/providers/provider';

/** A quote of `symbol` at 100. */
export function aQuote(symbol: string, changes: Partial<Quote> = {}): Quote {
  const observedAt = new Date('2026-01-05T15:00:00.000Z');
  return { symbol, price: 100, currency: 'USD', volume: 1, observedAt, sequence: 0, ...changes };
}

/** An answer with a quote for each symbol. */
export function anAnswer(symbols: readonly string[]): QuoteBatch {
  return { raw: { said: symbols }, quotes: symbols.map((symbol) => aQuote(symbol)), failures: [] };
}

/** A provider whose vendor does what the test says. */
export function aProvider(
  fetchQuotes: QuoteSource['fetchQuotes'],
  changes: Partial<ProviderDefinition> = {},
): ProviderDefinition {
  return {
    name: 'scripted',
    aliases: ['script'],
    title: 'A vendor that does what the test says',
    documentation: null,
    variables: [],
    limits: [],
    maxSymbolsPerCall: 10,
    timeoutMs: 1000,
    open: () => ({ fetchQuotes }),
    ...changes,
  };
}
