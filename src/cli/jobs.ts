import { readFile, writeFile } from 'node:fs/promises';
import { Argument, type Command, Option } from 'commander';
import { type components, MODEL_NAMES, type ModelName, type RequestOf, waitForJob } from '../client';
import { MODEL_JOB_STATUSES, type ModelJobStatus } from '../domain/model-job';
import { messageOf, TickwireError } from '../platform/errors';
import { wholeNumber, withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { printable, shortInstant, shortNumber } from './printable';

type Job = components['schemas']['ModelJob'];
type ModelRequest = RequestOf<'post', `/api/v1/${ModelName}`>['body'];

interface RunOptions {
  readonly params: string;
  readonly wait?: true;
  readonly idempotencyKey?: string;
}

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
    .addArgument(new Argument('<model>', 'the model').choices(MODEL_NAMES))
    .requiredOption('--params <json>', 'its parameters as JSON, or @file')
    .option('--wait', 'wait for the end; the exit code is 1 unless it is completed')
    .option('--idempotency-key <key>', 'the same key with the same parameters gives the same job')
    .action(async (model: ModelName, { params, wait, idempotencyKey }: RunOptions) => {
      const accepted = await context.api().post(`/api/v1/${model}` as const, {
        params: { header: { 'idempotency-key': idempotencyKey } },
        body: await paramsOf(params),
      });
      if (wait) return end(context, accepted.job_id);
      context.print(accepted, () => printable(`job ${accepted.job_id} of ${accepted.model} is ${accepted.status}`));
    });
  withExample(
    command,
    `tickwire jobs run blackscholes --wait --params '{"spot":42,"strike":40,"rate":0.1,"volatility":0.2,"time_to_expiry":0.5}'`,
  );
}

function registerList(group: Command, context: Context): void {
  const command = group
    .command('list')
    .description('list the jobs, newest first')
    .addOption(new Option('--status <status>', 'only such jobs').choices(MODEL_JOB_STATUSES))
    .addOption(new Option('--model <name>', 'only jobs of this model').choices(MODEL_NAMES))
    .option('--limit <count>', 'at most so many', wholeNumber(1, 500), 20)
    .action(async (query: { status?: ModelJobStatus; model?: string; limit: number }) => {
      const list = await context.api().get('/api/v1/jobs', { params: { query } });
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
      const job = await context.api().get('/api/v1/jobs/{job_id}', requestOf(id));
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
      const job = await context.api().delete('/api/v1/jobs/{job_id}', requestOf(id));
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
      const request = { params: { path: { job_id: id, name: artifact } }, headers: { accept: '*/*' } };
      const answer = await context.api().open('/api/v1/jobs/{job_id}/artifacts/{name}', request);
      const bytes = new Uint8Array(await answer.arrayBuffer());
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
    return await waitForJob(context.api(), id, {
      signal: context.signal,
      onProgress: (job) => progress.update(100 * job.progress, Math.floor(100 * job.progress)),
    });
  } finally {
    progress.stop();
  }
}

function requestOf(jobId: string) {
  return { params: { path: { job_id: jobId } } };
}

/** @throws INVALID_INPUT when it is no JSON; what is in it is for the API to judge. */
async function paramsOf(given: string): Promise<ModelRequest> {
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
