import { type Snapshot, snapshotEntryOf } from '../cache/cache';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';
import type { Store } from '../store/store';

/** The snapshot as the database has it; empty when it does not answer either. */
export async function storedPrices(options: { store: Pick<Store, 'prices'>; log: Log }): Promise<Snapshot> {
  try {
    const points = await options.store.prices.snapshot();
    return Object.fromEntries(points.map((point) => [point.event.symbol, snapshotEntryOf(point)]));
  } catch (error) {
    options.log.warn({ error: messageOf(error) }, 'live prices: the database does not answer either');
    return {};
  }
}
