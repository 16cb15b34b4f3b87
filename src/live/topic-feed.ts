import { randomUUID } from 'node:crypto';
import type { Bus, BusRecord, RunningSubscription } from '../bus/bus';
import type { Topic } from '../bus/topics';
import type { Clock } from '../platform/clock';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';

const MAX_BATCH = 1_000;
/** How long after a failed attempt a topic is subscribed again. */
const AGAIN_MS = 5_000;

export interface TopicFeedOptions<Event> {
  readonly bus: Bus;
  readonly topic: Pick<Topic<unknown, Event>, 'name' | 'decode'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Told every event published from the start on; records that are none are left out. */
  readonly take: (events: readonly Event[]) => void;
}

/**
 * Follows a topic from now on, as a group of this process alone: every process tells its own clients, so each must see every record, and none is to read what was
 * published before. A broker that is away is tried again until it is there.
 */
export class TopicFeed<Event> {
  readonly #options: TopicFeedOptions<Event>;
  #isOn = false;
  #joining = new AbortController();
  #work: Promise<void> = Promise.resolve();
  #running: RunningSubscription | undefined;
  #again: NodeJS.Timeout | undefined;

  constructor(options: TopicFeedOptions<Event>) {
    this.#options = options;
  }

  /** Safe twice; the subscription follows in the background. */
  start(): void {
    this.#isOn = true;
    this.#settle();
  }

  /** Resolves when the group was left. */
  async stop(): Promise<void> {
    this.#isOn = false;
    this.#joining.abort();
    clearTimeout(this.#again);
    this.#settle();
    await this.#work;
  }

  #settle(): void {
    this.#work = this.#work.then(() => (this.#isOn ? this.#subscribe() : this.#unsubscribe()));
  }

  async #subscribe(): Promise<void> {
    if (this.#running) return;
    const { bus, topic } = this.#options;
    this.#joining = new AbortController();
    try {
      this.#running = await bus.subscribe({
        group: `live-${randomUUID()}`,
        topic: topic.name,
        startAt: 'now',
        signal: this.#joining.signal,
        maxBatch: MAX_BATCH,
        handle: async (records) => this.#hand(records),
        onFatal: (error) => this.#retry(error),
      });
    } catch (error) {
      this.#retry(error);
    }
  }

  async #unsubscribe(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.stop().catch((error: unknown) => this.#warn(error, 'a live subscription did not stop'));
  }

  #retry(error: unknown): void {
    if (!this.#isOn) return;
    this.#warn(error, 'a live topic cannot be read, trying again');
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      this.#work = this.#work.then(() => this.#unsubscribe());
      this.#settle();
    }, AGAIN_MS);
  }

  #warn(error: unknown, message: string): void {
    this.#options.log.warn({ topic: this.#options.topic.name, error: messageOf(error) }, message);
  }

  #hand(records: readonly BusRecord[]): void {
    const { topic, clock, take } = this.#options;
    const now = clock();
    const events = records.flatMap((record) => {
      const decoded = topic.decode(record, now);
      return decoded.ok ? [decoded.event] : [];
    });
    if (events.length > 0) take(events);
  }
}
