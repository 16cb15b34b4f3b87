import { z } from 'zod';
import { DEAD_LETTERS, type DescribedTopic, TOPICS } from '../bus/topics';
import { instantSchema } from '../domain/instant';
import { type FrameDefinition, SOCKETS, type SocketDefinition } from './async-api-messages';

/** A message as the document has it. */
export interface AsyncApiMessage {
  readonly name: string;
  readonly title: string;
  readonly contentType: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly bindings?: { readonly kafka: { readonly key: { readonly type: 'string'; readonly description: string } } };
  readonly examples?: readonly { readonly name: string; readonly payload: unknown }[];
}

export interface AsyncApiChannel {
  readonly address: string;
  readonly title: string;
  readonly description?: string;
  readonly servers: readonly Reference[];
  readonly messages: Readonly<Record<string, AsyncApiMessage>>;
}

export interface AsyncApiOperation {
  /** Seen from the service: it sends, it receives. */
  readonly action: 'send' | 'receive';
  readonly channel: Reference;
  readonly summary: string;
  readonly messages: readonly Reference[];
}

interface Reference {
  readonly $ref: string;
}

/** As far as this service needs AsyncAPI 3.0. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly defaultContentType: string;
  readonly servers: Readonly<Record<string, object>>;
  readonly channels: Readonly<Record<string, AsyncApiChannel>>;
  readonly operations: Readonly<Record<string, AsyncApiOperation>>;
}

const SERVERS = {
  kafka: {
    host: '{bootstrapServers}',
    protocol: 'kafka',
    description: 'The log between the stages',
    variables: {
      bootstrapServers: { default: '127.0.0.1:9092', description: 'What KAFKA_BOOTSTRAP_SERVERS says' },
    },
  },
  api: {
    host: '{host}',
    protocol: 'ws',
    description:
      'The service that serves this document; wss behind TLS. Where keys are required: `Authorization: Bearer tw_…`, or `?ticket=` from `POST /api/v1/tickets`, good once',
    variables: { host: { default: '127.0.0.1:8000' } },
  },
};

/** AsyncAPI 3.0 of every topic and every socket, made from the very schemas that decode. */
export function asyncApiDocument(version: string): AsyncApiDocument {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'tickwire',
      version,
      description:
        'What tickwire publishes on Kafka, and what it tells browsers and programs over WebSockets. Delivery on Kafka is at least once; the ids of events are derived from ' +
        'their content, so that the same event twice is recognised.',
    },
    defaultContentType: 'application/json',
    servers: SERVERS,
    channels: {
      ...Object.fromEntries(TOPICS.map((topic) => [topic.name, topicChannel(topic)])),
      [DEAD_LETTERS]: DEAD_LETTER_CHANNEL,
      ...Object.fromEntries(SOCKETS.map((socket) => [socket.name, socketChannel(socket)])),
    },
    operations: Object.fromEntries([
      ...TOPICS.flatMap(topicOperations),
      [`send-${DEAD_LETTERS}`, operation('send', DEAD_LETTERS, 'Sets a record aside', ['record'])],
      ...SOCKETS.flatMap(socketOperations),
    ]),
  };
}

function topicChannel({ name, title, key, schema, example }: DescribedTopic): AsyncApiChannel {
  return {
    address: name,
    title,
    servers: [reference('servers', 'kafka')],
    messages: {
      event: {
        name,
        title,
        contentType: 'application/json',
        payload: jsonSchemaOf(schema),
        bindings: { kafka: { key: { type: 'string', description: `The ${key}` } } },
        examples: [{ name: 'typical', payload: example }],
      },
    },
  };
}

const DEAD_LETTER_CHANNEL: AsyncApiChannel = {
  address: DEAD_LETTERS,
  title: 'Records that could not be handled',
  description:
    'Key, bytes and headers as they came, and the headers `x-original-topic`, `-partition`, `-offset`, `-timestamp`, `x-error-code`, `x-error-message`, `x-attempts`, ' +
    '`x-consumer-group` and `x-first-failed-at`.',
  servers: [reference('servers', 'kafka')],
  messages: {
    record: {
      name: DEAD_LETTERS,
      title: 'The original bytes, whatever they are',
      contentType: 'application/octet-stream',
      payload: { type: 'string', format: 'binary' },
    },
  },
};

function topicOperations({ name, title, writerGroup }: DescribedTopic): [string, AsyncApiOperation][] {
  const sends: [string, AsyncApiOperation] = [`send-${name}`, operation('send', name, title, ['event'])];
  if (writerGroup === null) return [sends];
  const summary = `Read by the group ${writerGroup}, among others`;
  return [sends, [`receive-${name}`, operation('receive', name, summary, ['event'])]];
}

function socketChannel({ address, title, description, serverFrames, clientFrames }: SocketDefinition): AsyncApiChannel {
  return {
    address,
    title,
    description,
    servers: [reference('servers', 'api')],
    messages: Object.fromEntries([...serverFrames, ...clientFrames].map((frame) => [frame.name, frameMessage(frame)])),
  };
}

function frameMessage({ name, title, schema, example }: FrameDefinition): AsyncApiMessage {
  if (!schema) return { name, title, contentType: 'text/plain', payload: { type: 'string', const: example } };
  return {
    name,
    title,
    contentType: 'application/json',
    payload: jsonSchemaOf(schema),
    examples: [{ name: 'typical', payload: example }],
  };
}

function socketOperations({ name, serverFrames, clientFrames }: SocketDefinition): [string, AsyncApiOperation][] {
  const names = (frames: readonly FrameDefinition[]) => frames.map((frame) => frame.name);
  return [
    [`tell-${name}`, operation('send', name, 'What the service tells its clients', names(serverFrames))],
    [`hear-${name}`, operation('receive', name, 'What a client may say', names(clientFrames))],
  ];
}

function operation(
  action: 'send' | 'receive',
  channel: string,
  summary: string,
  messages: readonly string[],
): AsyncApiOperation {
  return {
    action,
    channel: reference('channels', channel),
    summary,
    messages: messages.map((name) => reference('channels', channel, 'messages', name)),
  };
}

function reference(...path: readonly string[]): Reference {
  return { $ref: `#/${path.join('/')}` };
}

/** In the dialect that AsyncAPI takes where nothing else is said. As input: readers are to ignore fields they do not know, so that fields can be added. */
function jsonSchemaOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def === instantSchema._zod.def) jsonSchema.format = 'date-time';
    },
  });
  return rest;
}
