import { Redis } from 'ioredis';
import { messageOf, TickwireError } from '../platform/errors';
import type { Log } from '../platform/log';

/** A cache that has not answered a reader by then is not worth waiting for. */
export const COMMAND_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 2000;
const LONGEST_PAUSE_MS = 2000;
const CLOSE_TIMEOUT_MS = 1000;

/** A connection that comes back by itself and never makes a caller wait for that: while it is away, commands fail at once. */
export function openRedisConnection(options: {
  url: string;
  name: string;
  log: Log;
  commandTimeoutMs?: number | undefined;
}): Redis {
  const { url, name, log, commandTimeoutMs = COMMAND_TIMEOUT_MS } = options;
  const redis = new Redis(url, {
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
    if (available !== false) log.warn({ connection: name, error: error.message }, 'the cache does not answer');
    available = false;
  });
  return redis;
}

/** Connects, for as long as that takes; resolves after the first attempt, whatever became of it. */
export async function connectInBackground(redis: Redis): Promise<void> {
  if (redis.status === 'wait' || redis.status === 'end') await redis.connect().catch(() => undefined);
}

/** Resolves when the socket is closed. */
export async function closeRedisConnection(redis: Redis): Promise<void> {
  if (redis.status === 'end') return;
  const waits = redis.status === 'wait' || redis.status === 'reconnecting' || redis.status === 'close';
  const closed = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    redis.once('end', () => {
      clearTimeout(timer);
      resolve();
    });
    if (waits) {
      clearTimeout(timer);
      resolve();
    }
  });
  redis.disconnect();
  await closed;
}

/** Runs a command; whatever goes wrong with it is CACHE_UNAVAILABLE. */
export async function askCache<T>(command: () => Promise<T>): Promise<T> {
  try {
    return await command();
  } catch (error) {
    throw new TickwireError('CACHE_UNAVAILABLE', `the cache did not answer: ${messageOf(error)}`, { cause: error });
  }
}
