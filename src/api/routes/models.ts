import { z } from 'zod';
import type { ModelDefinition } from '../../models/model';
import { json } from '../answer';
import { acceptedJobSchema, acceptedView, isFinal, jobWithResultSchema, jobWithResultView, pathOf } from '../job-view';
import { idempotencyKeyField, wholeNumberField } from '../request-fields';
import { defineRoute, type Route } from '../route';
import { submitJobs, type WantedJob } from '../submit-jobs';
import { waitForJob } from '../watch-job';

const MAX_WAIT_SECONDS = 30;
/** Jobs of one batch. */
const MAX_BATCH = 1000;
const MAX_BATCH_BYTES = 1_000_000;
/** Longer names are not looked up. */
const MAX_MODEL_NAME = 64;

const headers = z.object({ 'idempotency-key': idempotencyKeyField.optional() });
const PROBLEMS = ['INVALID_INPUT', 'SYMBOL_UNKNOWN', 'HISTORY_MISSING', 'CONFLICT', 'STORE_UNAVAILABLE'] as const;

/** A route for each of `models`, and the one that takes many jobs at once: nothing in them is about any one model. */
export function modelRoutes(models: readonly ModelDefinition[]): readonly Route[] {
  return [...models.map(modelRoute), batchRoute(models)];
}

function modelRoute(model: ModelDefinition): Route {
  const [first, ...others] = model.examples;
  const id = `${model.name.charAt(0).toUpperCase()}${model.name.slice(1)}Request`;
  return defineRoute({
    method: 'post',
    path: `/api/v1/${model.name}`,
    access: 'models:run',
    audit: 'jobs.submit',
    tag: 'models',
    summary: model.title,
    description: `${model.description}\n\nStores the job and answers; with \`wait\`, waits for its end.`,
    request: {
      headers,
      query: z.strictObject({
        wait: wholeNumberField(0, MAX_WAIT_SECONDS)
          .optional()
          .meta({ type: 'integer', description: 'Seconds to wait for the end of the job before answering' }),
      }),
      body: model.parameters.meta({ id, example: first?.params }),
    },
    bodyExamples: Object.fromEntries([first, ...others].flatMap((one) => (one ? [[one.title, one.params]] : []))),
    answers: {
      202: {
        description: 'The job is stored',
        content: { 'application/json': { schema: acceptedJobSchema } },
        headers: { Location: 'Where the job is' },
      },
      200: {
        description: 'With `wait`: the job ended in time; `status` says how',
        content: { 'application/json': { schema: jobWithResultSchema } },
        headers: { Location: 'Where the job is' },
      },
    },
    problems: PROBLEMS,
    handle: async ({ body: params, query, headers: given }, context, { requestId, signal, caller }) => {
      const keys = { idempotencyKey: given['idempotency-key'], requestId, caller };
      const [job] = await submitJobs(context, [{ model, params, path: '' }], keys);
      if (!job) throw new Error('one job was submitted and none was stored');
      const seen = await waitForJob(job, query.wait ?? 0, { store: context.store, signal });
      const location = { Location: pathOf(job.jobId) };
      const isOver = query.wait !== undefined && isFinal(seen.status);
      const answer = isOver ? json(jobWithResultView(seen), 200, location) : json(acceptedView(seen), 202, location);
      return { ...answer, target: job.jobId };
    },
  });
}

function batchRoute(models: readonly ModelDefinition[]): Route {
  const [model] = models;
  const example = { jobs: model ? [{ model: model.name, params: model.examples[0]?.params }] : [] };
  return defineRoute({
    method: 'post',
    path: '/api/v1/jobs/batch',
    access: 'models:run',
    audit: 'jobs.submit',
    tag: 'models',
    summary: `Submit up to ${MAX_BATCH} model jobs at once`,
    description: 'All are stored, or none: one that is invalid is told with its place, and nothing is stored.',
    maxBodyBytes: MAX_BATCH_BYTES,
    request: { headers, body: batchSchema(models).meta({ id: 'ModelBatchRequest', example }) },
    answers: {
      202: {
        description: 'The jobs are stored, in the order of the request',
        content: { 'application/json': { schema: z.object({ jobs: z.array(acceptedJobSchema) }) } },
      },
    },
    problems: PROBLEMS,
    handle: async ({ body, headers: given }, context, { requestId, caller }) => {
      const keys = { idempotencyKey: given['idempotency-key'], requestId, caller };
      const jobs = await submitJobs(context, body.jobs, keys);
      const target = `${jobs[0]?.jobId} and ${jobs.length - 1} more`;
      return { ...json({ jobs: jobs.map(acceptedView) }, 202), target };
    },
  });
}

/** Each job is validated by the schema of its own model; a fault keeps its place, as `jobs.3.params.volatility`. */
function batchSchema(models: readonly ModelDefinition[]) {
  const names = models.map(({ name }) => name);
  const entry = z
    .strictObject({
      model: z
        .string()
        .max(MAX_MODEL_NAME)
        .meta({ description: `One of ${names.join(', ')}` }),
      params: z.looseObject({}).meta({ description: 'As the route of the model takes them' }),
    })
    .transform(({ model: name, params }, context): WantedJob => {
      const model = models.find((one) => one.name === name);
      if (!model) {
        context.addIssue({ code: 'custom', path: ['model'], message: `expected one of ${names.join(', ')}` });
        return z.NEVER;
      }
      const parsed = model.parameters.safeParse(params);
      if (parsed.success) return { model, params: parsed.data, path: '' };
      for (const issue of parsed.error.issues) context.addIssue({ ...issue, path: ['params', ...issue.path] });
      return z.NEVER;
    });
  const jobs = z
    .array(entry)
    .min(1, 'expected at least 1 job')
    .max(MAX_BATCH, `expected at most ${MAX_BATCH} jobs`)
    .transform((wanted) => wanted.map((job, place): WantedJob => ({ ...job, path: `jobs.${place}: ` })));
  return z.strictObject({ jobs });
}
