import { silentLog } from '../../src/platform/log';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store';
import type { Store } from '../../src/store/store';
import { describeStore } from '../contract/store.contract';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  store = openPostgresStore({ databaseUrl: database.databaseUrl, log: silentLog });
  await store.start();
});

afterAll(async () => {
  await store.stop();
  await database.drop();
});

/** The database's clock cannot be moved: instead all it holds is moved into the past. */
async function passTime(seconds: number): Promise<void> {
  const back = (column: string) => `${column} = ${column} - ${seconds} * interval '1 second'`;
  const shift = (table: string, ...columns: string[]) =>
    database.query(`UPDATE ${table} SET ${columns.map(back).join()}`);
  await shift('polling_jobs', 'anchor_at', 'next_run_at', 'run_requested_at', 'lease_until', 'created_at');
  await shift('polling_runs', 'scheduled_for', 'started_at', 'finished_at');
  await shift('raw_market_data', 'publish_after', 'created_at');
  await shift('news_polls', 'polled_at');
  await shift('model_jobs', 'created_at', 'run_after', 'lease_until', 'publish_after');
}

describeStore(() => ({ store, passTime }));
