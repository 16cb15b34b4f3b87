import { assetClassOf } from '../domain/bar';

/**
 * Twelve Data's spelling of a symbol: `AAPL`, `BRK.B`, `VOD:LSE` for a listing on a named exchange, `EUR/USD`, `BTC/USD`. An index drops its `^`.
 * Source: https://twelvedata.com/docs (parameters)
 */
export function toTwelveDataSpelling(symbol: string): string {
  const assetClass = assetClassOf(symbol);
  if (assetClass === 'fx') return toPair(symbol);
  if (assetClass === 'crypto') return symbol.replace('-', '/');
  return symbol.replace(/^\^/, '').replace(/\.US$/, '');
}

/** `EURUSD=X` and `EUR-USD` are `EUR/USD`; `JPY=X` is what a dollar costs, `USD/JPY`. */
function toPair(symbol: string): string {
  const pair = symbol.replace(/=X$/, '').replace(/[/-]/, '');
  return pair.length === 3 ? `USD/${pair}` : `${pair.slice(0, 3)}/${pair.slice(3)}`;
}

/** What answers call a spelling: they name the exchange apart. */
export function toTicker(spelling: string): string {
  return spelling.split(':')[0] ?? spelling;
}
