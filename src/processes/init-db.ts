import { parseConfig, required } from '../platform/config';
import { readEnvironment } from '../platform/environment';
import type { Log } from '../platform/log';
import { migrate } from '../store/postgres/migrate';

/** Applies the migrations that are missing. Safe to repeat. */
export async function initDb(log: Log): Promise<void> {
  const config = parseConfig(readEnvironment());
  const applied = await migrate({ databaseUrl: required(config.databaseUrl, 'DATABASE_URL') });
  log.info({ applied }, applied.length > 0 ? 'migrations applied' : 'the database is up to date');
}
