import type { Redis } from 'ioredis';
import type { Log } from '../platform/log';
import { inInnerSpan, type SpanOptions } from '../platform/trace';
import { openSharedAllowances } from './allowance';
import type { Cache, PriceDiff } from './cache';
import { conflate, type SymbolWrite } from './latest-writes';
import { parseDiff, parseEntry, parseTickerUpdate } from './messages';
import { openSharedOnce } from './once';
import { openSharedQuotas } from './quota';
import { askCache, closeRedisConnection, connectInBackground, openRedisConnection } from './redis-connection';
import { openSubscriptions } from './redis-subscriptions';
import { WRITE_LATEST, writeLatestArguments } from './write-latest-script';

/** Symbols in one call of the script: it keeps Redis busy for a few milliseconds. */
const SYMBOLS_PER_CALL = 200;

const SPAN_OF_SCRIPT: SpanOptions = { kind: 'client', attributes: { 'db.system.name': 'redis' } };

/** Nobody waits for a subscription, and one that failed costs a new connection. */
const SUBSCRIBE_TIMEOUT_MS = 5_000;

export interface RedisCacheOptions {
  readonly url: string;
  /** Authorities of the server's certificate where `url` is rediss:, in PEM; those of the system where undefined. */
  readonly ca?: string | undefined;
  /** Expiry of latest prices. */
  readonly ttlSeconds: number;
  /** The provider whose prices `price:{symbol}` holds. */
  readonly defaultProvider: string;
  readonly log: Log;
  /** How long a command may take; 250 ms, which suits a reader that has a database to turn to. */
  readonly commandTimeoutMs?: number | undefined;
}

/**
 * The cache on Redis. `start` does not fail while Redis is away: it goes on connecting, every call throws CACHE_UNAVAILABLE at once, and listeners get
 * what is published after it came back.
 */
export function openRedisCache(options: RedisCacheOptions): Cache {
  const requests = openRedisConnection({ ...options, name: 'requests' });
  const listening = openRedisConnection({
    ...options,
    name: 'subscriptions',
    commandTimeoutMs: SUBSCRIBE_TIMEOUT_MS,
  });
  const subscriptions = openSubscriptions(listening, options.log);
  const takeQuota = openSharedQuotas(requests);
  const takeAllowance = openSharedAllowances(requests);
  const keyOf = (symbol: string, provider?: string) =>
    provider === undefined ? `price:${symbol}` : `latest_price_${symbol}_${provider}`;

  return {
    name: 'redis',
    start: async () => {
      const attempts = await Promise.allSettled([requests, listening].map(connectInBackground));
      for (const attempt of attempts) if (attempt.status === 'rejected') throw attempt.reason;
    },
    stop: async () => {
      await Promise.all([requests, listening].map(closeRedisConnection));
    },
    ping: async () => {
      await askCache(() => requests.ping());
    },
    async writeLatest(writes) {
      const conflated = conflate(writes);
      let changed = 0;
      for (let from = 0; from < conflated.length; from += SYMBOLS_PER_CALL) {
        changed += await writeSymbols(requests, conflated.slice(from, from + SYMBOLS_PER_CALL), options);
      }
      return changed;
    },
    forgetLatest: (symbol, providers) => forgetLatest(requests, symbol, providers),
    readLatest: async (symbol, provider) => (await askCache(() => requests.get(keyOf(symbol, provider)))) ?? undefined,
    async readLatestOf(symbols, provider) {
      if (symbols.length === 0) return [];
      const bodies = await askCache(() => requests.mget(symbols.map((symbol) => keyOf(symbol, provider))));
      return bodies.map((body) => body ?? undefined);
    },
    readSnapshot: () => readSnapshot(requests),
    async readSnapshotEntry(symbol) {
      const text = await askCache(() => requests.hget('prices', symbol));
      return text === null ? undefined : parseEntry(text);
    },
    onDiff: (listener) =>
      subscriptions.listen('price-diffs', (text) => {
        const diff = parseDiff(text);
        if (diff) listener(diff);
      }),
    onConnection: (listener) => subscriptions.watch(listener),
    onTickerUpdate: (listener, onMalformed) =>
      subscriptions.listen('ticker_updates', (text) => {
        const update = parseTickerUpdate(text);
        if (update) listener(update);
        else onMalformed(text);
      }),
    takeQuota: (name, limit, windowMs) => askCache(() => takeQuota(name, limit, windowMs)),
    takeAllowance: (subject, limit, windowMs) => askCache(() => takeAllowance(subject, limit, windowMs)),
    takeOnce: openSharedOnce(requests, options.log),
  };
}

/** One transaction, so that nobody finds half of it. */
async function forgetLatest(redis: Redis, symbol: string, providers: readonly string[]): Promise<void> {
  const bodies = providers.map((provider) => `latest_price_${symbol}_${provider}`);
  const orders = providers.map((provider) => `${symbol} ${provider}`);
  await askCache(() =>
    redis
      .multi()
      .del(`price:${symbol}`, ...bodies)
      .hdel('price-orders', symbol, ...orders)
      .hdel('price-references', symbol)
      .hdel('prices', symbol)
      .exec(),
  );
}

async function writeSymbols(redis: Redis, writes: readonly SymbolWrite[], options: RedisCacheOptions): Promise<number> {
  const values = writeLatestArguments(writes, options);
  const evaluate = async () => {
    const evaluated = redis.evalsha(WRITE_LATEST.sha1, 0, ...values);
    // A restarted server has forgotten the script.
    return Number(
      await evaluated.catch((error: Error) => {
        if (!error.message.startsWith('NOSCRIPT')) throw error;
        return redis.eval(WRITE_LATEST.text, 0, ...values);
      }),
    );
  };
  return inInnerSpan('write_latest', SPAN_OF_SCRIPT, () => askCache(evaluate));
}

/** The number of the last diff; begun by whoever is first to ask or to publish. */
const SEQUENCE = 'price-diffs:sequence';

/** One transaction, so that the sequence is that of the last diff the entries contain. */
async function readSnapshot(redis: Redis): Promise<PriceDiff> {
  const [entries, sequence] = await askCache(async () => {
    const asked = redis.multi().set(SEQUENCE, Date.now(), 'NX').hgetall('prices').get(SEQUENCE);
    const replies = await asked.exec();
    const [, [failure, all] = [], [, last] = []] = replies ?? [];
    if (failure || !replies) throw failure ?? new Error('the transaction was discarded');
    return [all as Record<string, string>, last as string | null];
  });
  const prices = Object.fromEntries(Object.entries(entries).map(([symbol, text]) => [symbol, parseEntry(text)]));
  return { sequence: Number(sequence ?? 0), prices };
}
