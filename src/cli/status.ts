import { ApiError, type components, type TickwireClient } from '../client';
import { TickwireError } from '../platform/errors';
import { withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { countOf, shortDuration } from './printable';
import type { Cell } from './table';

type Health = components['schemas']['Health'];
type ModelJobs = Readonly<Record<'running' | 'queued', number | null>>;
type Row = readonly Cell[];

/** More unfinished jobs than this are told as "at least". */
const MAX_COUNTED = 500;

/** `tickwire status`: `/health` of the API in short, and the model jobs under way; fails when something it depends on is down. */
export const status: CommandDefinition = (program, context) => {
  const command = program
    .command('status')
    .description('the health of the API and of what it depends on, its model jobs and providers')
    .action(async () => {
      const api = context.api();
      const health = await healthOf(api);
      const modelJobs = { running: await countJobs(api, 'running'), queued: await countJobs(api, 'queued') };
      context.print({ ...health, model_jobs: modelJobs }, () => textOf(context, health, modelJobs));
      const down = Object.entries(health.dependencies).filter(([, dependency]) => dependency.status !== 'up');
      if (down.length === 0) return;
      throw new TickwireError('ENGINE_UNAVAILABLE', `down: ${down.map(([name]) => name).join(', ')}`);
    });
  withExample(command, 'tickwire status');
};

/** Also what the API says of itself while its database is away: then it answers a problem with the same members. */
async function healthOf(api: TickwireClient): Promise<Health> {
  try {
    return await api.get('/health');
  } catch (error) {
    if (error instanceof ApiError && isHealth(error.body)) return error.body;
    throw error;
  }
}

/** As much as tells it from any other problem. */
function isHealth(body: unknown): body is Health {
  return typeof body === 'object' && body !== null && 'service' in body && 'dependencies' in body;
}

/** Null where the API cannot say, as while its database is away. */
async function countJobs(api: TickwireClient, wanted: 'running' | 'queued'): Promise<number | null> {
  try {
    const query = { status: wanted, limit: MAX_COUNTED };
    return (await api.get('/api/v1/jobs', { params: { query } })).jobs.length;
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

function textOf(context: Context, health: Health, modelJobs: ModelJobs): string {
  const { service, consumers, outbox, providers } = health;
  const unpublished = outbox.unpublished === null ? 'unknown' : countOf(outbox.unpublished, 'answer');
  const rows: readonly Row[] = [
    ...dependencyRows(health),
    ...consumers.map(({ name, lag }) => [name, 'lag', lag === null ? 'unknown' : countOf(lag, 'event')]),
    ['outbox', 'unpublished', unpublished],
    ...Object.entries(modelJobs).map(([state, count]) => ['model jobs', state, jobCountOf(count)]),
    ...providers.map(providerRow),
  ];
  const head = `tickwire ${service.version}, up ${shortDuration(service.uptime_seconds)}`;
  return `${head}\n\n${context.table(['PART', 'STATE', 'DETAIL'], rows)}`;
}

function dependencyRows({ dependencies }: Health): Row[] {
  return Object.entries(dependencies).map(([name, { status: state, latency_ms: latency, detail }]) => [
    name,
    { text: state, colour: state === 'up' ? 'green' : 'red' },
    detail ?? (latency === null ? '' : `${latency} ms`),
  ]);
}

function providerRow({ name, configured, missing, breaker }: Health['providers'][number]): Row {
  if (!configured) return [name, 'not configured', missing.length > 0 ? `needs ${missing.join(', ')}` : ''];
  return [name, 'configured', breaker === 'closed' ? '' : `circuit ${breaker}`];
}

function jobCountOf(count: number | null): string {
  if (count === null) return 'unknown';
  return count === MAX_COUNTED ? `at least ${countOf(count, 'job')}` : countOf(count, 'job');
}
