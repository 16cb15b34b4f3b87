import type { SessionPrices } from '../../src/models/missing-data';
import { alignHistory } from '../../src/models/missing-data';
import type { AlignedHistory, HistoryNeed } from '../../src/models/model';

/** `count` days from 2024-01-01. */
export function madeSessions(count: number): string[] {
  return Array.from({ length: count }, (_, day) => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10));
}

/** Prices that wander, the same for the same seed: a linear congruential generator moves them by at most 2 % a session. */
export function madeSeries(seed: number, count: number): SessionPrices[] {
  let state = seed;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  let last = 50 + 10 * (seed % 7);
  return madeSessions(count).map((session) => {
    const open = last * (1 + 0.01 * (next() - 0.5));
    const close = open * (1 + 0.04 * (next() - 0.49));
    last = close;
    const high = Math.max(open, close) * (1 + 0.01 * next());
    return { session, open, high, low: Math.min(open, close) * (1 - 0.01 * next()), close };
  });
}

/** What a runner would hand to a model that asks for `need`. */
export function madeHistory(need: HistoryNeed, count = 120): AlignedHistory {
  return alignHistory(need, new Map(need.symbols.map((symbol, place) => [symbol, madeSeries(place + 1, count)])));
}
