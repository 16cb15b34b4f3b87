import type { Message } from '../bus/bus';
import type { Topic } from '../bus/topics';
import type { Cache } from '../cache/cache';
import type { JobRunner } from '../jobs/jobs';
import type { Log } from '../platform/log';
import type { Metrics } from '../platform/metrics';
import type { Store } from '../store/store';

/**
 * Handles a batch of typed events of one partition, in order, and returns what is to be published because of them. It holds no producer, commits no
 * offset and retries nothing: the bus decodes, calls, publishes what came back, then commits. The same events may come again, and must then
 * give the same result. @throws a retryable TickwireError to get the batch again; any other error sends the one event that causes it to `dead-letters`.
 */
export type Handler<Event> = (events: readonly Event[], signal: AbortSignal) => Promise<readonly Message[]>;

/** What a consumer may use, opened by the composition root. */
export interface ConsumerDependencies {
  readonly store: Store;
  readonly cache: Cache;
  readonly log: Log;
  readonly metrics?: Metrics;
  /** Runs model jobs, where the process has a runner. */
  readonly jobs: Pick<JobRunner, 'wake'>;
  /** Prices in a moving average. */
  readonly movingAverageWindow: number;
  /** Whether the volume of a provider's events is that of one trade, so that volumes may be added up. */
  volumeIsTraded(provider: string): boolean;
  /** Adds to a named counter of this consumer. */
  count(name: string, by: number): void;
}

/** One consumer: its group is its name. */
export interface ConsumerDefinition<Event> {
  readonly name: string;
  readonly title: string;
  readonly topic: Topic<Event>;
  /** Events handed over at once, at most. */
  readonly maxBatch: number;
  /** Makes the handler; runs once before the first event. */
  open(dependencies: ConsumerDependencies): Handler<Event>;
}

/** A consumer as the registry holds it: the type of its events stays between its topic and its handler. */
export interface Consumer extends Pick<ConsumerDefinition<unknown>, 'name' | 'title' | 'maxBatch'> {
  readonly topic: { readonly name: string };
  /** Hands the definition to `use` under its own type of event. */
  typed<Result>(use: <Event>(definition: ConsumerDefinition<Event>) => Result): Result;
}

/** Checks that the handler fits the topic. */
export function defineConsumer<Event>(definition: ConsumerDefinition<Event>): ConsumerDefinition<Event> & Consumer {
  return { ...definition, typed: (use) => use(definition) };
}
