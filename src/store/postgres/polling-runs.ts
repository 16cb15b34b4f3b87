import { z } from 'zod';
import type { PollRun } from '../../domain/poll-job';
import type { PrismaClient } from './generated/client';
import { toStoreError } from './store-error';

const runSchema = z.object({
  runId: z.string(),
  scheduledFor: z.date(),
  startedAt: z.date(),
  finishedAt: z.date().nullable(),
  outcome: z.enum(['running', 'succeeded', 'partial', 'failed', 'abandoned', 'skipped']),
  quotes: z.number(),
  failures: z.array(z.object({ symbol: z.string(), code: z.string(), detail: z.string() })),
});

/** The newest `limit` runs of a job, newest first. */
export async function listPollingRuns(prisma: PrismaClient, jobId: string, limit: number): Promise<readonly PollRun[]> {
  const rows = await throughPrisma(() =>
    prisma.pollingRun.findMany({ where: { jobId }, orderBy: { scheduledFor: 'desc' }, take: limit }),
  );
  return rows.map(({ id, ...row }) => runSchema.parse({ runId: id, ...row }));
}

/** Runs a call of Prisma; its failure comes out as an error of the port. */
export async function throughPrisma<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toStoreError(error);
  }
}
