import type { RunningSubscription } from '../bus/bus';
import { type ReliableHandler, reliably } from '../bus/reliably';
import { CONSUMERS } from '../consumers';
import type { ConsumerDefinition } from '../consumers/consumer';
import { openWatchdog, type WatchedConsumer } from '../consumers/watchdog';
import type { PriceEvent } from '../domain/price-event';
import { systemClock } from '../platform/clock';
import { type Count, openCounters } from '../platform/counters';
import { TickwireError } from '../platform/errors';
import type { ProcessContext } from '../platform/run-process';
import type { Service } from '../platform/service';
import { openResources, type Resources } from './resources';

/** Counters of ordinary work; a retry has a log line of its own. */
const NOT_WORTH_A_WARNING = new Set(['handled', 'retried']);

/** Consumers as a process of their own: those named, or all. @throws INVALID_INPUT for a name that is none. */
export function consumersProcess(names: readonly string[], { log, fatal }: ProcessContext): readonly Service[] {
  const definitions = definitionsOf(names);
  const resources = openResources(names.length === 1 ? `consumer-${names[0]}` : 'consumers', log, 'write');
  const { store, cache, bus } = resources;
  return [store, cache, bus, ...consumerServices(resources, definitions, fatal)];
}

/** The consumers of these names, or all where none is given. @throws INVALID_INPUT listing the known ones. */
export function definitionsOf(names: readonly string[]): readonly ConsumerDefinition<PriceEvent>[] {
  const known = CONSUMERS.map((definition) => definition.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new TickwireError(
      'INVALID_INPUT',
      `consumer: expected one of ${known.join(', ')}, got ${unknown.join(', ')}`,
    );
  }
  return names.length === 0 ? CONSUMERS : CONSUMERS.filter((definition) => names.includes(definition.name));
}

/** One service for each consumer, and a watchdog over them all. */
export function consumerServices(
  resources: Resources,
  definitions: readonly ConsumerDefinition<PriceEvent>[],
  fatal: (error: unknown) => void,
): readonly Service[] {
  const consumers = definitions.map((definition) => consumerService(resources, definition, fatal));
  const running = () => consumers.flatMap((consumer) => consumer.watched() ?? []);
  return [...consumers, openWatchdog({ consumers: running, fatal })];
}

interface ConsumerService extends Service {
  /** What the watchdog looks at; undefined while it is not subscribed. */
  watched(): WatchedConsumer | undefined;
}

function consumerService(
  resources: Resources,
  definition: ConsumerDefinition<PriceEvent>,
  fatal: (error: unknown) => void,
): ConsumerService {
  const { name, topic, maxBatch } = definition;
  const handler = handlerOf(resources, definition);
  let subscription: RunningSubscription | undefined;
  return {
    name,
    async start() {
      const { handle } = handler;
      subscription = await resources.bus.subscribe({
        group: name,
        topic: topic.name,
        maxBatch,
        handle,
        onFatal: fatal,
      });
    },
    async stop() {
      await subscription?.stop();
    },
    watched() {
      const current = subscription;
      if (!current) return undefined;
      return { name, lastSignOfLifeMs: () => current.lastSignOfLifeMs(), status: () => handler.status() };
    },
  };
}

function handlerOf(resources: Resources, { name, topic, open }: ConsumerDefinition<PriceEvent>): ReliableHandler {
  const { store, cache, bus, config } = resources;
  const log = resources.log.child({ consumer: name });
  const warn = openCounters(log);
  const count: Count = (counter, by) => {
    if (!NOT_WORTH_A_WARNING.has(counter)) warn(counter, by);
  };
  const handle = open({ store, cache, log, count, movingAverageWindow: config.movingAverageWindow });
  return reliably({
    group: name,
    topic,
    handle,
    publish: (messages) => bus.publish(messages),
    log,
    count,
    clock: systemClock,
  });
}
