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
}
