import { setImmediate } from 'node:timers/promises';
import { TickwireError } from '../platform/errors';
import type { RunningSubscription, Subscription } from './bus';
import { within } from './deadline';
import type { MemoryGroup } from './memory-group';

const FIRST_BACKOFF_MS = 20;
const MAX_BACKOFF_MS = 5_000;
const IDLE_WAIT_MS = 1_000;
const STOP_DEADLINE_MS = 8_000;

interface Holding {
  readonly partition: number;
  readonly controller: AbortController;
}

interface HeldBack {
  readonly failures: number;
  readonly untilMs: number;
}

/** One member of a group in memory: hands over one chunk at a time, of the partitions it owns in turn. */
export class MemoryMember implements RunningSubscription {
  readonly #group: MemoryGroup;
  readonly #subscription: Subscription;
  readonly #heldBack = new Map<number, HeldBack>();
  readonly #loop: Promise<void>;
  #holding: Holding | undefined;
  #lastPartition = -1;
  #lastSignOfLifeMs = Date.now();
  #stopping = false;
  #stop: Promise<void> | undefined;

  constructor(group: MemoryGroup, subscription: Subscription) {
    this.#group = group;
    this.#subscription = subscription;
    group.join(this);
    this.#loop = this.#run();
  }

  lastSignOfLifeMs(): number {
    return this.#lastSignOfLifeMs;
  }

  stop(): Promise<void> {
    this.#stop ??= this.#leave();
    return this.#stop;
  }

  /** Called by the group after each change of its members. */
  leaveWhatIsLost(): void {
    if (this.#holding && !this.#group.owns(this, this.#holding.partition)) this.#holding.controller.abort();
  }

  async #leave(): Promise<void> {
    this.#stopping = true;
    this.#holding?.controller.abort();
    this.#group.bell.ring();
    const { group } = this.#subscription;
    const late = () => new TickwireError('TIMEOUT', `consumer ${group} did not stop within ${STOP_DEADLINE_MS} ms`);
    try {
      await within(this.#loop, STOP_DEADLINE_MS, late);
    } finally {
      this.#group.leave(this);
    }
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      this.#lastSignOfLifeMs = Date.now();
      const partition = this.#nextReady();
      if (partition === undefined) await this.#group.bell.wait(this.#idleMs());
      else await this.#deliver(partition);
      await setImmediate();
    }
  }

  #nextReady(): number | undefined {
    const count = this.#group.topic.partitions.length;
    for (let step = 1; step <= count; step++) {
      const partition = (this.#lastPartition + step) % count;
      const untilMs = this.#heldBack.get(partition)?.untilMs ?? 0;
      if (untilMs <= Date.now() && this.#group.owns(this, partition) && this.#group.isReady(partition))
        return partition;
    }
    return undefined;
  }

  #idleMs(): number {
    const now = Date.now();
    const waits = [...this.#heldBack.values()].map(({ untilMs }) => untilMs - now).filter((ms) => ms > 0);
    return Math.min(IDLE_WAIT_MS, ...waits);
  }

  async #deliver(partition: number): Promise<void> {
    this.#lastPartition = partition;
    const from = this.#group.position(partition);
    const records = this.#group.topic.partitions[partition]?.from(from, this.#subscription.maxBatch) ?? [];
    const controller = new AbortController();
    this.#holding = { partition, controller };
    this.#group.take(partition);
    try {
      await this.#subscription.handle(records, { signal: controller.signal, heartbeat: () => this.#heartbeat() });
      this.#group.commit(partition, from + records.length);
      this.#heldBack.delete(partition);
    } catch {
      if (!controller.signal.aborted) this.#holdBack(partition);
    } finally {
      this.#holding = undefined;
      this.#group.release(partition);
    }
  }

  /** The rejection itself is told by `reliably`; here the chunk only waits to be delivered again. */
  #holdBack(partition: number): void {
    const failures = (this.#heldBack.get(partition)?.failures ?? 0) + 1;
    const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), MAX_BACKOFF_MS);
    this.#heldBack.set(partition, { failures, untilMs: Date.now() + backoffMs });
  }

  async #heartbeat(): Promise<void> {
    this.#lastSignOfLifeMs = Date.now();
  }
}
