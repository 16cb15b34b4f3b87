import { z } from 'zod';
import { isSymbol } from '../domain/symbol';
import { TickwireError } from '../platform/errors';
import { fieldsOf, toText } from './bar-rules';
import type { GuardedCall, HistorySource } from './provider';
import type { AskTwelveData, TwelveDataAnswer } from './twelvedata-http';
import { toTicker, toTwelveDataSpelling } from './twelvedata-symbol';
import { unavailable } from './vendor-http';

type Reference = Required<Pick<HistorySource, 'fetchMetadata' | 'fetchSymbols'>>;
type Metadata = Awaited<ReturnType<Reference['fetchMetadata']>>['metadata'];
type Listed = Awaited<ReturnType<Reference['fetchSymbols']>>[number];

/**
 * What Twelve Data knows of instruments: `/profile` (10 credits, from the Grow plan), `/symbol_search` (1 credit, at most 120 results) and `/stocks` of an
 * exchange, or with `exchange:US` of the United States (1 credit). Source: https://twelvedata.com/docs
 */
export function openTwelveDataReference(ask: AskTwelveData, call: GuardedCall): Reference {
  return {
    fetchMetadata: async (symbol, signal) => {
      const params = { symbol: toTwelveDataSpelling(symbol) };
      const answer = await call((ending) => ask('/profile', params, ending), signal);
      if (answer.kind !== 'data')
        throw new TickwireError('SYMBOL_UNKNOWN', `${symbol}: twelvedata has no profile of it`);
      return { raw: answer.body, metadata: toMetadata(answer.body, symbol) };
    },
    fetchSymbols: async (text, signal) => {
      const [path, params] = searchOf(text);
      return toSymbols(await call(async (ending) => toEntries(await ask(path, params, ending)), signal));
    },
  };
}

function searchOf(text: string): [path: string, params: Readonly<Record<string, string>>] {
  const [, exchange] = /^exchange:(.+)$/i.exec(text) ?? [];
  if (exchange === undefined) return ['/symbol_search', { symbol: text, outputsize: '120' }];
  return ['/stocks', exchange.toUpperCase() === 'US' ? { country: 'US' } : { exchange }];
}

/**
 * The instrument in an answer of `/profile`, which names no currency and no market capitalisation.
 * @throws PROVIDER_UNAVAILABLE when the answer is about none, or another one.
 */
export function toMetadata(raw: unknown, symbol: string): Metadata {
  const profile = fieldsOf(raw);
  const ticker = toTicker(toTwelveDataSpelling(symbol));
  if (profile.symbol !== ticker) {
    throw unavailable('twelvedata', `answered 200: expected the profile of ${ticker}, got another or none`);
  }
  return {
    symbol,
    name: toText(profile.name),
    sector: toText(profile.sector),
    industry: toText(profile.industry),
    currency: null,
    exchange: toText(profile.exchange),
    marketCap: null,
    source: 'twelvedata',
  };
}

const listed = z.looseObject({ symbol: z.string(), exchange: z.string().optional(), country: z.string().optional() });

/**
 * Instruments of a search or of an exchange, each spelling once. Those of the United States, currencies and crypto are spelled without an exchange, all
 * others with it (`VOD:LSE`). What cannot be a symbol of the pipeline is left out.
 */
export function toSymbols(entries: readonly unknown[]): Listed[] {
  const found = new Map<string, Listed>();
  for (const entry of entries) {
    const parsed = listed.safeParse(entry).data;
    if (!parsed) continue;
    const isPlain = parsed.country === 'United States' || parsed.symbol.includes('/');
    const spelling = isPlain ? parsed.symbol : `${parsed.symbol}:${parsed.exchange}`;
    const vendorSymbol = { vendor: 'twelvedata', spelling, validFrom: null, validTo: null };
    const name = toText(parsed.instrument_name ?? parsed.name);
    if (isSymbol(spelling) && !found.has(spelling)) found.set(spelling, { symbol: spelling, vendorSymbol, name });
  }
  return [...found.values()];
}

function toEntries(answer: TwelveDataAnswer): readonly unknown[] {
  if (answer.kind !== 'data') return [];
  const { data } = fieldsOf(answer.body);
  if (Array.isArray(data)) return data;
  throw unavailable('twelvedata', 'answered 200: expected a list of symbols in data, got something else');
}
