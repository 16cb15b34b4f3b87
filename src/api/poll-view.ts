import { z } from 'zod';
import { instantSchema } from '../domain/instant';
import type { PollJob, PollRun } from '../domain/poll-job';

/** In examples. */
export const EXAMPLE_POLL_ID = '0b9c6a1e-6f0e-4f55-9a3c-6d2f1c0e7a11';

const runSchema = z
  .object({
    scheduled_for: instantSchema,
    started_at: instantSchema,
    finished_at: instantSchema.nullable(),
    outcome: z.enum(['running', 'succeeded', 'partial', 'failed', 'abandoned', 'skipped']),
    quotes: z.int().meta({ description: 'Symbols that got a price' }),
    failures: z.array(z.object({ symbol: z.string(), code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'PollRun' });

export const pollSchema = z
  .object({
    job_id: z.guid(),
    status: z.enum(['active', 'paused']),
    symbols: z.array(z.string()),
    interval: z.int(),
    provider: z.string(),
    market_hours_only: z.boolean(),
    next_run_at: instantSchema.nullable().meta({ description: 'Null while paused' }),
    missed_ticks: z.int().meta({ description: 'Ticks that passed unserved; they are not made up for' }),
    created_at: instantSchema,
    last_run: z.union([runSchema, z.null()]),
  })
  .meta({ id: 'PollJob' });

export const pollWithRunsSchema = pollSchema.extend({ runs: z.array(runSchema) }).meta({ id: 'PollJobWithRuns' });

export const acceptedPollSchema = z
  .object({
    job_id: z.guid(),
    status: z.literal('accepted'),
    config: z.object({
      symbols: z.array(z.string()),
      interval: z.int(),
      provider: z.string(),
      market_hours_only: z.literal(true).optional(),
    }),
  })
  .meta({
    id: 'PollAccepted',
    example: {
      job_id: EXAMPLE_POLL_ID,
      status: 'accepted',
      config: { symbols: ['AAPL', 'MSFT'], interval: 60, provider: 'fixture' },
    },
  });

/** One job of a list. */
export function pollView(job: PollJob): z.infer<typeof pollSchema> {
  return {
    job_id: job.jobId,
    status: job.status,
    symbols: [...job.symbols],
    interval: job.intervalSeconds,
    provider: job.provider,
    market_hours_only: job.marketHoursOnly,
    next_run_at: job.status === 'paused' ? null : job.nextRunAt.toISOString(),
    missed_ticks: job.missedTicks,
    created_at: job.createdAt.toISOString(),
    last_run: job.lastRun && runView(job.lastRun),
  };
}

/** One of its runs. */
export function runView(run: PollRun): z.infer<typeof runSchema> {
  return {
    scheduled_for: run.scheduledFor.toISOString(),
    started_at: run.startedAt.toISOString(),
    finished_at: run.finishedAt?.toISOString() ?? null,
    outcome: run.outcome,
    quotes: run.quotes,
    failures: run.failures.map(({ symbol, code, detail }) => ({ symbol, code, detail })),
  };
}
