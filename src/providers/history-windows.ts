import { assetClassOf } from '../domain/bar';
import type { CorporateAction } from '../domain/corporate-action';
import { sessionStartOf } from '../domain/market-calendar';
import type { HistoryPage } from './provider';

/** Part of a range: `start` is in it, `end` is not. */
export interface Window {
  readonly start: Date;
  readonly end: Date;
}

/** Cuts a range into parts of at most `spanMs`, oldest first; none for a range without a length. */
export function* windowsOf({ start, end }: Window, spanMs: number): Generator<Window> {
  for (let fromMs = start.getTime(); fromMs < end.getTime(); fromMs += spanMs) {
    yield { start: new Date(fromMs), end: new Date(Math.min(fromMs + spanMs, end.getTime())) };
  }
}

/** The first and the last day, in UTC, that a window touches. A daily bar that starts in the window is dated one of them or a day between. */
export function daysOf({ start, end }: Window): { readonly first: string; readonly last: string } {
  return { first: start.toISOString().slice(0, 10), last: new Date(end.getTime() - 1).toISOString().slice(0, 10) };
}

/**
 * The page of a window. What a vendor told beyond it (it counts in days, or takes an end for part of a range) is left out: it is told by the page it belongs
 * to, and a request that is resumed at `next` repeats nothing and misses nothing.
 */
export function pageOf({ start, end }: Window, told: Omit<HistoryPage, 'next'>): HistoryPage {
  const isIn = (instant: Date) => instant >= start && instant < end;
  const exAt = ({ exDate, symbol }: CorporateAction) => sessionStartOf(exDate, assetClassOf(symbol));
  return {
    ...told,
    bars: told.bars.filter(({ startAt }) => isIn(startAt)),
    actions: told.actions.filter((action) => isIn(exAt(action))),
    next: end,
  };
}
