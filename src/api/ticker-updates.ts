import { randomUUID } from 'node:crypto';
import type { TickerUpdate } from '../cache/cache';
import { isSymbol } from '../domain/symbol';
import { refreshMetadata } from '../history/refresh-metadata';
import type { Log } from '../platform/log';
import type { Service } from '../platform/service';
import type { ApiDependencies } from './dependencies';
import { guardCache } from './guarded-cache';
import { openPriceFetch, type PriceFetch } from './price-fetch';

/** Symbols fetched at once, and those that may wait. */
const MAX_RUNNING = 4;
const MAX_WAITING = 1000;
/** However many processes listen, a symbol is fetched once in this time. */
const ONCE_PER_MS = 1000;

/**
 * Listens to the channel `ticker_updates`: each well-formed message has its symbol fetched from the default provider and sent down the pipeline, and its
 * metadata renewed when they are older than a day.
 * Malformed ones are counted in the log. `stop` ends fetches that are still running.
 */
export function tickerUpdates(dependencies: ApiDependencies): Service {
  const { cache, log } = dependencies;
  const stopping = new AbortController();
  const fetch = openPriceFetch({ ...dependencies, cache: guardCache(dependencies), signal: stopping.signal });
  const queue = openSymbolQueue((symbol) => update(dependencies, fetch, { symbol, signal: stopping.signal }), log);
  let malformed = 0;
  let unlisten: (() => Promise<void>) | undefined;

  const refuse = (text: string) => {
    malformed += 1;
    log.warn({ malformed, text: text.slice(0, 100) }, 'ticker_updates: expected a symbol or {"ticker","action"}');
  };
  const take = ({ ticker }: TickerUpdate) => {
    const symbol = ticker.trim().toUpperCase();
    if (isSymbol(symbol)) queue.add(symbol);
    else refuse(ticker);
  };

  return {
    name: 'ticker-updates',
    start: async () => {
      unlisten = await cache.onTickerUpdate(take, refuse);
    },
    stop: async () => {
      stopping.abort();
      await unlisten?.();
      unlisten = undefined;
      await queue.stop();
    },
  };
}

interface SymbolQueue {
  /** A symbol that waits already is not added again; past the bound it is dropped, and said so. */
  add(symbol: string): void;
  /** Forgets what waits and resolves when nothing runs. */
  stop(): Promise<void>;
}

/** Calls `work`, which must not reject, for a few symbols at once. */
function openSymbolQueue(work: (symbol: string) => Promise<void>, log: Log): SymbolQueue {
  const waiting = new Set<string>();
  const running = new Set<Promise<void>>();

  const pump = () => {
    for (const symbol of waiting) {
      if (running.size >= MAX_RUNNING) return;
      waiting.delete(symbol);
      const run = work(symbol).finally(() => {
        running.delete(run);
        pump();
      });
      running.add(run);
    }
  };

  return {
    add: (symbol) => {
      if (waiting.size >= MAX_WAITING) {
        log.warn({ symbol, waiting: waiting.size }, 'ticker_updates: too many requests, dropped');
        return;
      }
      waiting.add(symbol);
      pump();
    },
    stop: async () => {
      waiting.clear();
      await Promise.all(running);
    },
  };
}

async function update(
  dependencies: ApiDependencies,
  fetch: PriceFetch,
  { symbol, signal }: { symbol: string; signal: AbortSignal },
): Promise<void> {
  const { cache, log, defaults } = dependencies;
  const { provider } = defaults;
  if (!(await isFirst(cache, symbol))) return;
  const requestId = randomUUID();
  const [fetched] = await fetch.fetch(provider, [symbol], requestId);
  if (fetched && 'event' in fetched) log.debug({ symbol, requestId, eventId: fetched.event.eventId }, 'ticker updated');
  else log.warn({ symbol, requestId, error: fetched?.error.message }, 'ticker update failed');
  await refreshMetadata(dependencies, { symbol, provider, requestId }, signal);
}

/** True for one process and second; for everyone while the cache does not say. */
async function isFirst(cache: ApiDependencies['cache'], symbol: string): Promise<boolean> {
  try {
    return (await cache.takeQuota(`ticker-update:${symbol}`, 1, ONCE_PER_MS)) === 0;
  } catch {
    return true;
  }
}
