import { Pool, type PoolClient, type QueryResult, type QueryResultRow } from 'pg';
import { databaseConnectionOf } from '../../platform/database-connection';
import { messageOf, TickwireError } from '../../platform/errors';
import type { Log } from '../../platform/log';
import { type Metrics, silentMetrics } from '../../platform/metrics';
import { inInnerSpan } from '../../platform/trace';
import { toStoreError } from './store-error';

/** A prepared statement: parsed once for each connection under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Runs statements; every failure comes out as an error of the port. */
export interface Session {
  /** The rows, as the statement names their columns. */
  query<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
  /** How many rows the statement wrote. */
  execute(statement: Statement, values: readonly unknown[]): Promise<number>;
}

/** A pool of connections that survives restarts of the server. */
export interface Database extends Session {
  /** For Prisma, which shares it. */
  readonly pool: Pool;
  /** Commits what `work` did, or nothing of it when it throws. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Called after every failure that may mean another server or other data. */
  onUnavailable(listener: () => void): void;
  stop(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 2000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** For a server that accepts and then says nothing: a little after it should have given up itself. */
const ANSWER_TIMEOUT_MS = 35_000;

export interface DatabaseOptions {
  readonly databaseUrl: string;
  readonly log: Log;
  readonly maxConnections: number;
  readonly metrics?: Metrics;
}

export function openDatabase(options: DatabaseOptions): Database {
  const pool = openPool(options);
  gaugePool(pool, options.metrics ?? silentMetrics);
  const listeners: (() => void)[] = [];
  let stopping: Promise<void> | undefined;

  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const translated = toStoreError(error);
      if (translated instanceof TickwireError && translated.code === 'STORE_UNAVAILABLE') {
        for (const listener of listeners) listener();
      }
      throw translated;
    }
  };
  const sessionOf = (runner: Pool | PoolClient): Session => ({
    query: <Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]) =>
      guarded(async () => (await traced(statement.name, () => run<Row>(runner, statement, values))).rows),
    execute: (statement, values) =>
      guarded(async () => (await traced(statement.name, () => run(runner, statement, values))).rowCount ?? 0),
  });

  return {
    pool,
    ...sessionOf(pool),
    transaction: (work) =>
      guarded(() => traced('transaction', () => inTransaction(pool, (client) => work(sessionOf(client))))),
    onUnavailable: (listener) => listeners.push(listener),
    stop: () => {
      stopping ??= pool.end();
      return stopping;
    },
  };
}

/** A span where a request or a batch has one; statements have names, so that no text and no value is told. */
function traced<T>(name: string, work: () => Promise<T>): Promise<T> {
  return inInnerSpan(name, { kind: 'client', attributes: { 'db.system.name': 'postgresql' } }, work);
}

function gaugePool(pool: Pool, metrics: Metrics): void {
  metrics.gauge('tickwire_database_connections', () => [
    { labels: { state: 'in_use' }, value: pool.totalCount - pool.idleCount },
    { labels: { state: 'idle' }, value: pool.idleCount },
  ]);
  metrics.gauge('tickwire_database_connections_wanted', () => [{ labels: {}, value: pool.waitingCount }]);
  metrics.gauge('tickwire_database_connections_max', () => [{ labels: {}, value: pool.options.max }]);
}

function openPool(options: DatabaseOptions): Pool {
  const pool = new Pool({
    ...databaseConnectionOf(options.databaseUrl),
    application_name: 'tickwire',
    max: options.maxConnections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // Without a listener an idle connection's death would end the process; the pool replaces it on the next use.
  pool.on('error', (error) => options.log.warn({ error: messageOf(error) }, 'an idle database connection was lost'));
  return pool;
}

function run<Row extends QueryResultRow>(
  runner: Pool | PoolClient,
  statement: Statement,
  values: readonly unknown[],
): Promise<QueryResult<Row>> {
  return runner.query<Row>({ name: statement.name, text: statement.text, values: [...values] });
}

async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  // A connection that dies between two statements reports it here; the next statement then fails.
  const onError = (error: Error) => {
    failure = error;
  };
  client.on('error', onError);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((lost: Error) => {
      failure = lost;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(failure);
  }
}
