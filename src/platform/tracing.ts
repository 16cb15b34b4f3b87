import { randomUUID } from 'node:crypto';
import type { ReadableSpan, Sampler, SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Environment } from './environment';
import { messageOf } from './errors';
import type { Log } from './log';
import { openTracer } from './open-tracer';
import { guardedAgents } from './outgoing-url';
import { type Clean, cleanEverythingOf, secretsOf } from './redaction';
import type { Service } from './service';
import { useTracer } from './trace';
import { COLLECTOR_RULES, type TracingConfig, tracingConfigOf } from './tracing-config';
import { productVersion } from './version';

/** How long one export may take, tries again included. */
const EXPORT_TIMEOUT_MS = 5_000;
/** How long a stop waits for the last spans: less than any supervisor waits for a process. */
const FLUSH_DEADLINE_MS = 2_000;
/** Spans that wait for the collector; more are dropped. A span is about a kilobyte. */
const MAX_WAITING = 2_048;
const MAX_EXPORTED_AT_ONCE = 512;
/** Links of one span: messages of so many causes in one batch. */
const MAX_LINKS = 128;
const MAX_ATTRIBUTE_LENGTH = 1_024;
/** How often it is said that the collector does not take them. */
const WARN_EVERY_MS = 60_000;

export interface TracingOptions {
  /** Of the process, without `tickwire-`. */
  readonly processName: string;
  readonly config: TracingConfig;
  readonly log: Log;
  readonly clean: Clean;
  /** Instead of one that sends to the collector. */
  readonly exporter?: SpanExporter | undefined;
}

/** The tracing that the variables of a process ask for; none, as a rule. @throws CONFIG_INVALID. */
export function tracingOf(
  processName: string,
  environment: Environment,
  { log, exporter }: Pick<TracingOptions, 'log' | 'exporter'>,
): readonly Service[] {
  const config = tracingConfigOf(environment);
  const clean = cleanEverythingOf(secretsOf(environment));
  return config ? [tracing({ processName, config, log, clean, exporter })] : [];
}

/**
 * Traces of this process, to an OpenTelemetry collector by OTLP over HTTP in JSON. The modules are loaded at the start, so that a process that does not trace has none
 * of them. Spans wait in a bounded queue; a collector that is away, slow or refusing costs those that do not fit and a warning a minute, nothing else.
 * `stop` sends what waits, under a deadline.
 */
export function tracing(options: TracingOptions): Service {
  let stop: (() => Promise<void>) | undefined;
  return {
    name: 'tracing',
    start: async () => {
      stop ??= await begin(options);
    },
    stop: async () => {
      await stop?.();
    },
  };
}

async function begin({ processName, config, log, clean, exporter }: TracingOptions): Promise<() => Promise<void>> {
  const [api, sdk, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/resources'),
  ]);
  const processor = new sdk.BatchSpanProcessor(tellingFailures(exporter ?? (await exporterTo(config)), log), {
    maxQueueSize: MAX_WAITING,
    maxExportBatchSize: MAX_EXPORTED_AT_ONCE,
    exportTimeoutMillis: 2 * EXPORT_TIMEOUT_MS,
  });
  const provider = new sdk.BasicTracerProvider({
    sampler: samplerOf(config, sdk),
    spanLimits: { linkCountLimit: MAX_LINKS, attributeValueLengthLimit: MAX_ATTRIBUTE_LENGTH },
    resource: resourceFromAttributes({
      'service.name': config.serviceName ?? `tickwire-${processName}`,
      'service.namespace': 'tickwire',
      'service.version': productVersion(),
      'service.instance.id': randomUUID(),
    }),
    spanProcessors: [processor],
  });
  useTracer(openTracer(api, provider.getTracer('tickwire', productVersion()), clean));
  log.info({ collector: config.url.host, sampler: config.sampler }, 'tracing');
  return async () => {
    useTracer(undefined);
    await flushed(provider, log);
  };
}

/** Its connections only go to addresses that a collector may have, also where a name resolves to another one later. */
async function exporterTo({ url, headers }: TracingConfig): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const agents = guardedAgents(COLLECTOR_RULES);
  return new OTLPTraceExporter({
    url: url.href,
    headers,
    timeoutMillis: EXPORT_TIMEOUT_MS,
    httpAgentOptions: (protocol) => (protocol === 'https:' ? agents['https:'] : agents['http:']),
  });
}

function samplerOf({ sampler, ratio }: TracingConfig, sdk: typeof import('@opentelemetry/sdk-trace-node')): Sampler {
  const roots: Readonly<Record<string, Sampler>> = {
    always_off: new sdk.AlwaysOffSampler(),
    traceidratio: new sdk.TraceIdRatioBasedSampler(ratio),
  };
  const root = roots[sampler.replace('parentbased_', '')] ?? new sdk.AlwaysOnSampler();
  return sampler.startsWith('parentbased_') ? new sdk.ParentBasedSampler({ root }) : root;
}

/** What is not taken is gone: it is said once a minute how much that was. The answer of the collector is not told, since it may repeat what it was sent. */
function tellingFailures(exporter: SpanExporter, log: Log): SpanExporter {
  let lost = 0;
  let saidAtMs = Number.NEGATIVE_INFINITY;
  return {
    shutdown: () => exporter.shutdown(),
    export: (spans: ReadableSpan[], done) =>
      exporter.export(spans, (result) => {
        if (result.code !== 0) {
          lost += spans.length;
          const now = performance.now();
          if (now - saidAtMs >= WARN_EVERY_MS) {
            log.warn(
              { spans: lost, error: messageOf(result.error) },
              'the collector does not take spans; they are dropped',
            );
            [lost, saidAtMs] = [0, now];
          }
        }
        done(result);
      }),
  };
}

async function flushed(provider: { shutdown(): Promise<void> }, log: Log): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), FLUSH_DEADLINE_MS);
  });
  const sent = provider.shutdown().catch(() => undefined);
  if ((await Promise.race([sent, late])) === 'late')
    log.warn({ deadlineMs: FLUSH_DEADLINE_MS }, 'the last spans could not be sent');
  clearTimeout(timer);
}
