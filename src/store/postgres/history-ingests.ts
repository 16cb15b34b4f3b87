import type { IngestProgress, IngestProgresses } from '../history-store';
import type { Database } from './database';

const FIND = {
  name: 'history-ingests-find',
  text: `
    SELECT source, symbol, interval, start_at AS start, end_at AS "end", next_at AS next FROM history_ingests
    WHERE source = $1 AND symbol = $2 AND interval = $3 AND start_at = $4::timestamptz AND end_at = $5::timestamptz`,
};

const SAVE = {
  name: 'history-ingests-save',
  text: `
    INSERT INTO history_ingests (source, symbol, interval, start_at, end_at, next_at)
    VALUES ($1, $2, $3, $4::timestamptz, $5::timestamptz, $6::timestamptz)
    ON CONFLICT (source, symbol, interval, start_at, end_at) DO UPDATE SET next_at = EXCLUDED.next_at, updated_at = now()`,
};

/** Table `history_ingests`. */
export function openHistoryIngests(database: Database): IngestProgresses {
  return {
    async find(key) {
      const [progress] = await database.query<IngestProgress>(FIND, valuesOf(key));
      return progress;
    },
    async save(progress) {
      await database.execute(SAVE, [...valuesOf(progress), progress.next]);
    },
  };
}

function valuesOf({ source, symbol, interval, start, end }: Omit<IngestProgress, 'next'>) {
  return [source, symbol, interval, start, end];
}
