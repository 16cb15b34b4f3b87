import type { Cache, TickerUpdate } from '../../src/cache/cache';
import { eventually } from '../support/eventually';
import { aSeries } from '../support/series';
import { describeLatestPrices } from './cache-latest.contract';
import { describeSnapshot } from './cache-snapshot.contract';

/** A cache under test: expiry 300 s, default provider `fixture`. Each test uses symbols of its own. */
export interface CacheUnderTest {
  readonly cache: Cache;
  /** Lets time pass for what expires. */
  passTime(seconds: number): Promise<void>;
  /** Publishes on the channel `ticker_updates`. */
  publishTickerUpdate(text: string): Promise<void>;
}

/** What every cache holds to. */
export function describeCache(underTest: () => CacheUnderTest): void {
  const cache = () => underTest().cache;

  describeLatestPrices(underTest);
  describeSnapshot(underTest);

  describe('ticker updates', () => {
    test('a bare symbol and a JSON object are understood, anything else is reported', async () => {
      const updates: TickerUpdate[] = [];
      const malformed: string[] = [];
      const end = await cache().onTickerUpdate(
        (update) => updates.push(update),
        (text) => malformed.push(text),
      );
      const texts = [
        'aapl',
        '{"ticker":" msft ","action":"refresh"}',
        '{"ticker":"BRK.B"}',
        '600519',
        'no symbol!',
        '{"ticker":1}',
        '{}',
        '[]',
        '',
      ];

      for (const text of texts) await underTest().publishTickerUpdate(text);

      await eventually(() => updates.length + malformed.length === texts.length);
      expect(updates).toEqual([
        { ticker: 'AAPL', action: null },
        { ticker: 'MSFT', action: 'refresh' },
        { ticker: 'BRK.B', action: null },
        { ticker: '600519', action: null },
      ]);
      expect(malformed).toEqual(['no symbol!', '{"ticker":1}', '{}', '[]', '']);
      await end();
    });
  });

  describe('quotas', () => {
    test('as many units as the limit are there, then it says how long to wait', async () => {
      const name = aSeries().symbol;

      const waits = [];
      for (let taken = 0; taken < 4; taken += 1) waits.push(await cache().takeQuota(name, 3, 60_000));

      expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
      expect(waits[3]).toBeGreaterThan(50_000);
      expect(waits[3]).toBeLessThanOrEqual(60_000);
      expect(await cache().takeQuota(`${name}-other`, 3, 60_000)).toBe(0);
    });

    test('after the window the units are there again', async () => {
      const name = aSeries().symbol;
      await cache().takeQuota(name, 1, 60_000);
      expect(await cache().takeQuota(name, 1, 60_000)).toBeGreaterThan(0);

      await underTest().passTime(61);

      expect(await cache().takeQuota(name, 1, 60_000)).toBe(0);
    });
  });

  describe('what is good once', () => {
    test('of many that take a name at once only one gets it, and none after it', async () => {
      const name = aSeries().symbol;

      const taken = await Promise.all(Array.from({ length: 10 }, () => cache().takeOnce(name, 60)));

      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await cache().takeOnce(name, 60)).toBe(false);
      expect(await cache().takeOnce(`${name}-other`, 60)).toBe(true);
    });

    test('it is forgotten when its time is over', async () => {
      const name = aSeries().symbol;
      await cache().takeOnce(name, 1);

      await underTest().passTime(1);

      expect(await eventually(() => cache().takeOnce(name, 1))).toBe(true);
    });
  });

  describe('allowances', () => {
    test('each unit says what is left and until when, and past the limit that none was taken', async () => {
      const subject = aSeries().symbol;

      const taken = [];
      for (let count = 0; count < 4; count += 1) taken.push(await cache().takeAllowance(subject, 3, 60_000));
      const other = await cache().takeAllowance(`${subject}-other`, 3, 60_000);

      expect(taken.map(({ isTaken, remaining }) => [isTaken, remaining])).toEqual([
        [true, 2],
        [true, 1],
        [true, 0],
        [false, 0],
      ]);
      for (const { resetMs } of taken) {
        expect(resetMs).toBeGreaterThan(50_000);
        expect(resetMs).toBeLessThanOrEqual(60_000);
      }
      expect(other).toMatchObject({ isTaken: true, remaining: 2 });
    });

    test('of many taken at once exactly as many as the limit are taken', async () => {
      const subject = aSeries().symbol;

      const taken = await Promise.all(Array.from({ length: 50 }, () => cache().takeAllowance(subject, 20, 60_000)));

      expect(taken.filter(({ isTaken }) => isTaken)).toHaveLength(20);
    });

    test('after the window all of it is there again, also for one who went on asking', async () => {
      const subject = aSeries().symbol;
      for (let count = 0; count < 5; count += 1) await cache().takeAllowance(subject, 2, 60_000);

      await underTest().passTime(61);

      expect(await cache().takeAllowance(subject, 2, 60_000)).toMatchObject({ isTaken: true, remaining: 1 });
    });
  });
}
