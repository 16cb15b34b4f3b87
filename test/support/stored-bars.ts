import type { QuarantinedBar, RawBar } from '../../src/domain/bar';
import { aSeries } from './series';

/** A daily bar of 2026-01-05 from `fixture`, of an equity no other test has unless it is named. */
export function aBar(changes: Partial<RawBar> = {}): RawBar {
  return {
    symbol: changes.symbol ?? aSeries().symbol,
    interval: '1d',
    startAt: new Date('2026-01-05T00:00:00.000Z'),
    open: 10,
    high: 12.5,
    low: 9.25,
    close: 11,
    volume: 1000,
    source: 'fixture',
    rawResponseId: null,
    ...changes,
  };
}

/** `count` bars of successive days, the first like `first`; each opens a hundredth higher than the one before. */
export function dailyBars(count: number, first: RawBar = aBar()): RawBar[] {
  return Array.from({ length: count }, (_, day) => ({
    ...first,
    startAt: new Date(first.startAt.getTime() + day * 86_400_000),
    open: first.open + day / 100,
  }));
}

/** A bar kept apart because its high is below its low. */
export function aQuarantinedBar(changes: Partial<QuarantinedBar> = {}): QuarantinedBar {
  const { symbol, interval, startAt, source, rawResponseId } = aBar({ symbol: changes.symbol ?? aSeries().symbol });
  return {
    symbol,
    interval,
    startAt,
    source,
    rawResponseId,
    reason: 'HIGH_BELOW_LOW',
    detail: 'high: expected at least the low 9, got 8',
    fields: { high: 8, low: '9', note: null },
    ...changes,
  };
}
