import { PrismaPg } from '@prisma/adapter-pg';
import type { ClaimedPoll, PollConfig, PollFailure, PollJob, PollOutcome, PollRun } from '../../domain/poll-job';
import type { PollJobs } from '../store';
import { textArray } from './array-literal';
import type { Database } from './database';
import { Prisma, PrismaClient } from './generated/client';
import * as sql from './polling-jobs-sql';
import { listPollingRuns, throughPrisma } from './polling-runs';
import { toStoreError } from './store-error';

/** A job's columns with those of its newest run, null where it never ran. */
interface JobRow extends Omit<PollJob, 'lastRun'> {
  readonly runId: string | null;
  readonly scheduledFor: Date;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly outcome: PollOutcome;
  readonly quotes: number;
  readonly failures: readonly PollFailure[];
}

type Keys = Parameters<PollJobs['create']>[1];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Tables `polling_jobs` and `polling_runs`. Plain rows go through Prisma, on the same connections; what moves the schedule is one statement each. */
export function openPollingJobs(database: Database): PollJobs {
  const prisma = new PrismaClient({ adapter: new PrismaPg(database.pool) });
  const find = async (jobId: string): Promise<PollJob | undefined> => {
    if (!UUID.test(jobId)) return undefined;
    const [row] = await database.query<JobRow>(sql.JOBS, [jobId]);
    return row && jobOf(row);
  };

  const create: PollJobs['create'] = async (config, keys) => {
    const createdId = await insertJob(prisma, config, keys);
    const jobId = createdId ?? (await idOfKey(prisma, keys.idempotencyKey));
    const job = jobId === undefined ? undefined : await find(jobId);
    // Removed by somebody else just now: then the key is free again.
    if (!job) return create(config, keys);
    if (createdId !== undefined) return { outcome: 'created', job };
    return { outcome: isSameConfig(job, config) ? 'existing' : 'conflict', job };
  };

  return {
    create,
    find,
    list: async () => (await database.query<JobRow>(sql.JOBS, [null])).map(jobOf),
    listRuns: async (jobId, limit) => (UUID.test(jobId) ? listPollingRuns(prisma, jobId, limit) : []),
    async update(jobId, { symbols, intervalSeconds, status }) {
      if (!UUID.test(jobId)) return undefined;
      const values = [jobId, symbols ? textArray(symbols) : null, intervalSeconds ?? null, status ?? null];
      return (await database.execute(sql.UPDATE, values)) > 0 ? find(jobId) : undefined;
    },
    async remove(jobId) {
      if (!UUID.test(jobId)) return false;
      const { count } = await throughPrisma(() => prisma.pollingJob.deleteMany({ where: { id: jobId } }));
      return count > 0;
    },
    requestRun: async (jobId) => UUID.test(jobId) && (await database.execute(sql.REQUEST_RUN, [jobId])) > 0,
    claimDue: ({ owner, leaseSeconds, limit }) =>
      database.query<ClaimedPoll>(sql.CLAIM_DUE, [owner, leaseSeconds, limit]),
    async completeRun({ runId, jobId, fence }, { outcome, quotes, failures, resumeAt }) {
      const values = [runId, jobId, fence, outcome, quotes, JSON.stringify(failures), resumeAt ?? null];
      return (await database.execute(sql.COMPLETE_RUN, values)) > 0;
    },
  };
}

/** The new job's id; undefined when a job with this key exists. */
async function insertJob(
  prisma: PrismaClient,
  { symbols, intervalSeconds, provider, marketHoursOnly = false }: PollConfig,
  keys: Keys,
): Promise<string | undefined> {
  const job = { symbols: [...symbols], intervalSeconds, provider, marketHoursOnly };
  const { idempotencyKey = null, requestId = null, owner = null } = keys;
  const data = { ...job, idempotencyKey, requestId, owner };
  try {
    return (await prisma.pollingJob.create({ data, select: { id: true } })).id;
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return undefined;
    throw toStoreError(error);
  }
}

async function idOfKey(prisma: PrismaClient, idempotencyKey = ''): Promise<string | undefined> {
  const job = await throughPrisma(() =>
    prisma.pollingJob.findUnique({ where: { idempotencyKey }, select: { id: true } }),
  );
  return job?.id;
}

function isSameConfig(a: PollConfig, b: PollConfig): boolean {
  return (
    a.provider === b.provider &&
    a.intervalSeconds === b.intervalSeconds &&
    (a.marketHoursOnly ?? false) === (b.marketHoursOnly ?? false) &&
    a.symbols.length === b.symbols.length &&
    a.symbols.every((symbol, index) => symbol === b.symbols[index])
  );
}

function jobOf(row: JobRow): PollJob {
  const { runId, scheduledFor, startedAt, finishedAt, outcome, quotes, failures, ...job } = row;
  const lastRun: PollRun | null =
    runId === null ? null : { runId, scheduledFor, startedAt, finishedAt, outcome, quotes, failures };
  return { ...job, lastRun };
}
