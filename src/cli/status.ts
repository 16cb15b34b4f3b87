import { z } from 'zod';
import { TickwireError } from '../platform/errors';
import { withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { countOf, shortDuration } from './printable';
import type { Cell } from './table';

const dependencySchema = z.looseObject({
  status: z.string(),
  latency_ms: z.number().nullable(),
  detail: z.string().optional(),
});
const healthSchema = z.looseObject({
  service: z.looseObject({ version: z.string(), uptime_seconds: z.number() }),
  dependencies: z.record(z.string(), dependencySchema),
  consumers: z.array(z.looseObject({ name: z.string(), lag: z.number().nullable() })),
  providers: z.array(z.looseObject({ name: z.string(), configured: z.boolean(), breaker: z.string() })),
  outbox: z.looseObject({ unpublished: z.number().nullable() }),
});

type Health = z.infer<typeof healthSchema>;

/** `tickwire status`: `/health` of the API in short; fails when something it depends on is down. */
export const status: CommandDefinition = (program, context) => {
  const command = program
    .command('status')
    .description('the health of the API and of what it depends on')
    .action(async () => {
      const health = await context.api().request('/health', healthSchema, { accept: [503] });
      context.print(health, () => textOf(context, health));
      const down = Object.entries(health.dependencies).filter(([, dependency]) => dependency.status !== 'up');
      if (down.length === 0) return;
      throw new TickwireError('ENGINE_UNAVAILABLE', `down: ${down.map(([name]) => name).join(', ')}`);
    });
  withExample(command, 'tickwire status');
};

function textOf(context: Context, { service, dependencies, consumers, providers, outbox }: Health): string {
  const unpublished = outbox.unpublished === null ? 'unknown' : countOf(outbox.unpublished, 'answer');
  const rows: readonly (readonly Cell[])[] = [
    ...Object.entries(dependencies).map(([name, { status: state, latency_ms: latency, detail }]) => [
      name,
      { text: state, colour: state === 'up' ? ('green' as const) : ('red' as const) },
      detail ?? (latency === null ? '' : `${latency} ms`),
    ]),
    ...consumers.map(({ name, lag }) => [name, 'lag', lag === null ? 'unknown' : countOf(lag, 'event')]),
    ['outbox', 'unpublished', unpublished],
    ...providers.map(({ name, configured, breaker }) => [
      name,
      configured ? 'configured' : 'not configured',
      breaker === 'closed' ? '' : `circuit ${breaker}`,
    ]),
  ];
  const head = `tickwire ${service.version}, up ${shortDuration(service.uptime_seconds)}`;
  return `${head}\n\n${context.table(['PART', 'STATE', 'DETAIL'], rows)}`;
}
