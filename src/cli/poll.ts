import type { Command } from 'commander';
import type { components } from '../client';
import { symbols, wholeNumber, withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { countOf, printable, shortInstant } from './printable';

type Run = components['schemas']['PollRun'];
type Job = components['schemas']['PollJob'];

interface AddOptions {
  readonly interval?: number;
  readonly provider?: string;
  readonly marketHoursOnly?: boolean;
  readonly idempotencyKey?: string;
}

/** `tickwire poll …`: the polling jobs of the API. */
export const poll: CommandDefinition = (program, context) => {
  const group = program.command('poll').description('symbols that are fetched again and again');
  registerAdd(group, context);
  registerList(group, context);
  registerShow(group, context);
  registerRun(group, context);
  registerStatus(group, context, 'pause', 'paused');
  registerStatus(group, context, 'resume', 'active');
  registerRemove(group, context);
};

function registerAdd(group: Command, context: Context): void {
  const command = group
    .command('add')
    .description('add a polling job')
    .argument('<symbols...>', 'what to fetch', symbols)
    .option('--interval <seconds>', 'from one fetch to the next', wholeNumber(1, 86_400))
    .option('--provider <name>', 'whom to ask')
    .option('--market-hours-only', 'skip while NYSE and Nasdaq are closed')
    .option('--idempotency-key <key>', 'the same key gives the same job')
    .action(async (wanted: readonly string[], options: AddOptions) => {
      const { interval, provider, marketHoursOnly, idempotencyKey } = options;
      const accepted = await context.api().post('/prices/poll', {
        params: { header: { 'idempotency-key': idempotencyKey } },
        body: { symbols: [...wanted], interval, provider, market_hours_only: marketHoursOnly },
      });
      const { symbols: taken, interval: seconds, provider: asked } = accepted.config;
      context.print(accepted, () =>
        printable(`job ${accepted.job_id} fetches ${taken.join(', ')} from ${asked} every ${seconds} s`),
      );
    });
  withExample(command, 'tickwire poll add AAPL MSFT --interval 30');
}

function registerList(group: Command, context: Context): void {
  const command = group
    .command('list')
    .description('list the polling jobs')
    .action(async () => {
      const list = await context.api().get('/prices/poll');
      context.print(list, () => (list.jobs.length === 0 ? 'no polling jobs' : jobTable(context, list.jobs)));
    });
  withExample(command, 'tickwire poll list');
}

function registerShow(group: Command, context: Context): void {
  const command = group
    .command('show')
    .description('show one polling job and its newest runs')
    .argument('<id>', 'the job')
    .action(async (id: string) => {
      const job = await context.api().get('/prices/poll/{job_id}', requestOf(id));
      context.print(job, () => `${jobTable(context, [job])}\n\n${runTable(context, job.runs)}`);
    });
  withExample(command, 'tickwire poll show 0b8c7d0e-5f5c-4d0a-9d55-2f1f7a3f8a11');
}

function registerRun(group: Command, context: Context): void {
  const command = group
    .command('run')
    .description('run a polling job now')
    .argument('<id>', 'the job')
    .action(async (id: string) => {
      const answer = await context.api().post('/prices/poll/{job_id}/run', requestOf(id));
      context.print(answer, () => printable(`job ${id} runs within a second`));
    });
  withExample(command, 'tickwire poll run 0b8c7d0e-5f5c-4d0a-9d55-2f1f7a3f8a11');
}

function registerStatus(group: Command, context: Context, verb: 'pause' | 'resume', status: 'paused' | 'active'): void {
  const command = group
    .command(verb)
    .description(`${verb} a polling job`)
    .argument('<id>', 'the job')
    .action(async (id: string) => {
      const job = await context.api().patch('/prices/poll/{job_id}', { ...requestOf(id), body: { status } });
      context.print(job, () => printable(`job ${id} is ${job.status}`));
    });
  withExample(command, `tickwire poll ${verb} 0b8c7d0e-5f5c-4d0a-9d55-2f1f7a3f8a11`);
}

function registerRemove(group: Command, context: Context): void {
  const command = group
    .command('rm')
    .description('remove a polling job; its prices stay')
    .argument('<id>', 'the job')
    .action(async (id: string) => {
      await context.api().delete('/prices/poll/{job_id}', requestOf(id));
      context.print({ job_id: id, removed: true }, () => printable(`job ${id} is removed`));
    });
  withExample(command, 'tickwire poll rm 0b8c7d0e-5f5c-4d0a-9d55-2f1f7a3f8a11');
}

function requestOf(jobId: string) {
  return { params: { path: { job_id: jobId } } };
}

function jobTable(context: Context, jobs: readonly Job[]): string {
  return context.table(
    ['JOB', 'STATUS', 'EVERY', 'PROVIDER', 'NEXT RUN', 'LAST RUN', 'SYMBOLS'],
    jobs.map((job) => [
      job.job_id,
      job.status,
      `${job.interval} s`,
      job.provider,
      shortInstant(job.next_run_at),
      job.last_run?.outcome ?? '-',
      job.symbols.join(' '),
    ]),
  );
}

function runTable(context: Context, runs: readonly Run[]): string {
  if (runs.length === 0) return 'no runs yet';
  return context.table(
    ['SCHEDULED FOR', 'OUTCOME', 'QUOTES', 'FAILURES'],
    runs.map(({ scheduled_for, outcome, quotes, failures }) => [
      shortInstant(scheduled_for),
      outcome,
      quotes,
      failures.length === 0 ? '-' : failuresOf(failures),
    ]),
  );
}

function failuresOf(failures: Run['failures']): string {
  const [first] = failures;
  return failures.length === 1 && first
    ? `${first.symbol}: ${first.detail}`
    : `${countOf(failures.length, 'symbol')}, first ${first?.symbol}: ${first?.detail}`;
}
