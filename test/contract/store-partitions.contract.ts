import { aSeries } from '../support/series';
import { aBar } from '../support/stored-bars';
import type { StoreUnderTest } from './store.contract';

const yearStart = (year: number) => new Date(Date.UTC(year, 0));
const TABLES = ['crypto_ohlcv', 'eq_ohlcv', 'fx_ohlcv'];

/** The partitions of the bar tables. Each test has years of its own, long ago. */
export function describePartitions(underTest: () => StoreUnderTest): void {
  const partitions = () => underTest().store.partitions;
  const bars = () => underTest().store.bars;
  const namesOf = async () => (await partitions().list()).map(({ name }) => name);
  const saveBarOf = async (year: number, symbol = aSeries().symbol) => {
    const bar = aBar({ symbol, startAt: new Date(Date.UTC(year, 5, 1)) });
    await bars().save([bar], []);
    return bar;
  };

  describe('partitions', () => {
    test('a bar of a year that has none makes one, with bounds at the turns of the year', async () => {
      await saveBarOf(1811);

      const made = (await partitions().list()).filter(({ name }) => name.endsWith('_1811'));

      expect(made).toEqual([
        {
          table: 'eq_ohlcv',
          name: 'eq_ohlcv_1811',
          from: yearStart(1811),
          to: yearStart(1812),
          rows: expect.any(Number),
          bytes: expect.any(Number),
        },
      ]);
    });

    test('the last millisecond of a year and the first of the next are kept apart', async () => {
      const { symbol } = aSeries();
      const last = aBar({ symbol, interval: '1m', startAt: new Date(Date.UTC(1815, 0) - 1) });
      const first = aBar({ symbol, interval: '1m', startAt: new Date(Date.UTC(1815, 0)) });

      await bars().save([last, first], []);
      await partitions().drop(yearStart(1815), 'eq_ohlcv');

      expect(await bars().list({ ...first, limit: 10 })).toEqual([{ ...first, revision: 1 }]);
    });

    test('ensure makes what is missing up to the year that holds the instant, and says so once', async () => {
      const until = new Date(Date.UTC(2031, 11, 31, 23, 59, 59, 999));

      const [first, second] = [await partitions().ensure(until), await partitions().ensure(until)];

      expect(first).toEqual(TABLES.flatMap((table) => [2028, 2029, 2030, 2031].map((year) => `${table}_${year}`)));
      expect(second).toEqual([]);
      expect(await namesOf()).toEqual(expect.arrayContaining([...first]));
      expect(await namesOf()).not.toContain('eq_ohlcv_2032');
    });

    test('ensure for an instant long ago makes that year alone', async () => {
      const made = await partitions().ensure(new Date(Date.UTC(1820, 6, 1)));

      expect(made).toEqual(TABLES.map((table) => `${table}_1820`));
    });

    test('those who ensure the same at once make each partition once', async () => {
      const made = await Promise.all(Array.from({ length: 5 }, () => partitions().ensure(yearStart(1825))));

      expect(made.flat().sort()).toEqual(TABLES.map((table) => `${table}_1825`));
    });

    test('an instant that no bar can have is refused', async () => {
      await expect(partitions().ensure(yearStart(9000))).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    });

    test('drop takes only partitions that end by the bound, with their bars', async () => {
      const { symbol } = aSeries();
      const [old, , young] = [
        await saveBarOf(1801, symbol),
        await saveBarOf(1802, symbol),
        await saveBarOf(1803, symbol),
      ];

      const dropped = await partitions().drop(new Date(Date.UTC(1803, 11, 31)), 'eq_ohlcv');

      expect(dropped).toEqual(['eq_ohlcv_1801', 'eq_ohlcv_1802']);
      expect(await bars().list({ ...old, limit: 10 })).toEqual([{ ...young, revision: 1 }]);
      expect(await namesOf()).toEqual(expect.not.arrayContaining([...dropped]));
    });

    test('drop keeps to the table named', async () => {
      await partitions().ensure(yearStart(1800));

      const dropped = await partitions().drop(yearStart(1801), 'fx_ohlcv');

      expect(dropped).toEqual(['fx_ohlcv_1800']);
      expect(await namesOf()).toEqual(expect.arrayContaining(['eq_ohlcv_1800', 'crypto_ohlcv_1800']));
    });

    test('a year that was dropped is made again by its next bar', async () => {
      const bar = await saveBarOf(1804);
      await partitions().drop(yearStart(1805), 'eq_ohlcv');

      const counts = await bars().save([bar], []);

      expect(counts).toMatchObject({ written: 1 });
      expect(await bars().list({ ...bar, limit: 10 })).toEqual([{ ...bar, revision: 1 }]);
    });

    test('they are listed by table and time', async () => {
      await partitions().ensure(yearStart(1830));

      const listed = await partitions().list();

      const sorted = [...listed].sort((a, b) =>
        a.table === b.table ? a.from.getTime() - b.from.getTime() : a.table < b.table ? -1 : 1,
      );
      expect(listed).toEqual(sorted);
    });
  });
}
