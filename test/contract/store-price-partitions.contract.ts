import { advanceWindow, EMPTY_WINDOW } from '../../src/domain/moving-average';
import type { PriceEvent } from '../../src/domain/price-event';
import type { SeriesKey } from '../../src/store/store';
import { aSeries, DAY, eventAt } from '../support/series';
import type { StoreUnderTest } from './store.contract';

const TABLES = ['price_points', 'symbol_averages'];
const monthStart = (year: number, month: number) => new Date(Date.UTC(year, month - 1));

/** A price of `series` at that instant. */
function eventOn(series: SeriesKey, instant: Date | string, price = 10): PriceEvent {
  return eventAt(series, (new Date(instant).getTime() - DAY) / 1000, price);
}

/** The monthly partitions of prices and averages. Each test has months of its own, long ago. */
export function describePricePartitions(underTest: () => StoreUnderTest): void {
  const store = () => underTest().store;
  const namesOf = async () => (await store().pricePartitions.list()).map(({ name }) => name);
  const instantsOf = async (series: SeriesKey) =>
    (await store().prices.list({ ...series, limit: 100 })).map(({ observedAt }) => observedAt.toISOString());
  const save = async (series: SeriesKey, events: readonly PriceEvent[], size: number) => {
    const { window, averages } = advanceWindow(EMPTY_WINDOW, events, size);
    const rows = averages.map(({ last, average }) => ({ ...last, ...series, window: size, average }));
    const [stored] = await store().averages.loadWindows([series], size);
    await store().averages.save({ size, windows: [{ ...stored!, window }], averages: rows });
  };

  describe('price partitions', () => {
    test('a price of a month that has none makes one, with bounds at the turns of the month', async () => {
      await store().prices.insert([eventOn(aSeries(), '1991-02-28T12:00:00.000Z')]);

      const made = (await store().pricePartitions.list()).filter(({ name }) => name === 'price_points_1991_02');

      expect(made).toEqual([
        {
          table: 'price_points',
          name: 'price_points_1991_02',
          from: monthStart(1991, 2),
          to: monthStart(1991, 3),
          rows: expect.any(Number),
          bytes: expect.any(Number),
        },
      ]);
    });

    test('an average of such a month makes one too', async () => {
      const series = aSeries();
      const events = [eventOn(series, '1991-04-01T00:00:00.000Z', 10), eventOn(series, '1991-04-02T00:00:00.000Z', 20)];

      await save(series, events, 2);

      expect(await namesOf()).toContain('symbol_averages_1991_04');
      expect(await store().averages.findLatest(series.symbol, 2)).toMatchObject({ average: 15 });
    });

    test('so does a price that comes by way of its bars', async () => {
      const event = eventOn(aSeries(), '1991-06-03T14:30:00.000Z');

      const bars = await store().tickBars.rebuild([event], () => true);

      expect(bars).toHaveLength(5);
      expect(await namesOf()).toContain('price_points_1991_06');
      expect(await store().prices.findLatest(event.symbol)).toEqual(event);
    });

    test('a batch over the turn of a year is one series, in order, and dropping one month leaves the other', async () => {
      const series = aSeries();
      const last = eventOn(series, '1992-12-31T23:59:59.999Z');
      const first = eventOn(series, '1993-01-01T00:00:00.000Z');

      await store().prices.insert([first, last]);
      const both = await instantsOf(series);
      await store().pricePartitions.drop(monthStart(1993, 1));

      expect(both).toEqual(['1992-12-31T23:59:59.999Z', '1993-01-01T00:00:00.000Z']);
      expect(await instantsOf(series)).toEqual(['1993-01-01T00:00:00.000Z']);
    });

    test('a batch delivered again stores nothing, whichever months it lies in', async () => {
      const series = aSeries();
      const events = ['1993-05-31T00:00:00.000Z', '1993-06-01T00:00:00.000Z'].map((at) => eventOn(series, at));

      const counts = [await store().prices.insert(events), await store().prices.insert(events)];

      expect(counts).toEqual([2, 0]);
    });

    test('what is older than 1990 shares one, so that no date can make tables without end', async () => {
      const series = aSeries();
      const instants = ['1066-10-14T09:00:00.000Z', '1789-07-14T00:00:00.000Z', '1989-12-31T23:59:59.999Z'];

      await store().prices.insert(instants.map((at) => eventOn(series, at)));

      expect(await instantsOf(series)).toEqual(instants);
      const names = await namesOf();
      expect(names.filter((name) => name === 'price_points_early')).toHaveLength(1);
      expect(names.some((name) => /_1(066|789|989)_/.test(name))).toBe(false);
    });

    test('a price after 2199 is refused', async () => {
      await expect(store().prices.insert([eventOn(aSeries(), '2200-01-01T00:00:00.000Z')])).rejects.toMatchObject({
        code: 'STORE_REFUSED',
      });
      await expect(store().pricePartitions.ensure(monthStart(9000, 1))).rejects.toMatchObject({
        code: 'STORE_REFUSED',
      });
    });

    test('ensure makes every month up to the one that holds the instant, and says so once', async () => {
      const until = new Date(Date.UTC(2031, 11, 31, 23, 59, 59, 999));

      const [first, second] = [
        await store().pricePartitions.ensure(until),
        await store().pricePartitions.ensure(until),
      ];

      expect(first).toEqual([...first].sort());
      expect(first.filter((name) => name.includes('_2031_'))).toHaveLength(24);
      expect(second).toEqual([]);
      expect(await namesOf()).not.toContain('price_points_2032_01');
    });

    test('those who ensure the same at once make each partition once', async () => {
      const bound = monthStart(1994, 3);

      const made = await Promise.all(Array.from({ length: 5 }, () => store().pricePartitions.ensure(bound)));

      expect(made.flat().sort()).toEqual(TABLES.map((table) => `${table}_1994_03`));
    });

    test('drop keeps to the table named, and to what ended', async () => {
      await store().pricePartitions.ensure(monthStart(1995, 3));
      await store().pricePartitions.ensure(monthStart(1995, 4));

      const dropped = await store().pricePartitions.drop(new Date(Date.UTC(1995, 3, 30)), 'symbol_averages');

      expect(dropped).toContain('symbol_averages_1995_03');
      expect(await namesOf()).toEqual(expect.not.arrayContaining([...dropped]));
      expect(await namesOf()).toEqual(expect.arrayContaining(['price_points_1995_03', 'symbol_averages_1995_04']));
    });

    test('a month that was dropped is made again by the next price, the next average and a rebuild', async () => {
      const series = aSeries();
      const events = [1, 2, 3].map((day) => eventOn(series, `1996-07-0${day}T00:00:00.000Z`, 10 * day));
      const again = monthStart(1996, 8);
      await store().prices.insert(events);
      await save(series, events, 2);

      await store().pricePartitions.drop(again, 'price_points');
      const stored = await store().prices.insert(events);
      await store().pricePartitions.drop(again, 'symbol_averages');
      const rebuilt = await store().averages.rebuild(series, 2);
      await store().pricePartitions.drop(again, 'symbol_averages');
      await save(series, events, 2);

      expect(stored).toBe(3);
      expect(rebuilt).toBe(2);
      expect(await store().averages.findLatest(series.symbol, 2)).toMatchObject({ average: 25 });
    });

    test('they are listed by table and time', async () => {
      const listed = await store().pricePartitions.list();

      const sorted = [...listed].sort((a, b) =>
        a.table === b.table ? a.from.getTime() - b.from.getTime() : a.table < b.table ? -1 : 1,
      );
      expect(listed).toEqual(sorted);
    });

    test('the latest price, the newest and a page are read over the turns of months', async () => {
      const series = aSeries();
      const instants = ['1997-01-31T23:59:59.000Z', '1997-02-01T00:00:00.000Z', '1997-11-05T00:00:00.000Z'];
      const events = instants.map((at, index) => eventOn(series, at, 10 + index));
      await store().prices.insert(events);

      const page = await store().prices.list({ ...series, after: events[0], limit: 10 });

      expect(await store().prices.findLatest(series.symbol)).toEqual(events[2]);
      expect(await store().prices.listNewest(series, 2)).toEqual(events.slice(1));
      expect(page.map(({ eventId }) => eventId)).toEqual(events.slice(1).map(({ eventId }) => eventId));
    });
  });

  test('the events that are not stored are told in their order, those of unknown series included', async () => {
    const [series, unknown] = [aSeries(), aSeries()];
    const events = ['1999-01-31T23:59:59.999Z', '1999-02-01T00:00:00.000Z', '1999-02-02T00:00:00.000Z'].map((at) =>
      eventOn(series, at),
    );
    await store().prices.insert([events[1]!]);
    const [first, second, third] = events;
    const stranger = eventOn(unknown, '1999-02-01T00:00:00.000Z');

    expect(await store().prices.listMissing([stranger, third!, second!, first!])).toEqual([stranger, third, first]);
    expect(await store().prices.listMissing([])).toEqual([]);
  });

  test('averages are listed page by page, in event order, over the turns of months', async () => {
    const series = aSeries();
    const days = Array.from({ length: 7 }, (_, index) => new Date(Date.UTC(1998, 4, 29 + index)));
    const events = days.map((at, index) => eventOn(series, at, 10 + index));
    await save(series, events, 2);
    await save(series, events, 3);

    const first = await store().averages.list({ ...series, size: 2, limit: 4 });
    const rest = await store().averages.list({ ...series, size: 2, after: first[3], limit: 4 });

    expect([...first, ...rest].map(({ eventId }) => eventId)).toEqual(events.slice(1).map(({ eventId }) => eventId));
    expect(first.map(({ average }) => average)).toEqual([10.5, 11.5, 12.5, 13.5]);
    expect(first.every(({ window, symbol }) => window === 2 && symbol === series.symbol)).toBe(true);
  });
}
