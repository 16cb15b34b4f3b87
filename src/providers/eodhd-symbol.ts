import { assetClassOf } from '../domain/bar';

/**
 * EODHD's spelling of a symbol, `{ticker}.{exchange}`: `AAPL.US`, `BRK-B.US` (one dot only), `EURUSD.FOREX`, `BTC-USD.CC`, `GSPC.INDX`. What ends in
 * an exchange of EODHD's (`BMW.XETRA`, `BMW.F`) passes as it is; `.A` to `.C` are share classes.
 * Source: https://eodhd.com/financial-apis/list-supported-exchanges
 */
export function toEodhdSpelling(symbol: string): string {
  const assetClass = assetClassOf(symbol);
  if (assetClass === 'fx') return `${toPair(symbol)}.FOREX`;
  if (assetClass === 'crypto') return `${symbol.replace('/', '-')}.CC`;
  if (symbol.startsWith('^')) return `${symbol.slice(1)}.INDX`;
  if (/\.(?![A-C]$)[A-Z]{1,6}$/.test(symbol)) return symbol;
  return `${symbol.replaceAll('.', '-')}.US`;
}

/**
 * The pipeline's symbol of a listing, so that {@link toEodhdSpelling} gives the listing again: `BRK-B` of `US` is `BRK.B`; where there is no shorter
 * one, EODHD's own spelling.
 */
export function toPipelineSymbol(code: string, exchange: string): string {
  const shorter = [code.replace(/-([A-C])$/, '.$1'), code.replace(/^(...)(...)$/, '$1/$2'), `^${code}`];
  const spelling = `${code}.${exchange}`;
  return shorter.find((symbol) => toEodhdSpelling(symbol) === spelling) ?? spelling;
}

/** `EURUSD=X`, `EUR/USD` and `EUR-USD` are `EURUSD`; `JPY=X` is what a dollar costs, `USDJPY`. */
function toPair(symbol: string): string {
  const pair = symbol.replace(/=X$/, '').replace(/[/-]/, '');
  return pair.length === 3 ? `USD${pair}` : pair;
}
