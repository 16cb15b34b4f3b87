import { z } from 'zod';
import { type Caller, mayKnow } from '../../domain/access';
import type { PollJob } from '../../domain/poll-job';
import { TickwireError } from '../../platform/errors';
import { type Answer, json } from '../answer';
import type { ApiContext } from '../context';
import { changeable, known, ownIdempotencyKey } from '../ownership';
import { acceptedPollSchema, EXAMPLE_POLL_ID, pollSchema, pollView, pollWithRunsSchema, runView } from '../poll-view';
import { providerField, symbolsField } from '../request-fields';
import { defineRoute } from '../route';

/** Runs that the one-job form shows. */
const SHOWN_RUNS = 20;

const intervalField = z.int().min(1).max(86_400).meta({ description: 'Seconds from one fetch to the next' });

const jobParams = z.strictObject({
  job_id: z.guid('expected a UUID').meta({ description: 'From POST /prices/poll', example: EXAMPLE_POLL_ID }),
});

const createPoll = defineRoute({
  method: 'post',
  path: '/prices/poll',
  access: 'jobs:write',
  audit: 'polls.create',
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
      content: { 'application/json': { schema: acceptedPollSchema } },
      headers: { Location: 'Where the job is' },
    },
  },
  problems: ['INVALID_INPUT', 'PROVIDER_UNKNOWN', 'PROVIDER_NOT_CONFIGURED', 'CONFLICT', 'STORE_UNAVAILABLE'],
  handle: async ({ body, headers }, { providers, store, defaults }, { requestId, caller }) => {
    const provider = providers.nameOf(body.provider ?? defaults.provider);
    providers.source(provider);
    const { symbols, interval = defaults.intervalSeconds, market_hours_only: marketHoursOnly } = body;
    const idempotencyKey = headers['idempotency-key'];
    const { outcome, job } = await store.pollJobs.create(
      { symbols, intervalSeconds: interval, provider, marketHoursOnly },
      { idempotencyKey: ownIdempotencyKey(caller, idempotencyKey), requestId, owner: caller.keyId },
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
    return { ...accepted(job.jobId, { config }), target: job.jobId };
  },
});

const listPolls = defineRoute({
  method: 'get',
  path: '/prices/poll',
  access: 'prices:read',
  tag: 'polling',
  summary: 'Every polling job that the caller may know of, newest first',
  request: {},
  answers: {
    200: {
      description: 'The jobs',
      content: { 'application/json': { schema: z.object({ jobs: z.array(pollSchema) }) } },
    },
  },
  problems: ['STORE_UNAVAILABLE'],
  handle: async (_input, { store }, { caller }) => {
    const jobs = await store.pollJobs.list();
    return json({ jobs: jobs.filter(({ owner }) => mayKnow(caller, owner)).map(pollView) });
  },
});

const showPoll = defineRoute({
  method: 'get',
  path: '/prices/poll/{job_id}',
  access: 'prices:read',
  tag: 'polling',
  summary: 'One polling job with its newest runs',
  request: { params: jobParams },
  answers: { 200: { description: 'The job', content: { 'application/json': { schema: pollWithRunsSchema } } } },
  problems: ['INVALID_INPUT', 'NOT_FOUND', 'STORE_UNAVAILABLE'],
  handle: async ({ params: { job_id: jobId } }, context, { caller }) => {
    const job = await context.store.pollJobs.find(jobId);
    return jobAnswer(context, known(job, { caller, absent: () => noSuchJob(jobId) }));
  },
});

const changePoll = defineRoute({
  method: 'patch',
  path: '/prices/poll/{job_id}',
  access: 'jobs:write',
  audit: 'polls.change',
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
  answers: { 200: { description: 'The changed job', content: { 'application/json': { schema: pollWithRunsSchema } } } },
  problems: ['INVALID_INPUT', 'FORBIDDEN', 'NOT_FOUND', 'STORE_UNAVAILABLE'],
  handle: async ({ params, body }, context, { caller }) => {
    await refuseStrangers(context, params.job_id, caller);
    const { interval: intervalSeconds, symbols, status } = body;
    const job = await context.store.pollJobs.update(params.job_id, { intervalSeconds, symbols, status });
    if (!job) throw noSuchJob(params.job_id);
    return jobAnswer(context, job);
  },
});

const removePoll = defineRoute({
  method: 'delete',
  path: '/prices/poll/{job_id}',
  access: 'jobs:write',
  audit: 'polls.remove',
  tag: 'polling',
  summary: 'Remove a polling job; the prices it fetched stay',
  request: { params: jobParams },
  answers: { 204: { description: 'It is gone' } },
  problems: ['INVALID_INPUT', 'FORBIDDEN', 'NOT_FOUND', 'STORE_UNAVAILABLE'],
  handle: async ({ params }, context, { caller }) => {
    await refuseStrangers(context, params.job_id, caller);
    if (!(await context.store.pollJobs.remove(params.job_id))) throw noSuchJob(params.job_id);
    return { status: 204 };
  },
});

const runPoll = defineRoute({
  method: 'post',
  path: '/prices/poll/{job_id}/run',
  access: 'jobs:write',
  audit: 'polls.run',
  tag: 'polling',
  summary: 'Run a polling job now, also a paused one',
  request: { params: jobParams },
  answers: {
    202: {
      description: 'It will run within a second',
      content: { 'application/json': { schema: acceptedPollSchema.omit({ config: true }) } },
      headers: { Location: 'Where the job is' },
    },
  },
  problems: ['INVALID_INPUT', 'FORBIDDEN', 'NOT_FOUND', 'STORE_UNAVAILABLE'],
  handle: async ({ params }, context, { caller }) => {
    await refuseStrangers(context, params.job_id, caller);
    if (!(await context.store.pollJobs.requestRun(params.job_id))) throw noSuchJob(params.job_id);
    return accepted(params.job_id, {});
  },
});

export const pollRoutes = [createPoll, listPolls, showPoll, changePoll, removePoll, runPoll];

async function refuseStrangers({ store }: ApiContext, jobId: string, caller: Caller): Promise<void> {
  changeable(await store.pollJobs.find(jobId), { caller, absent: () => noSuchJob(jobId) });
}

function accepted(jobId: string, more: object): Answer {
  return json({ job_id: jobId, status: 'accepted', ...more }, 202, { Location: `/prices/poll/${jobId}` });
}

async function jobAnswer({ store }: ApiContext, job: PollJob): Promise<Answer> {
  const runs = await store.pollJobs.listRuns(job.jobId, SHOWN_RUNS);
  return json({ ...pollView(job), runs: runs.map(runView) });
}

function noSuchJob(jobId: string): TickwireError {
  return new TickwireError('NOT_FOUND', `job_id: there is no polling job ${jobId}`);
}
