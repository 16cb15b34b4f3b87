import type { Clock } from '../../platform/clock';
import type { RawResponse, RawResponses } from '../store';

interface StoredResponse {
  readonly response: RawResponse;
  publishAfterMs: number;
  published: boolean;
}

/** `raw_market_data`, the outbox, in memory. */
export function openMemoryRawResponses(options: {
  clock: Clock;
  marketCaps: Map<string, { marketCap: number; fetchedAt: Date }>;
}): RawResponses {
  const stored = new Map<string, StoredResponse>();
  const nowMs = () => options.clock().getTime();
  const hiddenUntil = (graceSeconds: number) => nowMs() + graceSeconds * 1000;

  return {
    async save(response, graceSeconds) {
      const { id, marketCaps, fetchedAt } = response;
      for (const [symbol, marketCap] of Object.entries(marketCaps)) {
        const known = options.marketCaps.get(symbol);
        if (!known || known.fetchedAt <= fetchedAt) options.marketCaps.set(symbol, { marketCap, fetchedAt });
      }
      if (!stored.has(id)) stored.set(id, { response, publishAfterMs: hiddenUntil(graceSeconds), published: false });
    },
    async markPublished(ids) {
      for (const id of ids) {
        const row = stored.get(id);
        if (row) row.published = true;
      }
    },
    async claimUnpublished(limit, graceSeconds) {
      const waiting = [...stored.values()].filter((row) => !row.published && row.publishAfterMs <= nowMs());
      return waiting.slice(0, limit).map((row) => {
        row.publishAfterMs = hiddenUntil(graceSeconds);
        const { id, events, requestId } = row.response;
        return { id, events, requestId };
      });
    },
    countUnpublished: async () => [...stored.values()].filter(({ published }) => !published).length,
  };
}
