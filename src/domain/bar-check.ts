import type { Bar, QuarantinedBar, RawBar } from './bar';
import { type BarFault, barFaultOf } from './bar-fault';
import { openSessionSet, type SessionSet, slotOfBar } from './session-set';

/** Bars of one batch, parted. */
export interface CheckedBars {
  /** In the order given, each session at most once. */
  readonly good: readonly RawBar[];
  readonly quarantined: readonly QuarantinedBar[];
}

/** The good sessions of one series, and between which two they lie. */
export interface SeenSeries extends Pick<Bar, 'symbol' | 'interval' | 'source'> {
  readonly sessions: SessionSet;
  firstAt: Date;
  lastAt: Date;
}

/** Finds what earlier batches of the same load had for these sessions; more than that does no harm. */
export type FindEarlierBars = (repeated: readonly RawBar[]) => Promise<readonly RawBar[]>;

/** Parts the batches of one load, and remembers its sessions. */
export interface BarCheck {
  /**
   * A bar that breaks its own rules is quarantined. So is a session that comes a second time with other values; one that is told again with equal values
   * is ignored. `findEarlier` is asked only where a session of this batch was in an earlier one.
   */
  check(bars: readonly RawBar[], findEarlier: FindEarlierBars): Promise<CheckedBars>;
  /** What was good so far. */
  seen(): readonly SeenSeries[];
}

/** A check for one load of any number of series. */
export function openBarCheck(): BarCheck {
  const series = new Map<string, SeenSeries>();
  return {
    seen: () => [...series.values()],
    async check(bars, findEarlier) {
      const good: RawBar[] = [];
      const repeated: RawBar[] = [];
      const quarantined: QuarantinedBar[] = [];
      for (const bar of bars) {
        const fault = barFaultOf(bar);
        if (fault) quarantined.push(quarantinedOf(bar, fault));
        else (isNew(series, bar) ? good : repeated).push(bar);
      }
      if (repeated.length === 0) return { good, quarantined };
      return { good, quarantined: [...quarantined, ...(await differing(repeated, good, findEarlier))] };
    },
  };
}

/** The same for one load that is one batch. */
export function checkBars(bars: readonly RawBar[]): Promise<CheckedBars> {
  return openBarCheck().check(bars, () => Promise.resolve([]));
}

/** True, once, for each session of each series. */
function isNew(all: Map<string, SeenSeries>, { symbol, interval, source, startAt }: RawBar): boolean {
  const key = `${symbol} ${interval} ${source}`;
  const known = all.get(key);
  if (known?.sessions.has(startAt)) return false;
  const series = known ?? {
    symbol,
    interval,
    source,
    sessions: openSessionSet(interval),
    firstAt: startAt,
    lastAt: startAt,
  };
  if (!known) all.set(key, series);
  series.sessions.add(startAt);
  if (startAt < series.firstAt) series.firstAt = startAt;
  if (startAt > series.lastAt) series.lastAt = startAt;
  return true;
}

/** Those of `repeated` whose session has other values already. */
async function differing(
  repeated: readonly RawBar[],
  good: readonly RawBar[],
  findEarlier: FindEarlierBars,
): Promise<readonly QuarantinedBar[]> {
  const first = new Map(good.map((bar) => [slotKeyOf(bar), bar]));
  const elsewhere = repeated.filter((bar) => !first.has(slotKeyOf(bar)));
  const earlier = elsewhere.length > 0 ? await findEarlier(elsewhere) : [];
  for (const bar of earlier) first.set(slotKeyOf(bar), bar);
  return repeated.flatMap((bar) => {
    const before = first.get(slotKeyOf(bar));
    return before && hasSameValues(before, bar) ? [] : [quarantinedOf(bar, duplicateOf(before, bar))];
  });
}

function slotKeyOf({ symbol, interval, source, startAt }: RawBar): string {
  return `${symbol} ${interval} ${source} ${slotOfBar(interval, startAt)}`;
}

function hasSameValues(one: RawBar, other: RawBar): boolean {
  return valuesOf(one).every((value, place) => value === valuesOf(other)[place]);
}

function valuesOf({ startAt, open, high, low, close, volume }: RawBar): readonly (number | null)[] {
  return [startAt.getTime(), open, high, low, close, volume];
}

function duplicateOf(before: RawBar | undefined, bar: RawBar): BarFault {
  const session = bar.startAt.toISOString();
  const first = before ? valuesOf(before).slice(1).join(' ') : 'an earlier one';
  const detail = `${session}: expected each session once, got ${valuesOf(bar).slice(1).join(' ')} after ${first}`;
  return { reason: 'DUPLICATE_SESSION', detail };
}

function quarantinedOf(bar: RawBar, { reason, detail }: BarFault): QuarantinedBar {
  const { open, high, low, close, volume, ...rest } = bar;
  const fields = { open, high, low, close, volume };
  return { ...rest, reason, detail, fields: jsonSafe(fields) };
}

/** What JSON cannot hold, as text: it would become null. */
function jsonSafe(fields: Readonly<Record<string, number | null>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    ]),
  );
}
