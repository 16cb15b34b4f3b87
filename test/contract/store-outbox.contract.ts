import { randomUUID } from 'node:crypto';
import type { RawResponse } from '../../src/store/store';
import { aSeries, eventAt } from '../support/series';
import type { StoreUnderTest } from './store.contract';

function aResponse(changes: Partial<RawResponse> = {}): RawResponse {
  const series = aSeries();
  const id = randomUUID();
  return {
    id,
    provider: series.provider,
    symbols: [series.symbol],
    body: { quotes: [{ name: 'NUL \u0000 and half a pair \ud800', price: 10 }] },
    events: [{ ...eventAt(series, 1, 10), rawResponseId: id }],
    fetchedAt: new Date('2026-01-05T00:00:01.500Z'),
    requestId: 'request-1',
    pollingRunId: null,
    marketCaps: {},
    ...changes,
  };
}

/** Table `raw_market_data`, the outbox. */
export function describeOutbox(underTest: () => StoreUnderTest): void {
  const outbox = () => underTest().store.rawResponses;
  const empty = async () => outbox().markPublished((await outbox().claimUnpublished(1000, 0)).map(({ id }) => id));

  describe('the outbox', () => {
    beforeEach(async () => {
      await underTest().passTime(3600);
      await empty();
    });

    test('an answer is offered with its events, once its grace is over', async () => {
      const response = aResponse();
      await outbox().save(response, 10);

      const early = await outbox().claimUnpublished(10, 10);
      await underTest().passTime(11);
      const due = await outbox().claimUnpublished(10, 10);

      expect(early).toEqual([]);
      expect(due).toEqual([{ id: response.id, events: response.events, requestId: 'request-1' }]);
    });

    test('a published answer is offered no more', async () => {
      const response = aResponse();
      await outbox().save(response, 0);
      expect(await outbox().countUnpublished()).toBe(1);

      await outbox().markPublished([response.id, randomUUID()]);

      expect(await outbox().countUnpublished()).toBe(0);
      expect(await outbox().claimUnpublished(10, 10)).toEqual([]);
    });

    test('an answer whose publisher died is offered again', async () => {
      const response = aResponse();
      await outbox().save(response, 0);
      await outbox().claimUnpublished(10, 10);

      const hidden = await outbox().claimUnpublished(10, 10);
      await underTest().passTime(11);
      const again = await outbox().claimUnpublished(10, 10);

      expect(hidden).toEqual([]);
      expect(again.map(({ id }) => id)).toEqual([response.id]);
    });

    test('two claimers at once never get the same answer', async () => {
      const responses = Array.from({ length: 30 }, () => aResponse());
      for (const response of responses) await outbox().save(response, 0);

      const claims = await Promise.all(Array.from({ length: 6 }, () => outbox().claimUnpublished(5, 60)));
      const rest = await outbox().claimUnpublished(100, 60);

      const ids = [...claims.flat(), ...rest].map(({ id }) => id);
      expect(ids).toHaveLength(30);
      expect(new Set(ids)).toEqual(new Set(responses.map(({ id }) => id)));
    });

    test('the oldest are offered first', async () => {
      const responses = [aResponse(), aResponse(), aResponse()];
      for (const response of responses) {
        await outbox().save(response, 0);
        await underTest().passTime(1);
      }

      const first = await outbox().claimUnpublished(2, 60);

      expect(first.map(({ id }) => id)).toEqual(responses.slice(0, 2).map(({ id }) => id));
    });

    test('an answer that makes no events is kept, once, and never offered', async () => {
      const { id, provider, symbols, body, fetchedAt, requestId } = aResponse();

      await outbox().archive({ id, provider, symbols, body, fetchedAt, requestId });
      await outbox().archive({ id, provider, symbols, body, fetchedAt, requestId });
      await underTest().passTime(3600);

      expect(await outbox().countUnpublished()).toBe(0);
      expect(await outbox().claimUnpublished(10, 10)).toEqual([]);
    });

    test('the same answer saved again is one answer', async () => {
      const response = aResponse();

      await outbox().save(response, 0);
      await outbox().save(response, 0);

      expect(await outbox().countUnpublished()).toBe(1);
    });

    test('a market cap is kept, and an older answer does not replace it', async () => {
      const { symbol } = aSeries();
      const at = (second: number) => new Date(Date.UTC(2026, 0, 5, 0, 0, second));
      await outbox().save(aResponse({ marketCaps: { [symbol]: 3.5e12 }, fetchedAt: at(2) }), 0);

      await outbox().save(aResponse({ marketCaps: { [symbol]: 1 }, fetchedAt: at(1) }), 0);

      expect(await underTest().store.prices.findMarketCap(symbol)).toBe(3.5e12);
      expect(await underTest().store.prices.findMarketCap('NOBODY')).toBeNull();
    });
  });
}
