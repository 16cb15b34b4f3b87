import type { PriceDiff } from '../cache/cache';
import { tellPassed } from '../platform/event-flow';
import type { Metrics } from '../platform/metrics';

/** Follows price changes from the diff that brings them to the write that tells them. */
export interface SentEvents {
  /** A diff that clients are to be told. */
  heard(diff: PriceDiff): void;
  /** Whoever could be told what was heard so far has been. */
  told(): void;
}

/** Counts each change once however many clients there are; the age is that of the first since the last write. */
export function openSentEvents(metrics: Metrics, hasClients: () => boolean): SentEvents {
  let count = 0;
  let first: { readonly observedAt: Date; readonly fetchedAt: Date } | undefined;
  return {
    heard({ prices }) {
      if (!hasClients()) return;
      const entries = Object.values(prices);
      const [entry] = entries;
      count += entries.length;
      if (entry) first ??= { observedAt: new Date(entry.timestamp), fetchedAt: new Date(entry.fetched_at) };
    },
    told() {
      if (count > 0) tellPassed(metrics, 'sent', { count, first });
      count = 0;
      first = undefined;
    },
  };
}
