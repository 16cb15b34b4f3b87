import { type Clock, systemClock } from '../platform/clock';
import { hash, unit } from './fixture-hash';
import { openFixtureHistory } from './fixture-history';
import { openFixtureNews } from './fixture-news';
import { defineProvider, type QuoteSource } from './provider';
import { partVerdicts, toQuote, unknownSymbol, type Verdict } from './quote-rules';

/**
 * Prices made up from the symbol and the second: for trying the product out, and for tests. Every symbol has one, except those that start with `BAD`.
 * Its history is 60 sessions of three symbols, its news one headline for each symbol and hour.
 */
export const fixture = defineProvider({
  name: 'fixture',
  aliases: [],
  title: 'Made-up prices that move every second; no network, no key. Symbols that start with BAD are unknown to it',
  documentation: null,
  variables: [],
  limits: [],
  maxSymbolsPerCall: 1000,
  timeoutMs: 1000,
  open: () => openFixture(systemClock),
  openHistory: () => openFixtureHistory(),
  openNews: () => openFixtureNews(systemClock),
});

/** US dollars and shares outstanding around which the known symbols move. */
const KNOWN: Readonly<Record<string, { base: number; shares: number }>> = {
  AAPL: { base: 230, shares: 14_800_000_000 },
  MSFT: { base: 430, shares: 7_430_000_000 },
  GOOGL: { base: 175, shares: 12_200_000_000 },
};

/** Swings around the base: share of it, and period in seconds. Their sum stays below 4 %. */
const SWINGS = [
  { share: 0.02, periodSeconds: 5501 },
  { share: 0.01, periodSeconds: 613 },
  { share: 0.005, periodSeconds: 67 },
  { share: 0.002, periodSeconds: 11 },
] as const;
const NOISE_SHARE = 0.001;

/** What the fixture answers for one symbol, as a vendor would spell it. */
export interface FixtureQuote {
  readonly symbol: string;
  /** US dollars, whole cents. */
  readonly price: number;
  readonly currency: 'USD';
  /** Shares traded since midnight UTC. */
  readonly volume: number;
  readonly market_cap: number;
  /** Epoch seconds. */
  readonly time: number;
}

/** A source whose market is open all day and has one price for each whole second of `clock`. */
export function openFixture(clock: Clock): QuoteSource {
  return {
    fetchQuotes: async (symbols) => {
      const now = clock();
      const second = Math.floor(now.getTime() / 1000);
      const quotes = symbols.filter(isKnown).map((symbol) => fixtureQuote(symbol, second));
      const verdicts = [
        ...quotes.map((quote) => believe(quote, now)),
        ...symbols.filter((symbol) => !isKnown(symbol)).map((symbol) => unknownSymbol(symbol, 'starts with BAD')),
      ];
      return { raw: { quotes }, ...partVerdicts(verdicts) };
    },
  };
}

/** A pure function of symbol and second: any process, at any time, says the same. Bounded within 4 % of the symbol's base price. */
export function fixtureQuote(symbol: string, second: number): FixtureQuote {
  const seed = hash(symbol);
  const { base, shares } = KNOWN[symbol] ?? {
    base: 20 + (seed % 48_000) / 100,
    shares: 1_000_000 * (50 + (seed % 5000)),
  };
  const swing = SWINGS.reduce(
    (sum, { share, periodSeconds }, index) =>
      sum + share * Math.sin(2 * Math.PI * (second / periodSeconds + unit(hash(`${symbol}/${index}`)))),
    0,
  );
  const noise = NOISE_SHARE * (2 * unit(hash(`${symbol}@${second}`)) - 1);
  const price = Math.round(base * (1 + swing + noise) * 100) / 100;
  const volume = (second % 86_400) * (10 + (seed % 500));
  return { symbol, price, currency: 'USD', volume, market_cap: Math.round(price * shares), time: second };
}

function isKnown(symbol: string): boolean {
  return !symbol.startsWith('BAD');
}

function believe({ symbol, price, currency, volume, market_cap: marketCap, time }: FixtureQuote, now: Date): Verdict {
  return toQuote(symbol, { symbol, price, currency, volume, marketCap, observedAtMs: time * 1000 }, now);
}
