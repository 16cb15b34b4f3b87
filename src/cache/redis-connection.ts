import { isIP } from 'node:net';
import { Redis, type RedisOptions } from 'ioredis';
import { messageOf, TickwireError } from '../platform/errors';
import type { Log } from '../platform/log';
import { cacheFaultOf, cacheHintOf } from './cache-fault';

/** A cache that has not answered a reader by then is not worth waiting for. */
export const COMMAND_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 2000;
const LONGEST_PAUSE_MS = 2000;
const CLOSE_TIMEOUT_MS = 1000;

/** A connection that comes back by itself and never makes a caller wait for that: while it is away, commands fail at once. */
export function openRedisConnection(options: {
  url: string;
  /** Authorities trusted in place of the system's where `url` is rediss:, in PEM. */
  ca?: string | undefined;
  name: string;
  log: Log;
  commandTimeoutMs?: number | undefined;
}): Redis {
  const { url, ca, name, log, commandTimeoutMs = COMMAND_TIMEOUT_MS } = options;
  const redis = new Redis(url, {
    ...tlsOf(url, ca),
    connectionName: `tickwire ${name}`,
    protocol: 2,
    lazyConnect: true,
    enableOfflineQueue: false,
    // Commands of one turn of the event loop share a write.
    enableAutoPipelining: true,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_PAUSE_MS),
  });
  let available: boolean | undefined;
  redis.on('ready', () => {
    if (available === false) log.info({ connection: name }, 'the cache is back');
    available = true;
  });
  redis.on('error', (error: Error) => {
    if (available !== false)
      log.warn(
        { connection: name, error: cacheFaultOf(error) ?? cacheHintOf(error, url) },
        'the cache does not answer',
      );
    available = false;
  });
  return redis;
}

/** The server's name goes with the first bytes, as servers of many customers want it. */
function tlsOf(url: string, ca: string | undefined): Pick<RedisOptions, 'tls'> {
  if (!url.startsWith('rediss:')) return {};
  const { hostname } = new URL(url);
  return { tls: { ca, ...(isIP(hostname) === 0 && !hostname.startsWith('[') && { servername: hostname }) } };
}

/**
 * Connects, for as long as that takes; resolves after the first attempt, whatever became of it.
 * @throws CONFIG_INVALID, and gives up, where only an operator can mend it: a certificate or a login that is refused.
 */
export async function connectInBackground(redis: Redis): Promise<void> {
  if (redis.status !== 'wait' && redis.status !== 'end') return;
  const faults: string[] = [];
  const note = (error: unknown) => {
    const fault = cacheFaultOf(error);
    if (fault) faults.push(fault);
  };
  redis.on('error', note);
  await redis.connect().catch(note);
  redis.off('error', note);
  const [fault] = faults;
  if (!fault) return;
  redis.disconnect();
  throw new TickwireError('CONFIG_INVALID', fault);
}

/** Resolves when the socket is closed. */
export async function closeRedisConnection(redis: Redis): Promise<void> {
  // A socket that is closed in the middle of a TLS handshake may report an error that ioredis does not listen for any more, which would end the process.
  if (redis.options.tls && redis.status === 'connecting') await oneOf(redis, ['connect', 'close']);
  if (redis.status === 'end') return;
  const waits = redis.status === 'wait' || redis.status === 'reconnecting' || redis.status === 'close';
  const closed = waits ? undefined : oneOf(redis, ['end']);
  redis.disconnect();
  await closed;
}

/** Resolves at the first of these events, or when that takes too long. */
function oneOf(redis: Redis, events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      for (const event of events) redis.off(event, done);
      resolve();
    };
    const timer = setTimeout(done, CLOSE_TIMEOUT_MS);
    for (const event of events) redis.on(event, done);
  });
}

/** Runs a command; whatever goes wrong with it is CACHE_UNAVAILABLE. */
export async function askCache<T>(command: () => Promise<T>): Promise<T> {
  try {
    return await command();
  } catch (error) {
    throw new TickwireError('CACHE_UNAVAILABLE', `the cache did not answer: ${messageOf(error)}`, { cause: error });
  }
}
