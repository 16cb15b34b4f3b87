import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import { eventually } from './eventually';

/** Keeps spans in the process; `outcome` is what becomes of every export. */
export function keepingExporter(outcome: 'taken' | 'refused' = 'taken') {
  const spans: CollectedSpan[] = [];
  let exports = 0;
  const exporter: SpanExporter = {
    export: (ended, done) => {
      exports += 1;
      if (outcome === 'taken') spans.push(...ended.map(collectedOf));
      done(outcome === 'taken' ? { code: 0 } : { code: 1, error: new Error('refused') });
    },
    shutdown: () => Promise.resolve(),
  };
  const span = (name: string) => {
    const found = spans.find((one) => one.name === name);
    if (!found) throw new Error(`no span ${name} among ${spans.map((one) => one.name).join(', ')}`);
    return found;
  };
  return { exporter, spans, span, exports: () => exports };
}

function collectedOf(span: ReadableSpan): CollectedSpan {
  const { traceId, spanId } = span.spanContext();
  const { name, kind, attributes, status, resource } = span;
  return {
    name,
    // The wire counts from one, with zero for unspecified.
    kind: kind + 1,
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    links: span.links.map(({ context }) => context),
    attributes,
    status,
    service: String(resource.attributes['service.name']),
  };
}

/** A span as a collector gets it, with plain attributes. */
export interface CollectedSpan {
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly links: readonly { traceId: string; spanId: string }[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: { code?: number; message?: string };
  readonly service: string;
}

/** Stands in for an OpenTelemetry collector: takes spans by OTLP over HTTP in JSON. */
export interface Collector {
  readonly endpoint: string;
  readonly spans: CollectedSpan[];
  /** Every body as it came. */
  readonly bodies: string[];
  readonly headers: IncomingHttpHeaders[];
  /** The first span of this name, or of this name and service, waited for. */
  span(name: string, service?: string): Promise<CollectedSpan>;
  stop(): Promise<void>;
}

/** Answers every export with `status`; with `hang` never. */
export async function startCollector({ status = 200, hang = false } = {}): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const bodies: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    headers.push(request.headers);
    if (hang) return;
    if (status === 200) spans.push(...spansOf(JSON.parse(body)));
    response.writeHead(status, { 'Content-Type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const span = (name: string, service?: string) =>
    eventually(() => {
      const found = spans.find((one) => one.name === name && (service === undefined || one.service === service));
      if (found) return found;
      throw new Error(
        `no span ${name} of ${service ?? 'any service'} among ${spans.map((one) => one.name).join(', ')}`,
      );
    });
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, spans, bodies, headers, span, stop: () => close(server) };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto, as JSON. */
interface WireSpan extends Omit<CollectedSpan, 'attributes' | 'links' | 'service'> {
  readonly attributes?: readonly WireAttribute[];
  readonly links?: CollectedSpan['links'];
}
interface WireAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface WireBody {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly WireAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}

function spansOf({ resourceSpans }: WireBody): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap(({ spans }) => spans)
      .map((span) => ({
        ...span,
        links: span.links ?? [],
        attributes: plain(span.attributes ?? []),
        service: String(plain(resource.attributes)['service.name']),
      })),
  );
}

function plain(attributes: readonly WireAttribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
