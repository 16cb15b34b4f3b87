import type { DeletedRecords, Retention } from '../retention-store';
import type { Database, Session } from './database';
import { openPricePartitions } from './price-partitions';
import { shrinkPartition } from './price-retention';
import { deleteRecords } from './record-retention';

/** Held by whoever is dropping what is old, for as long as its transaction. */
const TAKE_TURN = { name: 'retention-turn', text: 'SELECT pg_try_advisory_xact_lock(72707372) AS taken' };

const NOTHING: DeletedRecords = { rawResponses: 0, pollRuns: 0, auditEntries: 0 };

/** Retention on PostgreSQL: whole months by the table, records by the batch, each in a transaction of its own. */
export function openRetention(database: Database): Retention {
  const partitions = openPricePartitions(database);
  const inTurn = <T>(otherwise: T, work: (session: Session) => Promise<T>): Promise<T> =>
    database.transaction(async (session) => {
      const [turn] = await session.query<{ taken: boolean }>(TAKE_TURN, []);
      return turn?.taken ? work(session) : otherwise;
    });

  return {
    async dropPrices(before) {
      const ended = (await partitions.list()).filter(({ to }) => to <= before);
      const changed: string[] = [];
      for (const partition of ended) {
        const isChanged = await inTurn(false, (session) => shrinkPartition(session, partition, before));
        if (isChanged) changed.push(partition.name);
      }
      return changed;
    },
    deleteRecords: (before, limit) => inTurn(NOTHING, (session) => deleteRecords(session, before, limit)),
  };
}
