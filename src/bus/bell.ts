import { pause } from '../platform/clock';

/** Wakes all who wait at it. Nobody who checks its condition and then waits, without an await in between, misses a ring. */
export class Bell {
  #next = new AbortController();

  ring(): void {
    const rung = this.#next;
    this.#next = new AbortController();
    rung.abort();
  }

  /** Resolves at the next ring, at the latest after `ms`. */
  wait(ms: number): Promise<void> {
    return pause(ms, this.#next.signal);
  }
}
