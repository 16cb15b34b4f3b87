import { z } from 'zod';
import type { Environment } from './environment';
import { TickwireError } from './errors';
import { faultOf, type OutgoingRules } from './outgoing-url';

/** Where traces go, and which. Variables and defaults are those of the OpenTelemetry specification: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
export interface TracingConfig {
  /** Of the collector, with the path of traces. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** `tickwire-<process>` where nothing is said. */
  readonly serviceName: string | undefined;
  readonly sampler: (typeof SAMPLERS)[number];
  /** Share of the traces that are kept, for the samplers with `traceidratio`. */
  readonly ratio: number;
}

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

const variables = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().superRefine((text, context) => {
    const fault = endpointFaultOf(text);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  }),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .default('')
    .transform((text, context) => {
      const headers = readHeaders(text);
      if (headers) return headers;
      context.addIssue({ code: 'custom', message: 'expected name=value, separated by commas, percent-encoded' });
      return z.NEVER;
    }),
  OTEL_SERVICE_NAME: z.string().optional(),
  OTEL_TRACES_SAMPLER: z.enum(SAMPLERS).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number({ error: 'expected a number from 0 to 1' })
    .min(0, 'expected at least 0')
    .max(1, 'expected at most 1')
    .default(1),
});

/** Undefined without `OTEL_EXPORTER_OTLP_ENDPOINT`: then nothing is traced. @throws CONFIG_INVALID naming every faulty variable, never a value. */
export function tracingConfigOf(environment: Environment): TracingConfig | undefined {
  if (environment.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return undefined;
  const parsed = variables.safeParse(environment);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new TickwireError('CONFIG_INVALID', faults.join('; '));
  }
  const values = parsed.data;
  return {
    url: new URL(`${values.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '')}/v1/traces`),
    headers: values.OTEL_EXPORTER_OTLP_HEADERS,
    serviceName: values.OTEL_SERVICE_NAME,
    sampler: values.OTEL_TRACES_SAMPLER,
    ratio: values.OTEL_TRACES_SAMPLER_ARG,
  };
}

/**
 * The operator alone sets it, and a collector beside the product, on plain HTTP and a private address, is the usual one: both are allowed without asking,
 * unlike for a vendor's address. What no collector has is refused: the addresses at which clouds tell a machine its own secrets, credentials in the URL
 * (`OTEL_EXPORTER_OTLP_HEADERS` is for those), and plain HTTP to the internet.
 */
export const COLLECTOR_RULES: OutgoingRules = { allowLoopback: true, allowPrivate: true };

function endpointFaultOf(text: string): string | undefined {
  const fault = faultOf(text, COLLECTOR_RULES);
  if (fault) return fault;
  const { search, hash } = new URL(text);
  return search || hash ? 'expected no query and no fragment' : undefined;
}

function readHeaders(text: string): Record<string, string> | undefined {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  try {
    const read = pairs.map((pair) => {
      const [, name, value] = /^\s*([\w-]+)\s*=(.*)$/s.exec(pair) ?? [];
      const decoded = decodeURIComponent(value?.trim() ?? '');
      return name === undefined || /[\r\n]/.test(decoded) ? undefined : ([name, decoded] as const);
    });
    return read.includes(undefined) ? undefined : Object.fromEntries(read.flatMap((pair) => (pair ? [pair] : [])));
  } catch {
    return undefined;
  }
}
