import { randomUUID } from 'node:crypto';
import { aSeries } from '../support/series';
import { aBar, aQuarantinedBar, dailyBars } from '../support/stored-bars';
import type { StoreUnderTest } from './store.contract';

const day = (text: string) => new Date(`${text}T00:00:00.000Z`);

/** Tables `eq_ohlcv`, `fx_ohlcv`, `crypto_ohlcv` and `ohlcv_quarantine`. */
export function describeBars(underTest: () => StoreUnderTest): void {
  const bars = () => underTest().store.bars;
  const all = { limit: 1000 };

  describe('bars', () => {
    test('new bars are written once, and equal ones change nothing', async () => {
      const given = dailyBars(5);

      const first = await bars().save(given, []);
      const second = await bars().save(given, []);

      expect(first).toEqual({ written: 5, unchanged: 0, corrected: 0, quarantined: 0 });
      expect(second).toEqual({ written: 0, unchanged: 5, corrected: 0, quarantined: 0 });
      expect(await bars().list({ ...given[0]!, ...all })).toEqual(given.map((bar) => ({ ...bar, revision: 1 })));
    });

    test('a restated bar is one revision more, the series shows the newest, and both can be read', async () => {
      const [first, second] = dailyBars(2);
      await bars().save([first!, second!], []);
      const restated = { ...second!, close: 11.5, rawResponseId: randomUUID() };

      const counts = await bars().save([first!, restated], []);

      expect(counts).toEqual({ written: 0, unchanged: 1, corrected: 1, quarantined: 0 });
      expect(await bars().list({ ...first!, ...all })).toEqual([
        { ...first, revision: 1 },
        { ...restated, revision: 2 },
      ]);
      expect(await bars().listRevisions(restated)).toEqual([
        { ...second, revision: 1 },
        { ...restated, revision: 2 },
      ]);
    });

    test('a bar restated back to its first values is a third revision', async () => {
      const bar = aBar();
      for (const close of [11, 11.5, 11]) await bars().save([{ ...bar, close }], []);

      const revisions = await bars().listRevisions(bar);

      expect(revisions.map(({ revision, close }) => [revision, close])).toEqual([
        [1, 11],
        [2, 11.5],
        [3, 11],
      ]);
    });

    test.each(['open', 'high', 'low', 'close', 'volume'] as const)('another %s is a restatement', async (field) => {
      const bar = aBar();
      await bars().save([bar], []);

      const counts = await bars().save([{ ...bar, [field]: bar[field]! + 0.001 }], []);

      expect(counts).toMatchObject({ corrected: 1 });
    });

    test('an unknown volume equals an unknown one, and is not zero', async () => {
      const bar = aBar({ volume: null });
      await bars().save([bar], []);

      const again = await bars().save([bar], []);
      const zero = await bars().save([{ ...bar, volume: 0 }], []);

      expect(again).toMatchObject({ unchanged: 1 });
      expect(zero).toMatchObject({ corrected: 1 });
    });

    test('numbers come back to the last digit', async () => {
      const numbers = [0.1 + 0.2, 1e-7, 5e-324, 123456789.12345679, 1.7976931348623157e308, 2 ** 53 - 1];
      const given = dailyBars(numbers.length).map((bar, index) => ({
        ...bar,
        open: numbers[index]!,
        volume: numbers.at(-1 - index)!,
      }));

      await bars().save(given, []);

      const stored = await bars().list({ ...given[0]!, ...all });
      expect(stored.map(({ open, volume }) => [open, volume])).toEqual(given.map(({ open, volume }) => [open, volume]));
      expect(await bars().save(given, [])).toMatchObject({ unchanged: numbers.length });
    });

    test('start is inclusive, end exclusive, after excludes its bar, and the oldest come first', async () => {
      const given = dailyBars(6);
      await bars().save([...given].reverse(), []);
      const startsOf = async (query: { start?: Date; end?: Date; after?: Date; limit?: number }) =>
        (await bars().list({ ...given[0]!, ...all, ...query })).map(({ startAt }) =>
          given.findIndex((bar) => bar.startAt.getTime() === startAt.getTime()),
        );
      const [, one, two, , four] = given.map(({ startAt }) => startAt);

      expect(await startsOf({})).toEqual([0, 1, 2, 3, 4, 5]);
      expect(await startsOf({ start: one!, end: four! })).toEqual([1, 2, 3]);
      expect(await startsOf({ after: two! })).toEqual([3, 4, 5]);
      expect(await startsOf({ start: one!, after: two!, end: four! })).toEqual([3]);
      expect(await startsOf({ start: four!, after: one! })).toEqual([4, 5]);
      expect(await startsOf({ after: one!, limit: 2 })).toEqual([2, 3]);
      expect(await startsOf({ start: four!, end: one! })).toEqual([]);
    });

    test('a limit counts bars, not revisions', async () => {
      const given = dailyBars(3);
      await bars().save(given, []);
      await bars().save(
        given.map((bar) => ({ ...bar, close: 10.5 })),
        [],
      );

      const listed = await bars().list({ ...given[0]!, limit: 2 });

      expect(listed.map(({ revision }) => revision)).toEqual([2, 2]);
      expect(listed.map(({ startAt }) => startAt)).toEqual(given.slice(0, 2).map(({ startAt }) => startAt));
    });

    test('sources and intervals of one instrument are series apart', async () => {
      const bar = aBar();
      const others = [aBar({ ...bar, source: 'other', close: 9.5 }), aBar({ ...bar, interval: '1h', close: 10.5 })];

      await bars().save([bar, ...others], []);

      for (const one of [bar, ...others])
        expect(await bars().list({ ...one, ...all })).toEqual([{ ...one, revision: 1 }]);
    });

    test('equities, currencies and coins are kept in one batch', async () => {
      const { symbol } = aSeries();
      const given = [`${symbol}=X`, `${symbol}/USD`, symbol].map((name) => aBar({ symbol: name }));

      await bars().save(given, []);

      for (const bar of given) expect(await bars().list({ ...bar, ...all })).toEqual([{ ...bar, revision: 1 }]);
    });

    test('writers of the same bars at the same moment do not double them', async () => {
      const given = dailyBars(40);

      const counts = await Promise.all(Array.from({ length: 6 }, () => bars().save(given, [])));

      expect(counts.map(({ written }) => written).sort()).toEqual([0, 0, 0, 0, 0, 40]);
      expect(await bars().list({ ...given[0]!, ...all })).toHaveLength(40);
      expect(await bars().listRevisions(given[0]!)).toHaveLength(1);
    });

    test('writers of other values at the same moment leave one revision each', async () => {
      const bar = aBar();

      await Promise.all([1, 2, 3, 4, 5].map((tenth) => bars().save([{ ...bar, close: 10 + tenth / 10 }], [])));

      const revisions = await bars().listRevisions(bar);
      expect(revisions.map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 5]);
      expect(new Set(revisions.map(({ close }) => close)).size).toBe(5);
    });

    test('batches that share series in any order do not lock each other out', async () => {
      const series = Array.from({ length: 8 }, () => aBar());
      const batch = (close: number, turn: number) =>
        [...series.slice(turn), ...series.slice(0, turn)].map((bar) => ({ ...bar, close }));

      await Promise.all(Array.from({ length: 8 }, (_, turn) => bars().save(batch(10 + turn / 10, turn), [])));

      for (const bar of series) expect(await bars().listRevisions(bar)).toHaveLength(8);
    });

    test('a bar of a garbled year is refused, and nothing of its batch is stored', async () => {
      const bar = aBar();
      const garbled = { ...bar, startAt: new Date('9999-01-01T00:00:00.000Z') };

      await expect(bars().save([bar, garbled], [])).rejects.toMatchObject({ code: 'STORE_REFUSED' });

      expect(await bars().list({ ...bar, ...all })).toEqual([]);
    });

    test('nothing given is nothing done', async () => {
      expect(await bars().save([], [])).toEqual({ written: 0, unchanged: 0, corrected: 0, quarantined: 0 });
      expect(await bars().list({ ...aBar(), ...all })).toEqual([]);
      expect(await bars().listRevisions(aBar())).toEqual([]);
    });

    test('sources of one length are named in order, those of another are not', async () => {
      const { symbol } = aSeries();
      const bar = { symbol, interval: '1d' } as const;
      await bars().save([aBar({ ...bar, source: 'b' }), aBar({ ...bar, source: 'a' })], []);
      await bars().save([aBar({ ...bar, interval: '1m', source: 'c' })], []);

      expect(await bars().sources(symbol, '1d')).toEqual(['a', 'b']);
      expect(await bars().sources(aSeries().symbol, '1d')).toEqual([]);
    });

    test('coverage says what each source has, shortest interval first', async () => {
      const given = dailyBars(4);
      const { symbol } = given[0]!;
      await bars().save([...given, aBar({ symbol, source: 'other' }), aBar({ symbol, interval: '5m' })], []);
      await bars().save([{ ...given[1]!, close: 10.5 }], []);

      const coverage = await bars().coverage(symbol);

      expect(coverage).toEqual([
        { source: 'fixture', interval: '5m', bars: 1, firstAt: day('2026-01-05'), lastAt: day('2026-01-05') },
        { source: 'fixture', interval: '1d', bars: 4, firstAt: day('2026-01-05'), lastAt: day('2026-01-08') },
        { source: 'other', interval: '1d', bars: 1, firstAt: day('2026-01-05'), lastAt: day('2026-01-05') },
      ]);
      expect(await bars().coverage(aSeries().symbol)).toEqual([]);
    });
  });

  describe('the quarantine', () => {
    test('keeps a bar with its reason, once however often it comes, and never in a series', async () => {
      const quarantined = aQuarantinedBar();
      const { symbol } = quarantined;

      const counts = [await bars().save([], [quarantined]), await bars().save([], [quarantined])];

      expect(counts).toEqual(Array(2).fill({ written: 0, unchanged: 0, corrected: 0, quarantined: 1 }));
      expect(await bars().listQuarantined({ symbol, limit: 10 })).toEqual([quarantined]);
      expect(await bars().list({ ...quarantined, ...all })).toEqual([]);
    });

    test('tells bars apart by session, reason and fields', async () => {
      const { symbol } = aSeries();
      const variants = [
        aQuarantinedBar({ symbol }),
        aQuarantinedBar({ symbol, startAt: day('2026-01-06') }),
        aQuarantinedBar({ symbol, reason: 'DUPLICATE_SESSION' }),
        aQuarantinedBar({ symbol, fields: { high: 7, low: '9', note: null } }),
      ];

      await bars().save([], variants);

      expect(await bars().listQuarantined({ symbol, limit: 10 })).toHaveLength(4);
    });

    test('is listed newest session first, of one source when it is named', async () => {
      const { symbol } = aSeries();
      const at = (startAt: string, source: string) => aQuarantinedBar({ symbol, startAt: day(startAt), source });
      await bars().save([], [at('2026-01-05', 'a'), at('2026-01-07', 'b'), at('2026-01-06', 'a')]);

      const daysOf = async (query: { source?: string; limit: number }) =>
        (await bars().listQuarantined({ symbol, ...query })).map(({ startAt }) => startAt.getUTCDate());

      expect(await daysOf({ limit: 10 })).toEqual([7, 6, 5]);
      expect(await daysOf({ limit: 1 })).toEqual([7]);
      expect(await daysOf({ source: 'a', limit: 10 })).toEqual([6, 5]);
    });
  });
}
