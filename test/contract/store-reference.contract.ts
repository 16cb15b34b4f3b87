import type { CorporateAction } from '../../src/domain/corporate-action';
import { aSeries } from '../support/series';
import type { StoreUnderTest } from './store.contract';
import { describeInstruments, describeMetadata } from './store-instruments.contract';

const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 0, 0, second));

function aSplit(changes: Partial<CorporateAction> = {}): CorporateAction {
  return {
    symbol: changes.symbol ?? aSeries().symbol,
    kind: 'split',
    exDate: '2020-08-31',
    amount: null,
    currency: null,
    ratio: 4,
    successor: null,
    source: 'fixture',
    ...changes,
  };
}

function aDividend(changes: Partial<CorporateAction> = {}): CorporateAction {
  return aSplit({ kind: 'dividend', ratio: null, amount: 0.205, currency: 'USD', ...changes });
}

/** Tables `corporate_actions`, `instruments`, `vendor_symbols`, `ticker_metadata` and `history_ingests`. */
export function describeReference(underTest: () => StoreUnderTest): void {
  describeActions(underTest);
  describeInstruments(underTest);
  describeMetadata(underTest);

  describe('the progress of an ingestion', () => {
    const progress = () => underTest().store.ingestProgress;

    test('is found by source, symbol, interval and range, and goes forward', async () => {
      const key = { source: 'fixture', symbol: aSeries().symbol, interval: '1d', start: at(0), end: at(50) } as const;
      await progress().save({ ...key, next: at(10) });

      await progress().save({ ...key, next: at(50) });

      expect(await progress().find(key)).toEqual({ ...key, next: at(50) });
      for (const other of [{ source: 'x' }, { interval: '1m' as const }, { start: at(1) }, { end: at(51) }]) {
        expect(await progress().find({ ...key, ...other })).toBeUndefined();
      }
    });
  });
}

function describeActions(underTest: () => StoreUnderTest): void {
  const actions = () => underTest().store.corporateActions;

  describe('corporate actions', () => {
    test('are written once, and a restated one replaces its row', async () => {
      const split = aSplit();
      const dividend = aDividend({ symbol: split.symbol });

      const first = await actions().save([split, dividend]);
      const again = await actions().save([split, dividend]);
      const restated = await actions().save([split, { ...dividend, amount: 0.21 }]);

      expect(first).toEqual({ written: 2, unchanged: 0, corrected: 0 });
      expect(again).toEqual({ written: 0, unchanged: 2, corrected: 0 });
      expect(restated).toEqual({ written: 0, unchanged: 1, corrected: 1 });
      expect(await actions().list({ symbol: split.symbol })).toEqual([{ ...dividend, amount: 0.21 }, split]);
    });

    test.each([
      ['amount', { amount: 0.3 }],
      ['currency', { currency: 'EUR' }],
      ['ratio', { ratio: 2 }],
      ['successor', { successor: 'META' }],
    ])('another %s is a restatement', async (_, change) => {
      const action = aDividend();
      await actions().save([action]);

      expect(await actions().save([{ ...action, ...change }])).toMatchObject({ corrected: 1 });
    });

    test('are listed by ex-date within days that are both inclusive, of one source when it is named', async () => {
      const { symbol } = aSeries();
      const days = ['2021-05-07', '2020-08-07', '2020-11-06', '2021-02-05'];
      await actions().save(days.map((exDate) => aDividend({ symbol, exDate })));
      await actions().save([aDividend({ symbol, exDate: '2021-01-01', source: 'other' })]);
      const daysOf = async (query: { source?: string; start?: string; end?: string }) =>
        (await actions().list({ symbol, ...query })).map(({ exDate }) => exDate);

      expect(await daysOf({ source: 'fixture' })).toEqual([...days].sort());
      expect(await daysOf({ start: '2020-11-06', end: '2021-02-05' })).toEqual([
        '2020-11-06',
        '2021-01-01',
        '2021-02-05',
      ]);
      expect(await daysOf({ source: 'other' })).toEqual(['2021-01-01']);
      expect(await daysOf({ start: '2022-01-01' })).toEqual([]);
    });

    test('those who save the same at once write it once', async () => {
      const given = Array.from({ length: 20 }, () => aSplit());

      const counts = await Promise.all([given, [...given].reverse(), given].map((batch) => actions().save(batch)));

      expect(counts.reduce((sum, { written }) => sum + written, 0)).toBe(20);
    });
  });
}
