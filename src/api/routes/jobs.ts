import { z } from 'zod';
import { type Caller, isAllowed } from '../../domain/access';
import { MODEL_JOB_STATUSES, type ModelJob } from '../../domain/model-job';
import { jobEventMessage } from '../../jobs/jobs';
import { messageOf, TickwireError } from '../../platform/errors';
import { json } from '../answer';
import { ARTIFACT_ALLOWED } from '../content-security';
import type { ApiContext } from '../context';
import { eventStream } from '../event-stream';
import { EXAMPLE_JOB_ID, jobSchema, jobView, jobWithResultSchema, jobWithResultView } from '../job-view';
import { changeable, known } from '../ownership';
import { placeCursorField, placeCursorOf } from '../place-cursor';
import { ticketField, wholeNumberField } from '../request-fields';
import { defineRoute } from '../route';
import { jobEvents } from '../watch-job';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

const jobParams = z.strictObject({
  job_id: z.guid('expected a UUID').meta({ description: 'From the submission', example: EXAMPLE_JOB_ID }),
});

const listJobs = defineRoute({
  method: 'get',
  path: '/api/v1/jobs',
  access: 'models:run',
  tag: 'models',
  summary: 'Model jobs, newest first, without their results',
  request: {
    query: z.strictObject({
      status: z.enum(MODEL_JOB_STATUSES).optional(),
      model: z.string().min(1).max(64).optional().meta({ description: 'Only jobs of this model' }),
      limit: wholeNumberField(1, MAX_LIMIT)
        .optional()
        .meta({
          type: 'integer',
          description: `Jobs in the answer; ${DEFAULT_LIMIT} when left out`,
        }),
      cursor: placeCursorField.optional(),
    }),
  },
  answers: {
    200: {
      description: 'The jobs',
      content: {
        'application/json': {
          schema: z.object({
            jobs: z.array(jobSchema),
            next_cursor: z
              .string()
              .nullable()
              .meta({ description: 'Give it as cursor for what follows; null at the end' }),
          }),
        },
      },
    },
  },
  problems: ['INVALID_INPUT', 'STORE_UNAVAILABLE'],
  handle: async ({ query }, { store }, { caller }) => {
    const { status, model, cursor, limit = DEFAULT_LIMIT } = query;
    const after = cursor && { createdAt: cursor.at, jobId: cursor.id };
    const knownTo = isAllowed(caller, 'admin') ? undefined : (caller.keyId ?? undefined);
    const jobs = await store.modelJobs.list({ status, model, knownTo, after, limit: limit + 1 });
    const page = jobs.slice(0, limit);
    const last = page.at(-1);
    const hasMore = last !== undefined && jobs.length > limit;
    const next = hasMore ? placeCursorOf({ at: last.createdAt, id: last.jobId }) : null;
    return json({ jobs: page.map(jobView), next_cursor: next });
  },
});

const showJob = defineRoute({
  method: 'get',
  path: '/api/v1/jobs/{job_id}',
  access: 'models:run',
  tag: 'models',
  summary: 'One model job and its result',
  request: { params: jobParams },
  answers: { 200: { description: 'The job', content: { 'application/json': { schema: jobWithResultSchema } } } },
  problems: ['INVALID_INPUT', 'NOT_FOUND', 'STORE_UNAVAILABLE'],
  handle: async ({ params }, context, { caller }) =>
    json(jobWithResultView(await jobOf(context, params.job_id, caller))),
});

const cancelJob = defineRoute({
  method: 'delete',
  path: '/api/v1/jobs/{job_id}',
  access: 'models:run',
  audit: 'jobs.cancel',
  tag: 'models',
  summary: 'Cancel a model job; one that runs is ended within about a second',
  request: { params: jobParams },
  answers: { 200: { description: 'It is cancelled', content: { 'application/json': { schema: jobSchema } } } },
  problems: ['INVALID_INPUT', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'STORE_UNAVAILABLE'],
  handle: async ({ params: { job_id: jobId } }, context, { caller }) => {
    changeable(await context.store.modelJobs.find(jobId), { caller, absent: () => noSuchJob(jobId) });
    const outcome = await context.store.modelJobs.cancel(jobId);
    const job = await jobOf(context, jobId, caller);
    if (outcome === 'final') {
      throw new TickwireError('CONFLICT', `job_id: job ${job.jobId} is ${job.status} and can no longer be cancelled`);
    }
    tellCancelled(context, job);
    return json(jobView(job));
  },
});

const showArtifact = defineRoute({
  method: 'get',
  path: '/api/v1/jobs/{job_id}/artifacts/{name}',
  access: 'models:run',
  tag: 'models',
  summary: 'A file that a completed job left: JSON, CSV, SVG or HTML',
  request: {
    params: jobParams.extend({
      name: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{0,99}$/, 'expected a name such as result.json')
        .meta({ description: 'From `artifacts` of the job', example: 'result.json' }),
    }),
  },
  answers: {
    200: {
      description: 'The file',
      content: {
        'application/json': { schema: z.unknown() },
        'text/csv': { schema: z.string() },
        'image/svg+xml': { schema: z.string() },
        'text/html': { schema: z.string() },
      },
    },
  },
  problems: ['INVALID_INPUT', 'NOT_FOUND', 'STORE_UNAVAILABLE', 'ARTIFACTS_UNAVAILABLE'],
  handle: async ({ params: { job_id: jobId, name } }, context, { caller }) => {
    const found = await context.store.modelJobs.findArtifact(jobId, name);
    if (found) known(found, { caller, absent: () => noSuchJob(jobId) });
    const body = found && (await context.artifacts.read(jobId, found.fence, name));
    if (!body) throw noArtifact(await jobOf(context, jobId, caller), name);
    const { contentType, sha256 } = found.artifact;
    return {
      status: 200,
      contentType,
      headers: { 'Content-Security-Policy': ARTIFACT_ALLOWED, ETag: `"${sha256}"` },
      body,
    };
  },
});

const followJob = defineRoute({
  method: 'get',
  path: '/api/v1/jobs/{job_id}/events',
  access: 'models:run',
  takesTickets: true,
  tag: 'models',
  summary: 'Status and progress of a model job as server-sent events, until it ends',
  description:
    'Events `progress` and at last `end`; `data` is `{job_id, status, progress, attempts, error?}`. The first is the state of the moment, so that a ' +
    'client that was cut off just comes back.',
  request: {
    params: jobParams,
    query: z.strictObject({ ticket: ticketField.optional() }),
    headers: z.object({ 'last-event-id': z.string().max(64).optional() }),
  },
  answers: { 200: { description: 'The events', content: { 'text/event-stream': { schema: z.string() } } } },
  problems: ['INVALID_INPUT', 'NOT_FOUND', 'STORE_UNAVAILABLE'],
  handle: async ({ params }, context, { signal, caller }) =>
    eventStream(jobEvents(await jobOf(context, params.job_id, caller), { store: context.store, signal })),
});

export const jobRoutes = [listJobs, showJob, cancelJob, showArtifact, followJob];

async function jobOf({ store }: ApiContext, jobId: string, caller: Caller): Promise<ModelJob> {
  return known(await store.modelJobs.find(jobId), { caller, absent: () => noSuchJob(jobId) });
}

function noSuchJob(jobId: string): TickwireError {
  return new TickwireError('NOT_FOUND', `job_id: there is no model job ${jobId}`);
}

function noArtifact({ jobId, status }: ModelJob, name: string): TickwireError {
  const detail = status === 'completed' ? `job ${jobId} left no ${name}` : `job ${jobId} is ${status} and has no files`;
  return new TickwireError('NOT_FOUND', `name: ${detail}`);
}

/** Best effort, after the answer: the row is the truth, and the runner reads it about once a second. */
function tellCancelled({ bus, clock, log }: ApiContext, job: ModelJob): void {
  const message = jobEventMessage(job, { status: 'cancelled', progress: job.progress }, clock());
  bus
    .publish([message])
    .catch((error: unknown) => log.debug({ jobId: job.jobId, error: messageOf(error) }, 'event not published'));
}
