import { TickwireError } from '../platform/errors';
import { FIXTURE_ACTIONS, fixtureBars } from './fixture-bars';
import { pageOf } from './history-windows';
import type { HistoryPage, HistoryRequest, HistorySource } from './provider';

const NAMES = { AAPL: 'Apple Inc.', MSFT: 'Microsoft Corporation', GOOGL: 'Alphabet Inc.' } as const;
const COMPANIES = {
  AAPL: { sector: 'Technology', industry: 'Consumer Electronics', marketCap: 3_404_000_000_000 },
  MSFT: { sector: 'Technology', industry: 'Software', marketCap: 3_194_900_000_000 },
  GOOGL: { sector: 'Communication Services', industry: 'Internet Content', marketCap: 2_135_000_000_000 },
} as const;
type KnownSymbol = keyof typeof NAMES;
const SYMBOLS: readonly KnownSymbol[] = ['AAPL', 'MSFT', 'GOOGL'];

/** A page is a month of sessions, so that a load has several and can be resumed between them. */
const PAGE_BARS = 20;

/** 60 made-up daily bars of AAPL, MSFT and GOOGL, with a dividend and a split: the same at any time. See `fixture-bars.ts`. */
export function openFixtureHistory(): HistorySource {
  return {
    intervals: ['1d'],
    async *fetchHistory(request) {
      yield* pagesOf(request);
    },
    fetchMetadata: async (symbol) => {
      const known = knownSymbol(symbol);
      const told = { name: NAMES[known], ...COMPANIES[known], currency: 'USD', exchange: 'NASDAQ' };
      return { raw: { symbol, ...told }, metadata: { symbol, ...told, source: 'fixture' } };
    },
    fetchSymbols: async (text) =>
      SYMBOLS.filter((symbol) => text === 'exchange:US' || isAbout(symbol, text)).map((symbol) => ({
        symbol,
        vendorSymbol: { vendor: 'fixture', spelling: symbol, validFrom: null, validTo: null },
        name: NAMES[symbol],
      })),
  };
}

function* pagesOf(request: HistoryRequest): Generator<HistoryPage> {
  const symbol = knownSymbol(request.symbol);
  const bars = fixtureBars().filter(
    (bar) => bar.symbol === symbol && bar.startAt >= request.start && bar.startAt < request.end,
  );
  const actions = FIXTURE_ACTIONS.filter((action) => action.symbol === symbol);
  let start = request.start;
  for (let from = 0; start < request.end; from += PAGE_BARS) {
    const end = bars[from + PAGE_BARS]?.startAt ?? request.end;
    const told = bars.slice(from, from + PAGE_BARS);
    yield pageOf({ start, end }, { raw: { bars: told.map(spell) }, bars: told, actions, faults: [] });
    start = end;
  }
}

/** A bar as a vendor would answer it. */
function spell({ startAt, open, high, low, close, volume }: HistoryPage['bars'][number]) {
  return { date: startAt.toISOString().slice(0, 10), open, high, low, close, volume };
}

function knownSymbol(symbol: string): KnownSymbol {
  const known = SYMBOLS.find((each) => each === symbol);
  if (known) return known;
  throw new TickwireError('SYMBOL_UNKNOWN', `${symbol}: fixture has the history of ${SYMBOLS.join(', ')} only`);
}

function isAbout(symbol: KnownSymbol, text: string): boolean {
  return `${symbol} ${NAMES[symbol]}`.toLowerCase().includes(text.trim().toLowerCase());
}
