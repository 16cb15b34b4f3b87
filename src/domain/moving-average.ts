import { compareEventKeys, type EventKey } from './price-event';

/** How many events beyond the window are kept, so that a late one can still take its place. */
export const SLACK_EVENTS = 64;

/** One price as a window remembers it. */
export interface WindowEntry extends EventKey {
  readonly price: number;
}

/** The newest events of one (symbol, provider) in event order, oldest first. */
export interface AverageWindow {
  readonly entries: readonly WindowEntry[];
  /** True once older events were dropped: then the first entries have predecessors this window no longer knows. */
  readonly truncated: boolean;
}

/** A mean and the entry it ends at. */
export interface WindowAverage {
  readonly last: WindowEntry;
  readonly average: number;
}

export interface Advance {
  readonly window: AverageWindow;
  /** False when every event was known or too old: then the window needs no saving. */
  readonly changed: boolean;
  /** A row for every entry whose window the events touched, in event order. */
  readonly averages: readonly WindowAverage[];
  /** Events older than the window can place: late beyond the slack, or already counted and delivered again. */
  readonly beyondSlack: readonly WindowEntry[];
}

export const EMPTY_WINDOW: AverageWindow = { entries: [], truncated: false };

/**
 * Takes events in any order into a window of `size` prices and says which averages they make or change.
 * Pure and idempotent: an event that is already in the window changes nothing and gives its rows again.
 */
export function advanceWindow(window: AverageWindow, events: readonly WindowEntry[], size: number): Advance {
  const entries = [...window.entries];
  const touched = new Set<number>();
  const beyondSlack: WindowEntry[] = [];

  // In event order, each place is behind the one before, so indices marked earlier stay within what is marked.
  for (const event of [...events].sort(compareEventKeys)) {
    const position = placeOf(event, entries);
    const known = entries[position]?.eventId === event.eventId;
    if (window.truncated && position < size - 1) beyondSlack.push(event);
    if (window.truncated && position === 0 && !known) continue;
    if (!known) entries.splice(position, 0, entryOf(event));
    for (let index = Math.min(position + size, entries.length) - 1; index >= position; index -= 1) touched.add(index);
  }

  const averages = entries.flatMap((last, index) =>
    touched.has(index) && index >= size - 1 ? [{ last, average: meanOf(entries, index - size + 1, index) }] : [],
  );
  const changed = entries.length > window.entries.length;
  const kept = entries.slice(-(size + SLACK_EVENTS));
  const truncated = window.truncated || kept.length < entries.length;
  return { window: { entries: kept, truncated }, changed, averages, beyondSlack };
}

/** Index of the first entry that does not come before `event`; searched from the end, where new events belong. */
function placeOf(event: WindowEntry, entries: readonly WindowEntry[]): number {
  let position = entries.length;
  for (
    let before = entries[position - 1];
    before && compareEventKeys(event, before) <= 0;
    before = entries[position - 1]
  ) {
    position -= 1;
  }
  return position;
}

function entryOf({ observedAt, sequence, eventId, price }: WindowEntry): WindowEntry {
  return { observedAt, sequence, eventId, price };
}

/**
 * Arithmetic mean of the prices at `from` … `to`, rounded to 15 significant digits, with compensated summation (Neumaier 1974):
 * its error stays below half a unit of the 15th digit, so a mean that has at most 15 digits comes out exactly.
 */
export function meanOf(entries: readonly WindowEntry[], from: number, to: number): number {
  let sum = 0;
  let lost = 0;
  for (let index = from; index <= to; index += 1) {
    const price = entries[index]?.price ?? Number.NaN;
    const next = sum + price;
    lost += Math.abs(sum) >= Math.abs(price) ? sum - next + price : price - next + sum;
    sum = next;
  }
  return Number(((sum + lost) / (to - from + 1)).toPrecision(15));
}
