import { type BarInterval, INTERVAL_MS } from './bar';

/** Slots of one chunk of bits, 1024 of them in 32 words. */
const CHUNK_BITS = 10;
const WORDS = 32;

/**
 * The bars of one series that have been seen, a bit for each: a million daily bars take a few hundred kilobytes, so that a load of any length can tell
 * a repeated session from a new one. Two instants of one interval's slot (one UTC day, one UTC minute) are the same bar.
 */
export interface SessionSet {
  has(startAt: Date): boolean;
  add(startAt: Date): void;
}

/** Number of the slot of `interval` that an instant falls into: of the UTC day for daily bars. */
export function slotOfBar(interval: BarInterval, startAt: Date): number {
  return Math.floor(startAt.getTime() / INTERVAL_MS[interval]);
}

/** An empty set for bars of `interval`. */
export function openSessionSet(interval: BarInterval): SessionSet {
  const chunks = new Map<number, Int32Array>();
  const slotOf = (startAt: Date) => slotOfBar(interval, startAt);
  const chunkOf = (slot: number) => Math.floor(slot / (1 << CHUNK_BITS));
  const wordOf = (slot: number) => (slot >> 5) & (WORDS - 1);
  return {
    has(startAt) {
      const slot = slotOf(startAt);
      const word = chunks.get(chunkOf(slot))?.[wordOf(slot)] ?? 0;
      return (word & (1 << (slot & 31))) !== 0;
    },
    add(startAt) {
      const slot = slotOf(startAt);
      const chunk = chunks.get(chunkOf(slot)) ?? new Int32Array(WORDS);
      const word = wordOf(slot);
      chunk[word] = (chunk[word] ?? 0) | (1 << (slot & 31));
      chunks.set(chunkOf(slot), chunk);
    },
  };
}
