import { type Clock, systemClock } from '../platform/clock';
import { openMemoryApiKeys } from './memory/api-keys';
import { openMemoryAuditLog } from './memory/audit-log';
import { openMemoryAverages } from './memory/averages';
import { openBarRows } from './memory/bar-rows';
import { openMemoryBars } from './memory/bars';
import { openMemoryCorporateActions } from './memory/corporate-actions';
import { openMemoryIngestProgress } from './memory/ingest-progress';
import { type MarketCaps, openMemoryInstruments } from './memory/instruments';
import { openMemoryModelJobs } from './memory/model-jobs';
import { openMemoryNews } from './memory/news';
import { openMemoryPartitions } from './memory/partitions';
import { openMemoryPollJobs } from './memory/poll-jobs';
import { openMemoryPricePartitions } from './memory/price-partitions';
import { openMemoryPrices } from './memory/prices';
import { openMemoryRawResponses } from './memory/raw-responses';
import { openMemoryRetention } from './memory/retention';
import { openMemoryTickBars } from './memory/tick-bars';
import type { Store } from './store';

/** The store in this process's memory, with the semantics of the real one: for tests and for trying parts alone. What it holds ends with it. */
export function openMemoryStore(options: { clock?: Clock } = {}): Store {
  const clock = options.clock ?? systemClock;
  const marketCaps: MarketCaps = new Map();
  const prices = openMemoryPrices({ clock, marketCapOf: (symbol) => marketCaps.get(symbol)?.marketCap ?? null });
  const pollJobs = openMemoryPollJobs(clock);
  const instruments = openMemoryInstruments(marketCaps);
  const bars = openBarRows(instruments);
  const averages = openMemoryAverages(prices);
  const rawResponses = openMemoryRawResponses({ clock, marketCaps });
  const auditLog = openMemoryAuditLog(clock);

  return {
    name: 'memory',
    pollJobs,
    rawResponses,
    prices,
    averages,
    modelJobs: openMemoryModelJobs(clock),
    bars: openMemoryBars(bars),
    tickBars: openMemoryTickBars(bars, prices),
    corporateActions: openMemoryCorporateActions(),
    instruments,
    ingestProgress: openMemoryIngestProgress(),
    partitions: openMemoryPartitions(bars, clock),
    pricePartitions: openMemoryPricePartitions(
      { price_points: prices.pointsOfEverySeries, symbol_averages: averages.rowsOfEverySeries },
      clock,
    ),
    retention: openMemoryRetention({ prices, averages, rawResponses, pollJobs, auditLog }),
    news: openMemoryNews({ clock, pollJobs }),
    apiKeys: openMemoryApiKeys(clock),
    auditLog,
    start: async () => undefined,
    stop: async () => undefined,
    ping: async () => undefined,
  };
}
