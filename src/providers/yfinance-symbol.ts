import { assetClassOf } from '../domain/bar';

/**
 * Yahoo's spelling of a symbol: `BRK.B` is `BRK-B` (`.A` to `.C` are share classes; any other suffix, as in `BMW.DE` and `VOD.L`, is Yahoo's exchange),
 * `BTC/USD` is `BTC-USD`, `EUR/USD` and `EUR-USD` are `EURUSD=X`.
 */
export function toYahooSpelling(symbol: string): string {
  if (symbol.endsWith('=X')) return symbol;
  const assetClass = assetClassOf(symbol);
  if (assetClass === 'fx') return `${symbol.replace(/[-/]/, '')}=X`;
  if (assetClass === 'crypto') return symbol.replace('/', '-');
  return symbol.replace(/\.([A-C])$/, '-$1');
}

/** The pipeline's symbol of Yahoo's spelling: only a share class is spelled otherwise. */
export function toPipelineSymbol(spelling: string): string {
  const symbol = spelling.toUpperCase();
  return assetClassOf(symbol) === 'equity' ? symbol.replace(/-([A-C])$/, '.$1') : symbol;
}
