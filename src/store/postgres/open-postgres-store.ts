import { TickwireError } from '../../platform/errors';
import type { Log } from '../../platform/log';
import type { Metrics } from '../../platform/metrics';
import type { Store } from '../store';
import { openApiKeys } from './api-keys';
import { openAuditLog } from './audit-log';
import { openAverages } from './averages';
import { openBarPartitions } from './bar-partitions';
import { openBarSeriesIds } from './bar-series';
import { openBars } from './bars';
import { openCorporateActions } from './corporate-actions';
import { type Database, openDatabase } from './database';
import { openHistoryIngests } from './history-ingests';
import { openInstruments } from './instruments';
import { openModelJobs } from './model-jobs';
import { openNews } from './news';
import { openPollingJobs } from './polling-jobs';
import { openPricePartitions } from './price-partitions';
import { openPricePoints } from './price-points';
import { openSeriesIds } from './price-series';
import { openRawMarketData } from './raw-market-data';
import { openRetention } from './retention';
import { openTickBars } from './tick-bars';

const PING_TIMEOUT_MS = 2000;
const PING = { name: 'ping', text: 'SELECT 1' };

export interface PostgresStoreOptions {
  readonly databaseUrl: string;
  readonly log: Log;
  readonly maxConnections?: number;
  readonly metrics?: Metrics;
}

/**
 * The store on PostgreSQL. `start` throws STORE_UNAVAILABLE when no server answers; after that the store outlives restarts of the server: calls fail
 * while it is away and work again once it is back. At most `maxConnections` (default 10) connections are open.
 */
export function openPostgresStore(options: PostgresStoreOptions): Store {
  const database = openDatabase({ maxConnections: 10, ...options });
  const series = openSeriesIds(database);
  const barSeries = openBarSeriesIds(database);
  const partitions = openBarPartitions(database);
  const pricePartitions = openPricePartitions(database);
  const ping = () => answerWithin(database, PING_TIMEOUT_MS);

  return {
    name: 'postgres',
    pollJobs: openPollingJobs(database),
    rawResponses: openRawMarketData(database),
    prices: openPricePoints(database, series, pricePartitions),
    averages: openAverages(database, series, pricePartitions),
    bars: openBars(database, barSeries, partitions),
    tickBars: openTickBars(
      database,
      { prices: series, bars: barSeries },
      { prices: pricePartitions, bars: partitions },
    ),
    corporateActions: openCorporateActions(database),
    instruments: openInstruments(database),
    ingestProgress: openHistoryIngests(database),
    partitions,
    pricePartitions,
    retention: openRetention(database),
    news: openNews(database),
    modelJobs: openModelJobs(database),
    apiKeys: openApiKeys(database),
    auditLog: openAuditLog(database),
    start: ping,
    stop: () => database.stop(),
    ping,
  };
}

async function answerWithin(database: Database, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new TickwireError('STORE_UNAVAILABLE', `the database did not answer within ${timeoutMs} ms`);
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  try {
    await Promise.race([database.query(PING, []), late]);
  } finally {
    clearTimeout(timer);
  }
}
