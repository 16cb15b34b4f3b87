import type { Clock } from '../../platform/clock';
import type { RawResponse, RawResponses } from '../store';
import type { MarketCaps } from './instruments';

interface StoredResponse {
  readonly response: RawResponse;
  readonly createdAt: Date;
  publishAfterMs: number;
  published: boolean;
}

/** What retention does to it beside the port. */
export interface MemoryRawResponses extends RawResponses {
  /** Deletes at most `limit` published ones older than `before`; returns how many. */
  deletePublished(before: Date, limit: number): number;
}

/** `raw_market_data`, the outbox, in memory. */
export function openMemoryRawResponses(options: { clock: Clock; marketCaps: MarketCaps }): MemoryRawResponses {
  const stored = new Map<string, StoredResponse>();
  const nowMs = () => options.clock().getTime();
  const hiddenUntil = (graceSeconds: number) => nowMs() + graceSeconds * 1000;

  return {
    async save(response, graceSeconds) {
      const { id, marketCaps, fetchedAt } = response;
      for (const [symbol, marketCap] of Object.entries(marketCaps)) {
        const known = options.marketCaps.get(symbol);
        const currency = response.events.find((event) => event.symbol === symbol)?.currency ?? known?.currency ?? null;
        if (!known || known.fetchedAt <= fetchedAt) options.marketCaps.set(symbol, { marketCap, fetchedAt, currency });
      }
      const row = { response, createdAt: options.clock(), publishAfterMs: hiddenUntil(graceSeconds), published: false };
      if (!stored.has(id)) stored.set(id, row);
    },
    async archive(answer) {
      const response = { ...answer, events: [], pollingRunId: null, marketCaps: {} };
      const row = { response, createdAt: options.clock(), publishAfterMs: nowMs(), published: true };
      if (!stored.has(answer.id)) stored.set(answer.id, row);
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
    deletePublished(before, limit) {
      const old = [...stored].filter(([, { published, createdAt }]) => published && createdAt < before).slice(0, limit);
      for (const [id] of old) stored.delete(id);
      return old.length;
    },
    countUnpublished: async () => [...stored.values()].filter(({ published }) => !published).length,
  };
}
