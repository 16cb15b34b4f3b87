import { BAR_INTERVALS, type QuarantinedBar, type RawBar } from '../../domain/bar';
import { isSameBar, quarantineId, refuseGarbledYear } from '../bar-rules';
import type { Bars } from '../history-store';
import type { BarRows } from './bar-rows';

/** The bar tables and `ohlcv_quarantine` in memory. */
export function openMemoryBars(rows: BarRows): Bars {
  const quarantine = new Map<string, QuarantinedBar>();
  const write = (bar: RawBar) => {
    const newest = rows.revisionsOf(bar).at(-1);
    if (newest && isSameBar(newest, bar)) return 'unchanged';
    rows.append(bar);
    return newest ? 'corrected' : 'written';
  };

  return {
    async save(bars, quarantined) {
      const counts = { written: 0, unchanged: 0, corrected: 0, quarantined: quarantined.length };
      for (const { startAt } of bars) refuseGarbledYear(startAt.getUTCFullYear());
      for (const bar of bars) counts[write(bar)] += 1;
      for (const bar of quarantined) quarantine.set(quarantineId(bar), quarantine.get(quarantineId(bar)) ?? bar);
      return counts;
    },
    list: async ({ start, end, after, limit, ...series }) =>
      rows
        .newestOf(series)
        .filter(({ startAt }) => !start || startAt >= start)
        .filter(({ startAt }) => !end || startAt < end)
        .filter(({ startAt }) => !after || startAt > after)
        .slice(0, limit),
    listRevisions: async (bar) => rows.revisionsOf(bar),
    listQuarantined: async ({ symbol, source, limit }) =>
      [...quarantine]
        .filter(([, bar]) => bar.symbol === symbol && (source ?? bar.source) === bar.source)
        .sort(([idA, a], [idB, b]) => b.startAt.getTime() - a.startAt.getTime() || (idA < idB ? -1 : 1))
        .slice(0, limit)
        .map(([, bar]) => bar),
    sources: async (symbol, interval) =>
      rows
        .seriesOf(symbol)
        .filter((series) => series.interval === interval)
        .map(({ source }) => source)
        .sort(),
    async coverage(symbol) {
      const covered = rows.seriesOf(symbol).flatMap((series) => {
        const bars = rows.newestOf(series);
        const [first, last] = [bars[0], bars.at(-1)];
        const { source, interval } = series;
        return first && last
          ? [{ source, interval, bars: bars.length, firstAt: first.startAt, lastAt: last.startAt }]
          : [];
      });
      const order = ({ interval }: { interval: (typeof BAR_INTERVALS)[number] }) => BAR_INTERVALS.indexOf(interval);
      return covered.sort((a, b) => order(a) - order(b) || (a.source < b.source ? -1 : 1));
    },
  };
}
