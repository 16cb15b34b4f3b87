import { AsyncLocalStorage } from 'node:async_hooks';
import type {
  Attributes,
  Context,
  Link,
  Span as OpenTelemetrySpan,
  Tracer as OpenTelemetryTracer,
  SpanContext,
} from '@opentelemetry/api';
import { messageOf, TickwireError } from './errors';
import type { Clean } from './redaction';
import type { Span, SpanAttributes, SpanOptions, Tracer } from './trace';

type Api = typeof import('@opentelemetry/api');

/** https://www.w3.org/TR/trace-context/#traceparent-header; `ff` is no version. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * The port on OpenTelemetry. Contexts are passed on by a storage of its own: nothing is registered globally, so that no library of ours is instrumented by
 * accident and a test leaves nothing behind.
 */
export function openTracer(api: Api, tracer: OpenTelemetryTracer, clean: Clean): Tracer {
  const contexts = new AsyncLocalStorage<Context>();
  const kinds = {
    internal: api.SpanKind.INTERNAL,
    server: api.SpanKind.SERVER,
    client: api.SpanKind.CLIENT,
    producer: api.SpanKind.PRODUCER,
    consumer: api.SpanKind.CONSUMER,
  };
  const begin = (name: string, { kind = 'internal', attributes = {}, links = [] }: SpanOptions, parent: Context) =>
    tracer.startSpan(
      name,
      {
        kind: kinds[kind],
        attributes: toAttributes(attributes, clean),
        links: links.flatMap((text) => linkOf(api, text)),
      },
      parent,
    );

  return {
    inSpan: async (name, options, work) => {
      const parent = contexts.getStore() ?? api.ROOT_CONTEXT;
      const opened = begin(name, options, parent);
      const span = toSpan(api, opened, clean);
      try {
        return await contexts.run(api.trace.setSpan(parent, opened), () => work(span));
      } catch (error) {
        recordFailure(span, opened, error, { api, clean });
        throw error;
      } finally {
        opened.end();
      }
    },
    withRemoteParent: (traceparent, work) => {
      const remote = traceparent === undefined ? undefined : spanContextOf(api, traceparent);
      const parent = remote ? api.trace.setSpanContext(api.ROOT_CONTEXT, remote) : api.ROOT_CONTEXT;
      return contexts.run(parent, work);
    },
    current: () => {
      const opened = api.trace.getSpan(contexts.getStore() ?? api.ROOT_CONTEXT);
      if (!opened) return undefined;
      const { traceId, spanId, traceFlags } = opened.spanContext();
      const isKept = (traceFlags & api.TraceFlags.SAMPLED) !== 0;
      const traceparent = isKept ? `00-${traceId}-${spanId}-01` : undefined;
      return { traceId, traceparent, span: toSpan(api, opened, clean) };
    },
  };
}

function toSpan(api: Api, opened: OpenTelemetrySpan, clean: Clean): Span {
  return {
    rename: (name) => void opened.updateName(name),
    set: (attributes) => void opened.setAttributes(toAttributes(attributes, clean)),
    fail: (type) => void opened.setAttribute('error.type', type).setStatus({ code: api.SpanStatusCode.ERROR }),
  };
}

/** The code and the cleaned sentence; no stack, which tells nobody outside anything. */
function recordFailure(
  span: Span,
  opened: OpenTelemetrySpan,
  error: unknown,
  { api, clean }: { api: Api; clean: Clean },
): void {
  span.fail(error instanceof TickwireError ? error.code : error instanceof Error ? error.name : 'unknown');
  opened.setStatus({ code: api.SpanStatusCode.ERROR, message: clean(messageOf(error)) });
}

function toAttributes(attributes: SpanAttributes, clean: Clean): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, cleaned(value, clean)]));
}

function cleaned(value: SpanAttributes[string], clean: Clean): Attributes[string] {
  if (typeof value === 'string') return clean(value);
  return typeof value === 'object' ? value.map(clean) : value;
}

function linkOf(api: Api, traceparent: string): Link[] {
  const context = spanContextOf(api, traceparent);
  return context ? [{ context }] : [];
}

function spanContextOf(api: Api, traceparent: string): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(traceparent) ?? [];
  const traceFlags = Number.parseInt(flags, 16) & api.TraceFlags.SAMPLED;
  const context = { traceId, spanId, traceFlags, isRemote: true };
  return api.isSpanContextValid(context) ? context : undefined;
}
