import type { ConnectionOptions } from 'node:tls';
import type { Kafka as KafkaClient, KafkaConfig, LogEntry, SASLOptions } from 'kafkajs';
import type { Certificates } from '../platform/certificates';
import type { KafkaLogin } from '../platform/config';
import { messageOf, TickwireError } from '../platform/errors';
import type { Log } from '../platform/log';
import { kafkaFaultOf } from './kafka-fault';
import { openKafkaSocket } from './kafka-socket';
import { Kafka, logLevel } from './kafkajs';

export interface KafkaOptions {
  readonly brokers: readonly string[];
  /** False for plain text; certificates for authorities or a certificate of our own. The broker's certificate and name are always checked. */
  readonly ssl: boolean | Certificates;
  readonly login?: KafkaLogin | undefined;
  readonly clientId: string;
  readonly log: Log;
}

/**
 * A client of its own for each use: kafkajs keeps committed offsets per client, which two members of one group must not share. Its retries are few: every
 * user of a client has its own way to begin anew.
 */
export function kafkaClient(
  { brokers, ssl, login, clientId, log }: KafkaOptions,
  requestTimeoutMs = 10_000,
): KafkaClient {
  const config: KafkaConfig = {
    clientId,
    brokers: [...brokers],
    ssl: tlsOf(ssl),
    socketFactory: openKafkaSocket,
    connectionTimeout: 2_000,
    requestTimeout: requestTimeoutMs,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 3 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => logEntry(log, entry),
  };
  return new Kafka(login ? { ...config, sasl: saslOf(login) } : config);
}

function tlsOf(ssl: KafkaOptions['ssl']): boolean | ConnectionOptions {
  return typeof ssl === 'boolean' ? ssl : { ca: ssl.ca, cert: ssl.cert, key: ssl.key };
}

/** One object per mechanism: that is how kafkajs types them. */
function saslOf({ mechanism, username, password }: KafkaLogin): SASLOptions {
  if (mechanism === 'plain') return { mechanism, username, password };
  if (mechanism === 'scram-sha-256') return { mechanism, username, password };
  return { mechanism, username, password };
}

/** kafkajs calls each answer of a broker that is part of normal life an error, rebalances included: only what its loops gave up on is a warning. */
function logEntry(log: Log, { level, namespace, log: { message, error } }: LogEntry): void {
  const fields = { kafka: namespace, error: error === undefined ? undefined : messageOf(error) };
  const gaveUp = level === logLevel.ERROR && namespace === 'Consumer';
  if (gaveUp) log.warn(fields, message);
  else log.debug(fields, message);
}

/** What a broker will answer to the same message however often it is sent. */
const REFUSALS = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TOPIC_EXCEPTION',
  'UNKNOWN_TOPIC_OR_PARTITION',
]);

/** An error of kafkajs as BUS_REFUSED or BUS_UNAVAILABLE; `doing` says what failed, as in "publishing to prices". */
export function toBusError(error: unknown, doing: string): TickwireError {
  if (error instanceof TickwireError) return error;
  const code = REFUSALS.has(protocolTypeOf(error) ?? '') ? 'BUS_REFUSED' : 'BUS_UNAVAILABLE';
  return new TickwireError(code, `${doing} failed: ${kafkaFaultOf(error) ?? messageOf(error)}`, { cause: error });
}

/** The broker's name for what went wrong, found behind any number of wrappers. */
export function protocolTypeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('type' in error && typeof error.type === 'string') return error.type;
  return protocolTypeOf(error.cause);
}
