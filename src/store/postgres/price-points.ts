import type { PriceEvent } from '../../domain/price-event';
import { monthsOf } from '../price-months';
import type { PricePoint, Prices, SeriesKey } from '../store';
import { instantArray, numberArray, textArray } from './array-literal';
import type { Database } from './database';
import { inKeyOrder, type Keyed } from './key-order';
import { openOptimisticInsert } from './optimistic-insert';
import type { PricePartitions } from './price-partitions';
import * as select from './price-points-select';
import type { SeriesIds } from './price-series';

const INSERT_TEXT = `
  INSERT INTO price_points
    (series_id, observed_at, sequence, event_id, price, volume, currency, fetched_at, raw_response_id)
  SELECT series_id, to_timestamp(observed_ms / 1000.0), sequence, event_id, price, volume, currency,
         to_timestamp(fetched_ms / 1000.0), raw_response_id
  FROM unnest($1::int4[], $2::int8[], $3::int8[], $4::text[], $5::numeric[], $6::numeric[], $7::text[], $8::int8[], $9::uuid[])
    AS e(series_id, observed_ms, sequence, event_id, price, volume, currency, fetched_ms, raw_response_id)`;

const INSERT = { name: 'price-points-insert', text: INSERT_TEXT };
/** Takes {@link pointColumns}. */
export const INSERT_MISSING = { name: 'price-points-insert-missing', text: `${INSERT_TEXT} ON CONFLICT DO NOTHING` };

/** Table `price_points`. */
export function openPricePoints(database: Database, series: SeriesIds, partitions: PricePartitions): Prices {
  const optimistically = openOptimisticInsert('price_points');
  const latestOf = (symbols: readonly string[], provider?: string) =>
    database.query<PriceEvent>(select.LATEST_OF, [symbols, provider ?? null]);

  return {
    async insert(events) {
      if (events.length === 0) return 0;
      const rows = inKeyOrder(events, await series.idsOf(events));
      const values = pointColumns(rows);
      return partitions.covering(monthsOf(events), () =>
        optimistically({
          plainly: () => database.execute(INSERT, values),
          carefully: () => database.execute(INSERT_MISSING, values),
        }),
      );
    },
    listMissing: (events) => listMissing(database, events),
    findLatest: async (symbol, provider) => (await latestOf([symbol], provider))[0],
    findLatestOf: latestOf,
    list: ({ symbol, provider, start, end, after, limit }) =>
      database.query<PricePoint>(select.HISTORY, [
        symbol,
        provider,
        start ?? null,
        end ?? null,
        after?.observedAt ?? null,
        after?.sequence ?? null,
        after?.eventId ?? null,
        limit,
      ]),
    listNewest: async ({ symbol, provider }, count) =>
      (await database.query<PriceEvent>(select.NEWEST, [symbol, provider, count])).reverse(),
    snapshot: async () =>
      (await database.query<PriceEvent & { referencePrice: number }>(select.SNAPSHOT, [])).map(
        ({ referencePrice, ...event }) => ({ event, referencePrice }),
      ),
    latestOfEverySeries: () => database.query<PriceEvent>(select.LATEST_OF_EVERY_SERIES, []),
    listSeries: () => database.query<SeriesKey>(select.SERIES, []),
    async findMarketCap(symbol) {
      const [row] = await database.query<{ marketCap: number | null }>(select.MARKET_CAP, [symbol]);
      return row?.marketCap ?? null;
    },
  };
}

async function listMissing(database: Database, events: readonly PriceEvent[]): Promise<readonly PriceEvent[]> {
  const rows = await database.query<{ place: number }>(select.MISSING, [
    textArray(events.map(({ symbol }) => symbol)),
    textArray(events.map(({ provider }) => provider)),
    instantArray(events.map(({ observedAt }) => observedAt)),
    numberArray(events.map(({ sequence }) => sequence)),
    textArray(events.map(({ eventId }) => eventId)),
  ]);
  return rows.flatMap(({ place }) => events[place - 1] ?? []);
}

export function pointColumns(rows: readonly Keyed<PriceEvent>[]): string[] {
  const events = rows.map(({ row }) => row);
  return [
    numberArray(rows.map(({ seriesId }) => seriesId)),
    instantArray(events.map(({ observedAt }) => observedAt)),
    numberArray(events.map(({ sequence }) => sequence)),
    textArray(events.map(({ eventId }) => eventId)),
    numberArray(events.map(({ price }) => price)),
    numberArray(events.map(({ volume }) => volume)),
    textArray(events.map(({ currency }) => currency)),
    instantArray(events.map(({ fetchedAt }) => fetchedAt)),
    textArray(events.map(({ rawResponseId }) => rawResponseId)),
  ];
}
