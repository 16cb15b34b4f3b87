import { messageOf } from '../platform/errors';
import { type TlsPeer, tlsFaultOf } from '../platform/tls-fault';

const REDIS: TlsPeer = {
  service: 'Redis',
  trustedBy: 'REDIS_TLS_CA',
  certificateBy: "Redis's tls-auth-clients, since no certificate of this side can be given",
  turnedOnBy: 'REDIS_URL to redis://',
};

/** Beginnings of Redis's own words, and of ioredis's about the first byte of an alert of TLS. */
const FAULTS: readonly { told: RegExp; sentence: string }[] = [
  { told: /^(WRONGPASS|ERR invalid password)/, sentence: 'Redis refused user or password: correct them in REDIS_URL' },
  { told: /^NOAUTH/, sentence: 'Redis wants a password: write REDIS_URL as redis://user:password@host:port' },
  {
    told: /^Unknown RESP type 21 /,
    sentence: 'Redis speaks TLS on this port: write REDIS_URL as rediss://, or give its port without TLS',
  },
];

/** What is wrong between us and Redis that only an operator can mend, as a sentence without secrets; undefined for any other error. */
export function cacheFaultOf(error: unknown): string | undefined {
  return tlsFaultOf(error, REDIS) ?? FAULTS.find(({ told }) => told.test(messageOf(error)))?.sentence;
}

/**
 * What a lost connection to `url` may come from besides a Redis that is away, for a log line: a port with TLS resets plain text, one without waits for the end
 * of a handshake it does not know.
 */
export function cacheHintOf(error: Error, url: string): string {
  const code = 'code' in error ? error.code : undefined;
  const isTls = url.startsWith('rediss:');
  if (isTls && code === 'ETIMEDOUT')
    return `${error.message}: if Redis runs, does this port speak TLS, as rediss:// says?`;
  if (!isTls && code === 'ECONNRESET') return `${error.message}: if Redis runs, does this port want TLS (rediss://)?`;
  return error.message;
}
