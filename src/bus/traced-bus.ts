import { currentTraceparent, inSpan, isTracing, type SpanOptions, withRemoteParent } from '../platform/trace';
import type { BatchHandler, Bus, BusRecord, Message, Subscription } from './bus';

/**
 * A bus whose publishes and batches are spans while the process traces, and the same bus otherwise. Only messages that already name their cause in `traceparent`
 * carry one: it becomes that of the publish, so that whoever handles the message is told where it came from. One span stands for a whole batch.
 */
export function tracedBus(bus: Bus): Bus {
  return {
    ...bus,
    publish: (messages) => (isTracing() ? publishInSpan(bus, messages) : bus.publish(messages)),
    subscribe: (subscription) => bus.subscribe({ ...subscription, handle: handleInSpan(subscription) }),
  };
}

function publishInSpan(bus: Bus, messages: readonly Message[]): Promise<void> {
  const cause = currentTraceparent();
  const topics = [...new Set(messages.map(({ topic }) => topic))].join(', ');
  const options: SpanOptions = {
    kind: 'producer',
    attributes: { ...attributesOf(topics, 'send', 'publish'), 'messaging.batch.message_count': messages.length },
  };
  return inSpan(`publish ${topics}`, options, () => {
    const traceparent = currentTraceparent();
    return bus.publish(messages.map((message) => handedOn(message, cause, traceparent)));
  });
}

/** A dead letter keeps the `traceparent` it came with: that names another span than the current one. */
function handedOn(message: Message, cause: string | undefined, traceparent: string | undefined): Message {
  if (cause === undefined || traceparent === undefined || message.headers?.traceparent !== cause) return message;
  return { ...message, headers: { ...message.headers, traceparent } };
}

function handleInSpan({ group, handle }: Subscription): BatchHandler {
  return (records, context) => {
    const [first] = records;
    if (!isTracing() || !first) return handle(records, context);
    const causes = causesOf(records);
    const options: SpanOptions = {
      kind: 'consumer',
      links: [...causes].filter((cause) => cause !== ''),
      attributes: {
        ...attributesOf(first.topic, 'process', 'process'),
        'messaging.consumer.group.name': group,
        'messaging.destination.partition.id': String(first.partition),
        'messaging.kafka.offset': first.offset,
        'messaging.batch.message_count': records.length,
      },
    };
    const [parent] = causes;
    const work = () => inSpan(`process ${first.topic}`, options, () => handle(records, context));
    return withRemoteParent(causes.size === 1 ? parent : undefined, work);
  };
}

/**
 * The causes that the records name, the empty text for those that name none. A batch of one cause goes on with its trace, as a single message may; of
 * several it is a trace of its own that links to them: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 */
function causesOf(records: readonly BusRecord[]): ReadonlySet<string> {
  return new Set(records.map(({ headers }) => headers.traceparent?.toString('latin1').slice(0, 64) ?? ''));
}

function attributesOf(topic: string, type: string, operation: string) {
  return {
    'messaging.system': 'kafka',
    'messaging.destination.name': topic,
    'messaging.operation.type': type,
    'messaging.operation.name': operation,
  };
}
