import { isDeepStrictEqual } from 'node:util';
import type { ModelArtifact, ModelJob } from '../../domain/model-job';
import type { ModelJobs, NewModelJob, UnpublishedJob } from '../job-store';
import { textArray } from './array-literal';
import type { Database } from './database';
import * as sql from './model-jobs-sql';

type ClaimRow = ModelJob & { readonly fence: number };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Tables `model_jobs` and `model_artifacts`. */
export function openModelJobs(database: Database): ModelJobs {
  const find = async (jobId: string): Promise<ModelJob | undefined> =>
    UUID.test(jobId) ? (await database.query<ModelJob>(sql.FIND, [jobId]))[0] : undefined;
  const wrote = async (statement: { name: string; text: string }, values: readonly unknown[]) =>
    (await database.execute(statement, values)) > 0;

  return {
    create: (jobs, options) => create(database, jobs, options),
    find,
    findArtifact: (jobId, name) => findArtifact(database, jobId, name),
    list: ({ status, model, knownTo, after, limit }) => {
      const values = [status ?? null, model ?? null, after?.createdAt ?? null, after?.jobId ?? null, limit];
      return knownTo === undefined
        ? database.query<ModelJob>(sql.LIST, values)
        : database.query<ModelJob>(sql.LIST_OF, [...values, knownTo]);
    },
    markPublished: async (jobIds) => {
      await database.execute(sql.MARK_PUBLISHED, [textArray(jobIds)]);
    },
    claimUnpublished: (limit, graceSeconds) =>
      database.query<UnpublishedJob & Record<string, unknown>>(sql.CLAIM_UNPUBLISHED, [limit, graceSeconds]),
    claim: (claim) => claimDue(database, claim),
    async renew({ jobId, fence }, { progress, leaseSeconds }) {
      if (await wrote(sql.RENEW, [jobId, fence, progress, leaseSeconds])) return 'renewed';
      const [row] = await database.query<{ status: string }>(sql.STATUS, [jobId]);
      return row?.status === 'cancelled' ? 'cancelled' : 'lost';
    },
    async complete({ jobId, fence }, { result, metrics, warnings, artifacts }) {
      const values = [result, metrics, warnings, artifacts].map((value) => JSON.stringify(value ?? null));
      return (await database.query(sql.COMPLETE, [jobId, fence, ...values])).length > 0;
    },
    fail: ({ jobId, fence }, error, retryAfterSeconds) =>
      wrote(sql.FAIL, [jobId, fence, JSON.stringify(error), retryAfterSeconds]),
    async cancel(jobId) {
      if (!UUID.test(jobId)) return undefined;
      if (await wrote(sql.CANCEL, [jobId])) return 'cancelled';
      return (await find(jobId)) && 'final';
    },
    release: ({ jobId, fence }) => wrote(sql.RELEASE, [jobId, fence]),
    async countRunning() {
      const [row] = await database.query<{ count: number }>(sql.COUNT_RUNNING, []);
      return row?.count ?? 0;
    },
    async countQueued() {
      const [row] = await database.query<{ count: number }>(sql.COUNT_QUEUED, []);
      return row?.count ?? 0;
    },
  };
}

function create(
  database: Database,
  jobs: readonly NewModelJob[],
  { idempotencyKey, graceSeconds }: Parameters<ModelJobs['create']>[1],
): ReturnType<ModelJobs['create']> {
  const rows = jobs.map(({ jobId, model, params, requestId, owner }) => ({
    id: jobId,
    model,
    // Text within the text: parsed by itself, it is kept to the character.
    params: JSON.stringify(params),
    requestId,
    owner,
  }));
  return database.transaction(async (session) => {
    if (idempotencyKey !== undefined) {
      await session.query(sql.LOCK_KEY, [idempotencyKey]);
      const existing = await session.query<ModelJob & Record<string, unknown>>(sql.OF_KEY, [idempotencyKey]);
      if (existing.length > 0) return { outcome: isSame(existing, jobs) ? 'existing' : 'conflict', jobs: existing };
    }
    const values = [JSON.stringify(rows), idempotencyKey ?? null, graceSeconds];
    return { outcome: 'created', jobs: await session.query<ModelJob & Record<string, unknown>>(sql.INSERT, values) };
  });
}

function isSame(existing: readonly ModelJob[], wanted: readonly NewModelJob[]): boolean {
  const contentOf = (jobs: readonly Pick<ModelJob, 'model' | 'params'>[]) =>
    // As JSON holds them: what is undefined is not there.
    jobs.map(({ model, params }) => ({ model, params: JSON.parse(JSON.stringify(params)) }));
  return isDeepStrictEqual(contentOf(existing), contentOf(wanted));
}

async function findArtifact(database: Database, jobId: string, name: string) {
  if (!UUID.test(jobId)) return undefined;
  type Row = ModelArtifact & { fence: number; owner: string | null };
  const [row] = await database.query<Row>(sql.FIND_ARTIFACT, [jobId, name]);
  if (!row) return undefined;
  const { fence, owner, ...artifact } = row;
  return { artifact, fence, owner };
}

function claimDue(database: Database, claim: Parameters<ModelJobs['claim']>[0]): ReturnType<ModelJobs['claim']> {
  const { owner, leaseSeconds, maxRunning, limit, wanted } = claim;
  const ids = textArray(wanted.filter((id) => UUID.test(id)));
  return database.transaction(async (session) => {
    await session.query(sql.LOCK_CLAIMS, []);
    const rows = await session.query<ClaimRow>(sql.CLAIM, [owner, leaseSeconds, maxRunning, limit, ids]);
    return rows.map(({ fence, ...job }) => ({ job, fence }));
  });
}
