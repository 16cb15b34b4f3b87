import type { RawBar } from '../domain/bar';
import type { CorporateAction, CorporateActionKind } from '../domain/corporate-action';
import { parseInstant } from '../domain/instant';
import { MAX_AHEAD_MS } from '../domain/price-event';
import type { HistoryFault } from './provider';
import { spell } from './quote-rules';

/** An entry of an answer that was read, or why it could not be. */
export type Reading<Item> = { readonly item: Item } | { readonly fault: HistoryFault };

/** A vendor's fields of one bar, not yet believed. */
export interface BarFields {
  /** An invalid date where the vendor's time made no sense. */
  readonly startAt: Date;
  /** The time as the vendor spelled it, for the fault. */
  readonly time: unknown;
  readonly open: unknown;
  readonly high: unknown;
  readonly low: unknown;
  readonly close: unknown;
  /** Null or left out where the vendor says none. */
  readonly volume?: unknown;
}

/** What the bars of one answer have in common. */
export type BarSeries = Pick<RawBar, 'symbol' | 'interval' | 'source'>;

/** Where an entry stands in its answer, and our clock. */
export interface EntryPlace {
  readonly place: string;
  readonly now: Date;
}

/**
 * A bar whose fields are finite numbers and whose time is one, at most a day ahead of our clock; else a fault. Whether the numbers make sense (a price
 * of zero, a high below its low) is not judged here: such a bar is passed on, to be quarantined with its reason.
 */
export function readBar({ place, now }: EntryPlace, series: BarSeries, fields: BarFields): Reading<RawBar> {
  const { startAt, time, open, high, low, close } = fields;
  const volume = fields.volume ?? null;
  const fault = (name: string, expected: string, got: unknown) => faultOf(place, name, { expected, got });
  if (Number.isNaN(startAt.getTime())) return fault('time', 'the start of a bar', time);
  if (startAt.getTime() > now.getTime() + MAX_AHEAD_MS) return fault('time', 'none that is still to come', time);
  if (!isNumber(open)) return fault('open', 'a number', open);
  if (!isNumber(high)) return fault('high', 'a number', high);
  if (!isNumber(low)) return fault('low', 'a number', low);
  if (!isNumber(close)) return fault('close', 'a number', close);
  if (volume !== null && !isNumber(volume)) return fault('volume', 'a number', volume);
  return { item: { ...series, startAt, open, high, low, close, volume, rawResponseId: null } };
}

/** A vendor's fields of one dividend or split, not yet believed. */
export interface ActionFields {
  readonly kind: Exclude<CorporateActionKind, 'merger'>;
  readonly exDate: unknown;
  /** Cash for each share of a dividend; new shares for each old one of a split. */
  readonly value: unknown;
  readonly currency?: unknown;
}

/** A dividend or split on a day of the calendar, of more than nothing; else a fault. */
export function readAction(
  place: string,
  series: Pick<CorporateAction, 'symbol' | 'source'>,
  { kind, exDate, value, currency }: ActionFields,
): Reading<CorporateAction> {
  if (!isDay(exDate)) return faultOf(place, 'ex-date', { expected: 'a day such as 2026-01-05', got: exDate });
  if (!isNumber(value) || value <= 0) return faultOf(place, kind, { expected: 'a number above zero', got: value });
  const amounts =
    kind === 'dividend'
      ? { amount: value, currency: toText(currency), ratio: null }
      : { amount: null, currency: null, ratio: value };
  return { item: { ...series, kind, exDate, ...amounts, successor: null } };
}

/**
 * New shares for each old one, in a text that `spelling` takes the two numbers from, new shares first. What is no such text comes back as text, for the
 * rules to refuse: a bare number could be meant either way round.
 */
export function toRatio(value: unknown, spelling: RegExp): unknown {
  const [, added, before] = (typeof value === 'string' && spelling.exec(value)) || [];
  if (added === undefined) return typeof value === 'number' ? String(value) : value;
  return Number(added) / Number(before);
}

/** The fault of an entry: `detail` is "`name`: expected …, got …". */
export function faultOf(
  place: string,
  name: string,
  { expected, got }: { readonly expected: string; readonly got: unknown },
): { readonly fault: HistoryFault } {
  return { fault: { place, detail: `${name}: expected ${expected}, got ${spell(got)}` } };
}

/** Parts readings into what was read and what could not be. */
export function partReadings<Item>(readings: readonly Reading<Item>[]): { items: Item[]; faults: HistoryFault[] } {
  return {
    items: readings.flatMap((reading) => ('item' in reading ? [reading.item] : [])),
    faults: readings.flatMap((reading) => ('fault' in reading ? [reading.fault] : [])),
  };
}

/** True for a day that is in the calendar, `YYYY-MM-DD`. */
export function isDay(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(parseInstant(`${value}T00:00:00.000Z`));
}

/** A name as a vendor gives it; null where it gives none, in any of the ways that vendors say so. */
export function toText(value: unknown): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  return /^(|NA|N\/A|null|none)$/i.test(text) ? null : text;
}

/** The fields of an entry; none of what is no object. */
export function fieldsOf(item: unknown): Readonly<Record<string, unknown>> {
  return typeof item === 'object' && item !== null ? (item as Record<string, unknown>) : {};
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
