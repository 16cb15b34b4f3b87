import { violatedConstraint } from './store-error';

/** How many batches are inserted carefully after one that met a stored row. */
const CAREFUL_BATCHES = 64;

/**
 * New rows are the rule, and a plain INSERT costs a third less than one with ON CONFLICT, so it is tried first. A batch that meets a stored row of a partition of
 * `table` is inserted again carefully, and so are the next ones: redelivered or late events come in runs.
 */
export function openOptimisticInsert(table: string) {
  const primaryKey = new RegExp(`^${table}_\\w+_pkey$`);
  let carefulBatches = 0;
  return async <T>(insert: { plainly: () => Promise<T>; carefully: () => Promise<T> }): Promise<T> => {
    if (carefulBatches > 0) {
      carefulBatches -= 1;
      return insert.carefully();
    }
    try {
      return await insert.plainly();
    } catch (error) {
      if (!primaryKey.test(violatedConstraint(error) ?? '')) throw error;
      carefulBatches = CAREFUL_BATCHES;
      return insert.carefully();
    }
  };
}
