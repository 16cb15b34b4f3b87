import { z } from 'zod';
import { isSymbol } from '../domain/symbol';
import { TickwireError } from '../platform/errors';
import { toText } from './bar-rules';
import type { AskEodhd, EodhdAnswer } from './eodhd-http';
import { toEodhdSpelling, toPipelineSymbol } from './eodhd-symbol';
import type { GuardedCall, HistorySource } from './provider';
import { unavailable } from './vendor-http';

type Reference = Required<Pick<HistorySource, 'fetchMetadata' | 'fetchSymbols'>>;
type Metadata = Awaited<ReturnType<Reference['fetchMetadata']>>['metadata'];
type Listed = Awaited<ReturnType<Reference['fetchSymbols']>>[number];

/**
 * What EODHD knows of instruments: `/fundamentals/{symbol}?filter=General,Highlights` (10 calls, needs a plan with fundamentals), `/search/{text}` (at
 * most 500 results, 1 call) and `/exchange-symbol-list/{exchange}` (1 call).
 */
export function openEodhdReference(ask: AskEodhd, call: GuardedCall): Reference {
  return {
    fetchMetadata: async (symbol, signal) => {
      const path = `/fundamentals/${encodeURIComponent(toEodhdSpelling(symbol))}`;
      const answer = await call((ending) => ask(path, { filter: 'General,Highlights' }, ending), signal);
      if (!answer.known) throw new TickwireError('SYMBOL_UNKNOWN', `${symbol}: eodhd answered 404`);
      return { raw: answer.body, metadata: toMetadata(answer.body, symbol) };
    },
    fetchSymbols: async (text, signal) => {
      const [, exchange] = /^exchange:(.+)$/i.exec(text) ?? [];
      const [path, params] = exchange
        ? [`/exchange-symbol-list/${encodeURIComponent(exchange.toUpperCase())}`, {}]
        : [`/search/${encodeURIComponent(text)}`, { limit: '500' }];
      const entries = await call(async (ending) => toEntries(await ask(path, params, ending)), signal);
      return toSymbols(entries, exchange?.toUpperCase());
    },
  };
}

const fundamentals = z.object({
  General: z.looseObject({ Code: z.string() }),
  Highlights: z.looseObject({}).nullish(),
});

/**
 * The instrument in an answer of `/fundamentals`; a field that is empty or `NA` is null.
 * @throws PROVIDER_UNAVAILABLE when the answer is about none, or another one.
 */
export function toMetadata(raw: unknown, symbol: string): Metadata {
  const parsed = fundamentals.safeParse(raw);
  const code = toEodhdSpelling(symbol).replace(/\.[^.]+$/, '');
  if (!parsed.success || parsed.data.General.Code !== code) {
    throw unavailable('eodhd', `answered 200: expected General.Code ${code}, got another instrument or none`);
  }
  const { General: general, Highlights: highlights } = parsed.data;
  const marketCap = highlights?.MarketCapitalization;
  return {
    symbol,
    name: toText(general.Name),
    sector: toText(general.Sector),
    industry: toText(general.Industry),
    currency: toText(general.CurrencyCode),
    exchange: toText(general.Exchange),
    marketCap: typeof marketCap === 'number' && marketCap > 0 && Number.isFinite(marketCap) ? marketCap : null,
    source: 'eodhd',
  };
}

const listed = z.looseObject({ Code: z.string(), Exchange: z.string().optional() });

/**
 * Listings of a search or of a whole exchange. The list of `US` names NYSE or NASDAQ as the exchange of an entry, which is not what its spelling ends in:
 * that is `exchange`. What cannot be a symbol of the pipeline (bonds have blanks) is left out.
 */
export function toSymbols(entries: readonly unknown[], exchange?: string): Listed[] {
  return entries.flatMap((entry) => {
    const parsed = listed.safeParse(entry);
    const suffix = exchange ?? parsed.data?.Exchange;
    if (!parsed.success || suffix === undefined) return [];
    const symbol = toPipelineSymbol(parsed.data.Code, suffix);
    if (!isSymbol(symbol)) return [];
    const vendorSymbol = {
      vendor: 'eodhd',
      spelling: `${parsed.data.Code}.${suffix}`,
      validFrom: null,
      validTo: null,
    };
    return [{ symbol, vendorSymbol, name: toText(parsed.data.Name) }];
  });
}

/** An exchange that EODHD does not know has no symbols. */
function toEntries(answer: EodhdAnswer): readonly unknown[] {
  if (!answer.known) return [];
  if (Array.isArray(answer.body)) return answer.body;
  throw unavailable('eodhd', 'answered 200: expected a list of symbols, got something else');
}
