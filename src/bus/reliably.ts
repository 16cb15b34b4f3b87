import { type Clock, pause } from '../platform/clock';
import { messageOf, type TickwireError, toTickwireError } from '../platform/errors';
import type { Log } from '../platform/log';
import type { BatchContext, BatchHandler, Bus, BusRecord, Message } from './bus';
import { type Letter, Postbox } from './postbox';
import type { Decoded, Topic } from './topics';

/** Waiting between retries: doubled each time from `firstMs` to at most `maxMs`, less a random part of up to a half. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

const DEFAULT_BACKOFF: Backoff = { firstMs: 100, maxMs: 10_000 };
const HEARTBEAT_EVERY_MS = 2_500;

export interface ReliablyOptions<Event> {
  readonly group: string;
  readonly topic: Pick<Topic<unknown, Event>, 'name' | 'writerGroup' | 'decode'>;
  /** The handler of a consumer: see `Handler` in `consumers/consumer.ts`. */
  handle(events: readonly Event[], signal: AbortSignal): Promise<readonly Message[]>;
  readonly publish: Bus['publish'];
  readonly log: Log;
  /** Counters: `handled`, `undecodable`, `retried`, `dead_lettered`, `dead_letters_lost`. */
  count(name: string, by: number): void;
  readonly clock: Clock;
  readonly backoff?: Backoff;
}

/**
 * What a consumer is at. `handling`: one call of its handler, or one publish, has been running since then. Where several partitions are handled at once, it is
 * that of the call that has been running longest.
 */
export interface HandlingStatus {
  readonly state: 'idle' | 'handling' | 'retrying';
  /** Epoch milliseconds, of the clock given. */
  readonly sinceMs: number;
}

export interface ReliableHandler {
  readonly handle: BatchHandler;
  /** For a watchdog: `retrying` is alive, however long; `handling` for too long is stuck. */
  status(): HandlingStatus;
}

/**
 * Makes a batch handler of a typed one; the only retry loop of the product. It decodes, calls the handler, publishes what came back, and resolves, so that the
 * bus commits. While an error is retryable it tries again, with backoff and heartbeats, until the signal aborts. Any other error makes it halve
 * the batch until the one event is found that cannot be handled; the events around it are handled in order.
 *
 * A failed publish repeats the publish, not the handling; one that is refused counts as a failure of the events it came from.
 * Dead letters go out last, right before the commit. Within the process a record is dead-lettered once, however often it is delivered; a crash between that
 * publish and the commit can bring a second letter for the same offset.
 */
export function reliably<Event>(options: ReliablyOptions<Event>): ReliableHandler {
  return new Reliably(options);
}

/** A record with its event. */
interface Item<Event> {
  readonly record: BusRecord;
  readonly event: Event;
}

/** How often a run of events has failed, and since when. */
interface Trouble {
  attempts: number;
  firstFailedAt: Date | undefined;
}

/** One delivery of one batch. */
interface Delivery {
  readonly context: BatchContext;
  readonly letters: Letter[];
  status: HandlingStatus;
}

class Reliably<Event> implements ReliableHandler {
  readonly #options: ReliablyOptions<Event>;
  readonly #backoff: Backoff;
  readonly #postbox: Postbox;
  readonly #deliveries = new Set<Delivery>();
  #idleSinceMs: number;

  constructor(options: ReliablyOptions<Event>) {
    this.#options = options;
    this.#backoff = options.backoff ?? DEFAULT_BACKOFF;
    this.#postbox = new Postbox(options);
    this.#idleSinceMs = options.clock().getTime();
  }

  readonly status = (): HandlingStatus => {
    const statuses = [...this.#deliveries].map(({ status }) => status);
    const [longest] = statuses.filter(({ state }) => state === 'handling').sort((a, b) => a.sinceMs - b.sinceMs);
    return longest ?? statuses[0] ?? { state: 'idle', sinceMs: this.#idleSinceMs };
  };

  readonly handle: BatchHandler = async (records, context) => {
    const beat = setInterval(() => void context.heartbeat(), HEARTBEAT_EVERY_MS);
    const delivery: Delivery = { context, letters: [], status: this.#statusNow('handling') };
    this.#deliveries.add(delivery);
    try {
      const items = this.#decode(records, delivery);
      if (items.length > 0) await this.#deliver(items, { attempts: 0, firstFailedAt: undefined }, delivery);
      await this.#post(records, delivery);
    } finally {
      clearInterval(beat);
      this.#deliveries.delete(delivery);
      this.#idleSinceMs = this.#options.clock().getTime();
    }
  };

  /** What cannot be decoded is a dead letter of the topic's writer group; the other groups count it and go on. */
  #decode(records: readonly BusRecord[], { letters }: Delivery): readonly Item<Event>[] {
    const { group, topic, clock } = this.#options;
    const now = clock();
    const items: Item<Event>[] = [];
    for (const record of records) {
      const decoded = decode(topic, record, now);
      if (decoded.ok) items.push({ record, event: decoded.event });
      else if (topic.writerGroup === group) letters.push(undecodable(record, group, decoded.detail, now));
    }
    const failures = records.length - items.length;
    if (failures > 0) this.#options.count('undecodable', failures);
    return items;
  }

  async #deliver(items: readonly Item<Event>[], trouble: Trouble, delivery: Delivery): Promise<void> {
    const { signal } = delivery.context;
    signal.throwIfAborted();
    const events = items.map(({ event }) => event);
    try {
      const messages = await this.#untilDone(() => this.#options.handle(events, signal), trouble, delivery);
      if (messages.length > 0) await this.#untilDone(() => this.#options.publish(messages), trouble, delivery);
      this.#options.count('handled', items.length);
    } catch (error) {
      if (signal.aborted) throw error;
      await this.#narrow(items, { error: toTickwireError(error), trouble }, delivery);
    }
  }

  async #narrow(
    items: readonly Item<Event>[],
    { error, trouble }: { error: TickwireError; trouble: Trouble },
    delivery: Delivery,
  ): Promise<void> {
    const [first] = items;
    if (first && items.length === 1) {
      delivery.letters.push({ record: first.record, failure: this.#failureOf(error, trouble) });
      return;
    }
    const middle = Math.ceil(items.length / 2);
    await this.#deliver(items.slice(0, middle), { ...trouble }, delivery);
    await this.#deliver(items.slice(middle), { ...trouble }, delivery);
  }

  #failureOf(error: TickwireError, { attempts, firstFailedAt }: Trouble): Letter['failure'] {
    return { group: this.#options.group, error, attempts, firstFailedAt: firstFailedAt ?? this.#options.clock() };
  }

  async #post(records: readonly BusRecord[], delivery: Delivery): Promise<void> {
    const open = this.#postbox.open(records, delivery.letters);
    if (open.length === 0) return;
    await this.#untilDone(() => this.#postbox.post(open), { attempts: 0, firstFailedAt: undefined }, delivery);
  }

  /** @throws what is not retryable, and anything once the signal has aborted. */
  async #untilDone<T>(work: () => Promise<T>, trouble: Trouble, delivery: Delivery): Promise<T> {
    const { signal } = delivery.context;
    for (let retries = 0; ; retries++) {
      delivery.status = this.#statusNow('handling');
      try {
        const result = await work();
        if (retries > 0) this.#options.log.info({ ...this.#name(), retries }, 'batch went through');
        return result;
      } catch (error) {
        if (signal.aborted) throw error;
        trouble.attempts += 1;
        trouble.firstFailedAt ??= this.#options.clock();
        if (!toTickwireError(error).retryable) throw error;
        await this.#wait(toTickwireError(error), retries, delivery);
      }
    }
  }

  async #wait(error: TickwireError, retries: number, delivery: Delivery): Promise<void> {
    const { signal } = delivery.context;
    const { firstMs, maxMs } = this.#backoff;
    const fullMs = Math.min(error.retryAfterMs ?? firstMs * 2 ** retries, maxMs);
    const backoffMs = Math.round(fullMs * (1 - Math.random() / 2));
    delivery.status = this.#statusNow('retrying');
    this.#options.count('retried', 1);
    const fields = { ...this.#name(), retries, backoffMs, code: error.code, error: messageOf(error) };
    if (retries === 0) this.#options.log.warn(fields, 'batch failed, trying again');
    else this.#options.log.debug(fields, 'batch failed again');
    await pause(backoffMs, signal);
    signal.throwIfAborted();
  }

  #name(): { group: string; topic: string } {
    return { group: this.#options.group, topic: this.#options.topic.name };
  }

  #statusNow(state: HandlingStatus['state']): HandlingStatus {
    return { state, sinceMs: this.#options.clock().getTime() };
  }
}

/** A decoder that throws is wrong, but must not stop the partition. */
function decode<Event>(topic: ReliablyOptions<Event>['topic'], record: BusRecord, now: Date): Decoded<Event> {
  try {
    return topic.decode(record, now);
  } catch (error) {
    return { ok: false, detail: messageOf(error) };
  }
}

function undecodable(record: BusRecord, group: string, detail: string, now: Date): Letter {
  const error = { code: 'EVENT_INVALID', message: detail } as const;
  return { record, failure: { group, error, attempts: 1, firstFailedAt: now } };
}
