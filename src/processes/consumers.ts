import type { RunningSubscription } from '../bus/bus';
import { type ReliableHandler, reliably } from '../bus/reliably';
import { CONSUMERS } from '../consumers';
import type { Consumer, ConsumerDefinition } from '../consumers/consumer';
import { modelRunner } from '../consumers/model-runner';
import { movingAverage } from '../consumers/moving-average';
import { openWatchdog, type WatchedConsumer } from '../consumers/watchdog';
import type { JobRunner } from '../jobs/jobs';
import { systemClock } from '../platform/clock';
import { TickwireError } from '../platform/errors';
import { giveWay } from '../platform/priority';
import type { ProcessContext } from '../platform/run-process';
import type { Service } from '../platform/service';
import { countEach, timeEach } from './consumer-metrics';
import { metricsServices } from './metrics';
import { jobRunnerOf } from './model-runner';
import { openResources, type Resources } from './resources';

/** Of 19, the lowest priority. */
const NICE = 10;
const NICE_OF_AVERAGE = 2;

/** Consumers as a process of their own: those named, or all. @throws INVALID_INPUT for a name that is none. */
export function consumersProcess(names: readonly string[], { log, fatal }: ProcessContext): readonly Service[] {
  const definitions = definitionsOf(names);
  giveWay(niceOf(definitions), log);
  const resources = openResources(names.length === 1 ? `consumer-${names[0]}` : 'consumers', log, 'write');
  const { store, cache, bus } = resources;
  return [...metricsServices(resources), store, cache, bus, ...consumerServices(resources, definitions, fatal)];
}

/**
 * What catches up gives way to what answers. The average has most to do for an event and goes before the other consumers, so that they come to an end
 * together. The model-runner keeps leases: its threads give way to everything by themselves, and the session it may lead by the same measure.
 */
function niceOf(definitions: readonly Consumer[]): number {
  return definitions.some(({ name }) => name === movingAverage.name) ? NICE_OF_AVERAGE : NICE;
}

/** The consumers of these names, or all where none is given. @throws INVALID_INPUT listing the known ones. */
export function definitionsOf(names: readonly string[]): readonly Consumer[] {
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

/** One service for each consumer, a watchdog over them all, and the runner of model jobs where one of them wakes it. */
export function consumerServices(
  resources: Resources,
  definitions: readonly Consumer[],
  fatal: (error: unknown) => void,
): readonly Service[] {
  const runner = definitions.some(({ name }) => name === modelRunner.name) ? jobRunnerOf(resources) : undefined;
  const withJobs = { ...resources, jobs: runner ?? NO_RUNNER };
  const consumers = definitions.map((definition) => consumerService(withJobs, definition, fatal));
  const running = () => consumers.flatMap((consumer) => consumer.watched() ?? []);
  const first = runner ? [resources.artifacts, runner] : [];
  return [...first, ...consumers, openWatchdog({ consumers: running, fatal })];
}

interface ConsumerResources extends Resources {
  readonly jobs: Pick<JobRunner, 'wake'>;
}

const NO_RUNNER: ConsumerResources['jobs'] = { wake: () => undefined };

interface ConsumerService extends Service {
  /** What the watchdog looks at; undefined while it is not subscribed. */
  watched(): WatchedConsumer | undefined;
}

function consumerService(
  resources: ConsumerResources,
  definition: Consumer,
  fatal: (error: unknown) => void,
): ConsumerService {
  const { name, topic, maxBatch } = definition;
  const handler = definition.typed((typed) => handlerOf(resources, typed));
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

function handlerOf<Event>(
  resources: ConsumerResources,
  { name, topic, open }: ConsumerDefinition<Event>,
): ReliableHandler {
  const { store, cache, bus, config, jobs, metrics } = resources;
  const log = resources.log.child({ consumer: name });
  const count = countEach({ consumer: name, metrics, log });
  const handle = open({
    store,
    cache,
    log,
    metrics,
    count,
    jobs,
    movingAverageWindow: config.movingAverageWindow,
    volumeIsTraded: (provider) => resources.providers.volumeIsTraded(provider),
  });
  const reliable = reliably({
    group: name,
    topic,
    handle,
    publish: (messages) => bus.publish(messages),
    log,
    count,
    clock: systemClock,
  });
  return timeEach(reliable, { consumer: name, metrics });
}
