import type { BarInterval } from '../domain/bar';
import type { BarCoverage } from '../store/history-store';
import type { Store } from '../store/store';

/**
 * The source whose bars of `interval` are read where the caller names none: the one with the most bars, of equals the first by name. Bars made of ticks
 * and the made-up ones of `fixture` come last, in this order. Undefined where there are none.
 */
export function chooseSource(coverage: readonly BarCoverage[], interval: BarInterval): string | undefined {
  const [best] = coverage
    .filter((each) => each.interval === interval)
    .sort((a, b) => rankOf(a.source) - rankOf(b.source) || b.bars - a.bars || (a.source < b.source ? -1 : 1));
  return best?.source;
}

/** The same of what is stored. Bars are counted only where there is a choice. */
export async function preferredSource(
  { bars }: Pick<Store, 'bars'>,
  symbol: string,
  interval: BarInterval,
): Promise<string | undefined> {
  const [first, ...others] = await bars.sources(symbol, interval);
  return others.length === 0 ? first : chooseSource(await bars.coverage(symbol), interval);
}

function rankOf(source: string): number {
  if (source === 'fixture') return 2;
  return source.startsWith('ticks:') ? 1 : 0;
}
