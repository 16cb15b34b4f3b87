import { TickwireError } from '../../platform/errors';
import type { Log } from '../../platform/log';
import type { Store } from '../store';
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
import { openPricePoints } from './price-points';
import { openSeriesIds } from './price-series';
import { openRawMarketData } from './raw-market-data';
import { openTickBars } from './tick-bars';

const PING_TIMEOUT_MS = 2000;
const PING = { name: 'ping', text: 'SELECT 1' };

/**
 * The store on PostgreSQL. `start` throws STORE_UNAVAILABLE when no server answers; after that the store outlives restarts of the server: calls fail
 * while it is away and work again once it is back. At most `maxConnections` (default 10) connections are open.
 */
export function openPostgresStore(options: { databaseUrl: string; log: Log; maxConnections?: number }): Store {
  const database = openDatabase({ maxConnections: 10, ...options });
  const series = openSeriesIds(database);
  const barSeries = openBarSeriesIds(database);
  const partitions = openBarPartitions(database);
  const ping = () => answerWithin(database, PING_TIMEOUT_MS);

  return {
    name: 'postgres',
    pollJobs: openPollingJobs(database),
    rawResponses: openRawMarketData(database),
    prices: openPricePoints(database, series),
    averages: openAverages(database, series),
    bars: openBars(database, barSeries, partitions),
    tickBars: openTickBars(database, { prices: series, bars: barSeries }, partitions),
    corporateActions: openCorporateActions(database),
    instruments: openInstruments(database),
    ingestProgress: openHistoryIngests(database),
    partitions,
    news: openNews(database),
    modelJobs: openModelJobs(database),
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
