import { readFile, writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { pause } from '../platform/clock';
import { messageOf, TickwireError } from '../platform/errors';
import { wholeNumber, withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { printable, shortInstant, shortNumber } from './printable';

const acceptedSchema = z.looseObject({ job_id: z.string(), status: z.string(), model: z.string() });
const jobSchema = acceptedSchema.extend({
  progress: z.number(),
  created_at: z.string(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
  attempts: z.number(),
  metrics: z.record(z.string(), z.number()),
  warnings: z.array(z.string()),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  artifacts: z.array(z.looseObject({ name: z.string(), bytes: z.number(), href: z.string() })),
});
const jobsSchema = z.looseObject({ jobs: z.array(jobSchema), next_cursor: z.string().nullable() });

type Job = z.infer<typeof jobSchema>;

interface RunOptions {
  readonly params: string;
  readonly wait?: true;
  readonly idempotencyKey?: string;
}

const UNFINISHED: readonly string[] = ['queued', 'running'];
/** How often a waiting command asks. */
const ASK_EVERY_MS = 500;

/** `tickwire jobs …`: the model jobs of the API. */
export const jobs: CommandDefinition = (program, context) => {
  const group = program.command('jobs').description('model jobs: run, follow, read');
  registerRun(group, context);
  registerList(group, context);
  registerShow(group, context);
  registerWait(group, context);
  registerCancel(group, context);
  registerReport(group, context);
};

function registerRun(group: Command, context: Context): void {
  const command = group
    .command('run')
    .description('submit a job of a model; --wait stays until it has ended')
    .argument('<model>', 'the model, as /docs lists them', modelName)
    .requiredOption('--params <json>', 'its parameters as JSON, or @file')
    .option('--wait', 'wait for the end; the exit code is 1 unless it is completed')
    .option('--idempotency-key <key>', 'the same key with the same parameters gives the same job')
    .action(async (model: string, { params, wait, idempotencyKey }: RunOptions) => {
      const accepted = await context.api().request(`/api/v1/${model}`, acceptedSchema, {
        method: 'POST',
        body: await paramsOf(params),
        headers: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
      });
      if (wait) return end(context, accepted.job_id);
      context.print(accepted, () => printable(`job ${accepted.job_id} of ${accepted.model} is ${accepted.status}`));
    });
  withExample(
    command,
    `tickwire jobs run blackscholes --wait --params '{"type":"call","spot":42,"strike":40,"rate":0.1,"volatility":0.2,"expiry":0.5}'`,
  );
}

function registerList(group: Command, context: Context): void {
  const command = group
    .command('list')
    .description('list the jobs, newest first')
    .option('--status <status>', 'only queued, running, completed, failed or cancelled ones')
    .option('--model <name>', 'only jobs of this model')
    .option('--limit <count>', 'at most so many', wholeNumber(1, 500), 20)
    .action(async (query: { status?: string; model?: string; limit: number }) => {
      const list = await context.api().request('/api/v1/jobs', jobsSchema, { query });
      context.print(list, () => (list.jobs.length === 0 ? 'no jobs' : tableOf(context, list.jobs)));
    });
  withExample(command, 'tickwire jobs list --status failed');
}

function registerShow(group: Command, context: Context): void {
  const command = group
    .command('show')
    .description('show one job')
    .argument('<id>', 'the job')
    .action(async (id: string) => {
      const job = await find(context, id);
      context.print(job, () => textOf(context, job));
    });
  withExample(command, 'tickwire jobs show 3f6d0c52-8a4e-4c8e-9a53-5a1de3f0b7c4');
}

function registerWait(group: Command, context: Context): void {
  const command = group
    .command('wait')
    .description('wait for the end of a job; the exit code is 1 unless it is completed')
    .argument('<id>', 'the job')
    .action((id: string) => end(context, id));
  withExample(command, 'tickwire jobs wait 3f6d0c52-8a4e-4c8e-9a53-5a1de3f0b7c4');
}

function registerCancel(group: Command, context: Context): void {
  const command = group
    .command('cancel')
    .description('cancel a job')
    .argument('<id>', 'the job')
    .action(async (id: string) => {
      const job = await context.api().request(pathOf(id), jobSchema, { method: 'DELETE' });
      context.print(job, () => printable(`job ${id} is ${job.status}`));
    });
  withExample(command, 'tickwire jobs cancel 3f6d0c52-8a4e-4c8e-9a53-5a1de3f0b7c4');
}

function registerReport(group: Command, context: Context): void {
  const command = group
    .command('report')
    .description('save a file of a completed job: its report, unless --artifact names another')
    .argument('<id>', 'the job')
    .option('--artifact <name>', 'as `jobs show` lists them', 'report.html')
    .option('--output <file>', 'where to; <id>-<name> in this folder when left out')
    .action(async (id: string, { artifact, output }: { artifact: string; output?: string }) => {
      const path = `${pathOf(id)}/artifacts/${encodeURIComponent(artifact)}`;
      const bytes = await context.api().download(path);
      const file = output ?? `${encodeURIComponent(id)}-${encodeURIComponent(artifact)}`;
      await writeFile(file, bytes);
      context.print({ job_id: id, artifact, file, bytes: bytes.length }, () => printable(`${file} is written`));
    });
  withExample(command, 'tickwire jobs report 3f6d0c52-8a4e-4c8e-9a53-5a1de3f0b7c4 --output report.html');
}

/** Shows the job once it has ended. @throws with its own sentence unless it is completed; TIMEOUT never: the user ends the wait. */
async function end(context: Context, id: string): Promise<void> {
  const job = await ended(context, id);
  if (job.status === 'completed') return context.print(job, () => textOf(context, job));
  const why = job.error ? `: ${job.error.message} (${job.error.code})` : '';
  throw new TickwireError('MODEL_FAILED', `job ${job.job_id} is ${job.status}${why}`);
}

async function ended(context: Context, id: string): Promise<Job> {
  const progress = context.progress({ total: 100, unit: 'percent' });
  try {
    for (;;) {
      const job = await find(context, id);
      progress.update(100 * job.progress, Math.floor(100 * job.progress));
      if (!UNFINISHED.includes(job.status)) return job;
      await pause(ASK_EVERY_MS, context.signal);
      context.signal.throwIfAborted();
    }
  } finally {
    progress.stop();
  }
}

function find(context: Context, id: string): Promise<Job> {
  return context.api().request(pathOf(id), jobSchema);
}

function pathOf(id: string): string {
  return `/api/v1/jobs/${encodeURIComponent(id)}`;
}

function modelName(text: string): string {
  if (/^[a-z][a-z0-9-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError('The name of a model is of a-z 0-9 -, such as blackscholes.');
}

/** @throws INVALID_INPUT when it is no JSON; what is in it is for the API to judge. */
async function paramsOf(given: string): Promise<unknown> {
  try {
    return JSON.parse(given.startsWith('@') ? await readFile(given.slice(1), 'utf8') : given);
  } catch (error) {
    throw new TickwireError('INVALID_INPUT', `--params: expected JSON or @file, got ${given} (${messageOf(error)})`);
  }
}

function tableOf(context: Context, list: readonly Job[]): string {
  return context.table(
    ['JOB', 'MODEL', 'STATUS', 'PROGRESS', 'ATTEMPTS', 'CREATED', 'ERROR'],
    list.map((job) => [
      job.job_id,
      job.model,
      job.status,
      `${Math.floor(100 * job.progress)} %`,
      job.attempts,
      shortInstant(job.created_at),
      job.error?.code ?? '-',
    ]),
  );
}

function textOf(context: Context, job: Job): string {
  const metrics = Object.entries(job.metrics).map(([name, value]) => [name, String(value)]);
  const files = job.artifacts.map(({ name, bytes }) => [name, shortNumber(bytes)]);
  return [
    tableOf(context, [job]),
    ...(metrics.length > 0 ? [context.table(['METRIC', 'VALUE'], metrics)] : []),
    ...(files.length > 0 ? [context.table(['FILE', 'BYTES'], files)] : []),
    ...job.warnings.map((warning) => printable(`warning: ${warning}`)),
    ...(job.error ? [printable(`error: ${job.error.message} (${job.error.code})`)] : []),
  ].join('\n\n');
}
