import { openRedisCache } from '../src/cache/redis';
import { priceEventId } from '../src/domain/price-event';
import { silentLog } from '../src/platform/log';

/** Puts one price of `symbol`, 101.25 from fixture, into the cache at `redisUrl` for an hour. */
export async function writeBenchPrice(redisUrl: string, symbol: string): Promise<void> {
  const cache = openRedisCache({ url: redisUrl, ttlSeconds: 3600, defaultProvider: 'fixture', log: silentLog });
  await cache.start();
  const now = new Date();
  const event = {
    symbol,
    provider: 'fixture',
    price: 101.25,
    currency: 'USD',
    volume: 10,
    observedAt: now,
    sequence: 0,
    fetchedAt: now,
    rawResponseId: null,
  };
  await cache.writeLatest([{ event: { ...event, eventId: priceEventId(event) } }]);
  await cache.stop();
}
