import { z } from 'zod';
import { instantSchema } from '../../domain/instant';
import type { PollJob, PollRun } from '../../domain/poll-job';
import { TickwireError } from '../../platform/errors';
import { type Answer, json } from '../answer';
import type { ApiContext } from '../context';
import { providerField, symbolsField } from '../request-fields';
import { defineRoute } from '../route';

/** Runs that the one-job form shows. */
const SHOWN_RUNS = 20;
const JOB_ID = '0b9c6a1e-6f0e-4f55-9a3c-6d2f1c0e7a11';

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

const jobSchema = z
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

const jobWithRunsSchema = jobSchema.extend({ runs: z.array(runSchema) }).meta({ id: 'PollJobWithRuns' });

const acceptedSchema = z
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
      job_id: JOB_ID,
      status: 'accepted',
      config: { symbols: ['AAPL', 'MSFT'], interval: 60, provider: 'fixture' },
    },
  });

const intervalField = z.int().min(1).max(86_400).meta({ description: 'Seconds from one fetch to the next' });

const jobParams = z.strictObject({
  job_id: z.guid('expected a UUID').meta({ description: 'From POST /prices/poll', example: JOB_ID }),
});

const createPoll = defineRoute({
  method: 'post',
  path: '/prices/poll',
  tag: 'polling',
  summary: 'Fetch prices again and again',
  description: 'Stores the job and answers; the first fetch follows within a second.',
  request: {
    headers: z.object({
      'idempotency-key': z
        .string()
        .regex(/^[\x20-\x7e]{1,128}$/, 'expected 1 to 128 printable ASCII characters')
        .optional()
        .meta({ description: 'The same key with the same body gives the same job' }),
    }),
    body: z
      .strictObject({
        symbols: symbolsField,
        interval: intervalField.optional(),
        provider: providerField.optional(),
        market_hours_only: z.boolean().default(false).meta({
          description:
            'Skip every run, also one that is asked for, while NYSE and Nasdaq are closed; other listings, currencies and crypto count as always open',
        }),
      })
      .meta({ id: 'PollRequest', example: { symbols: ['AAPL', 'MSFT'], interval: 60, provider: 'fixture' } }),
  },
  answers: {
    202: {
      description: 'The job is stored',
      content: { 'application/json': { schema: acceptedSchema } },
      headers: { Location: 'Where the job is' },
    },
  },
  problems: ['INVALID_INPUT', 'PROVIDER_UNKNOWN', 'PROVIDER_NOT_CONFIGURED', 'CONFLICT', 'STORE_UNAVAILABLE'],
  handle: async ({ body, headers }, { providers, store, defaults }, { requestId }) => {
    const provider = providers.nameOf(body.provider ?? defaults.provider);
    providers.source(provider);
    const { symbols, interval = defaults.intervalSeconds, market_hours_only: marketHoursOnly } = body;
    const idempotencyKey = headers['idempotency-key'];
    const { outcome, job } = await store.pollJobs.create(
      { symbols, intervalSeconds: interval, provider, marketHoursOnly },
      { idempotencyKey, requestId },
    );
    if (outcome === 'conflict') {
      const detail = `Idempotency-Key: ${idempotencyKey} belongs to job ${job.jobId}, which has another configuration`;
      throw new TickwireError('CONFLICT', detail);
    }
    const config = {
      symbols: job.symbols,
      interval: job.intervalSeconds,
      provider: job.provider,
      ...(job.marketHoursOnly && { market_hours_only: true }),
    };
    return accepted(job.jobId, { config });
  },
});

const listPolls = defineRoute({
  method: 'get',
  path: '/prices/poll',
  tag: 'polling',
  summary: 'Every polling job, newest first',
  request: {},
  answers: {
    200: {
      description: 'The jobs',
      content: { 'application/json': { schema: z.object({ jobs: z.array(jobSchema) }) } },
    },
  },
  problems: ['STORE_UNAVAILABLE'],
  handle: async (_input, { store }) => json({ jobs: (await store.pollJobs.list()).map(jobView) }),
});

const showPoll = defineRoute({
  method: 'get',
  path: '/prices/poll/{job_id}',
  tag: 'polling',
  summary: 'One polling job with its newest runs',
  request: { params: jobParams },
  answers: { 200: { description: 'The job', content: { 'application/json': { schema: jobWithRunsSchema } } } },
  problems: ['INVALID_INPUT', 'NOT_FOUND', 'STORE_UNAVAILABLE'],
  handle: async ({ params }, context) => {
    const { pollJobs } = context.store;
    const job = await pollJobs.find(params.job_id);
    if (!job) throw noSuchJob(params.job_id);
    return jobAnswer(context, job);
  },
});

const changePoll = defineRoute({
  method: 'patch',
  path: '/prices/poll/{job_id}',
  tag: 'polling',
  summary: 'Change, pause or resume a polling job',
  request: {
    params: jobParams,
    body: z
      .strictObject({
        symbols: symbolsField.optional(),
        interval: intervalField.optional(),
        status: z.enum(['active', 'paused']).optional(),
      })
      .refine((change) => Object.values(change).some((value) => value !== undefined), {
        error: 'expected at least one of symbols, interval, status',
      })
      .meta({ id: 'PollChange', example: { interval: 30 } }),
  },
  answers: { 200: { description: 'The changed job', content: { 'application/json': { schema: jobWithRunsSchema } } } },
  problems: ['INVALID_INPUT', 'NOT_FOUND', 'STORE_UNAVAILABLE'],
  handle: async ({ params, body }, context) => {
    const { interval: intervalSeconds, symbols, status } = body;
    const job = await context.store.pollJobs.update(params.job_id, { intervalSeconds, symbols, status });
    if (!job) throw noSuchJob(params.job_id);
    return jobAnswer(context, job);
  },
});

const removePoll = defineRoute({
  method: 'delete',
  path: '/prices/poll/{job_id}',
  tag: 'polling',
  summary: 'Remove a polling job; the prices it fetched stay',
  request: { params: jobParams },
  answers: { 204: { description: 'It is gone' } },
  problems: ['INVALID_INPUT', 'NOT_FOUND', 'STORE_UNAVAILABLE'],
  handle: async ({ params }, { store }) => {
    if (!(await store.pollJobs.remove(params.job_id))) throw noSuchJob(params.job_id);
    return { status: 204 };
  },
});

const runPoll = defineRoute({
  method: 'post',
  path: '/prices/poll/{job_id}/run',
  tag: 'polling',
  summary: 'Run a polling job now, also a paused one',
  request: { params: jobParams },
  answers: {
    202: {
      description: 'It will run within a second',
      content: { 'application/json': { schema: acceptedSchema.omit({ config: true }) } },
      headers: { Location: 'Where the job is' },
    },
  },
  problems: ['INVALID_INPUT', 'NOT_FOUND', 'STORE_UNAVAILABLE'],
  handle: async ({ params }, { store }) => {
    if (!(await store.pollJobs.requestRun(params.job_id))) throw noSuchJob(params.job_id);
    return accepted(params.job_id, {});
  },
});

export const pollRoutes = [createPoll, listPolls, showPoll, changePoll, removePoll, runPoll];

function accepted(jobId: string, more: object): Answer {
  return json({ job_id: jobId, status: 'accepted', ...more }, 202, { Location: `/prices/poll/${jobId}` });
}

async function jobAnswer({ store }: ApiContext, job: PollJob): Promise<Answer> {
  const runs = await store.pollJobs.listRuns(job.jobId, SHOWN_RUNS);
  return json({ ...jobView(job), runs: runs.map(runView) });
}

function noSuchJob(jobId: string): TickwireError {
  return new TickwireError('NOT_FOUND', `job_id: there is no polling job ${jobId}`);
}

function jobView(job: PollJob): z.infer<typeof jobSchema> {
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

function runView(run: PollRun): z.infer<typeof runSchema> {
  return {
    scheduled_for: run.scheduledFor.toISOString(),
    started_at: run.startedAt.toISOString(),
    finished_at: run.finishedAt?.toISOString() ?? null,
    outcome: run.outcome,
    quotes: run.quotes,
    failures: run.failures.map(({ symbol, code, detail }) => ({ symbol, code, detail })),
  };
}
