import type { BusRecord } from './bus';

/** One partition in memory: an append-only list whose oldest records can be dropped. Offsets go on counting. */
export class MemoryLog {
  #records: BusRecord[] = [];
  #low = 0;

  /** Offset of the oldest record that is still there. */
  get low(): number {
    return this.#low;
  }

  /** Offset the next record will get. */
  get end(): number {
    return this.#low + this.#records.length;
  }

  append(record: Omit<BusRecord, 'offset'>): void {
    this.#records.push({ ...record, offset: String(this.end) });
  }

  /** At most `max` records from `offset` on, or from the oldest when that is gone. */
  from(offset: number, max: number): readonly BusRecord[] {
    const start = Math.max(offset - this.#low, 0);
    return this.#records.slice(start, start + max);
  }

  /** Drops what lies before `offset`. */
  dropBefore(offset: number): void {
    const dropped = Math.min(Math.max(offset - this.#low, 0), this.#records.length);
    if (dropped === 0) return;
    this.#records = this.#records.slice(dropped);
    this.#low += dropped;
  }
}
