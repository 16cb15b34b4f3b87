/** What a span tells besides its name, under the names of OpenTelemetry's semantic conventions where they have one. Never a secret, never a URL's query. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface SpanOptions {
  /** `internal` where nothing is said. */
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes?: SpanAttributes;
  /** Spans of other traces that led here, as `traceparent` writes them; what is none is left out. */
  readonly links?: readonly string[];
}

/** The span of one piece of work, while that runs. */
export interface Span {
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  /** It went wrong without throwing; `type` is a code or a class of errors. */
  fail(type: string): void;
}

/** What makes spans. A span ends when its work settles; work that throws fails it. */
export interface Tracer {
  inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  withRemoteParent<T>(traceparent: string | undefined, work: () => T): T;
  current(): { readonly traceId: string; readonly span: Span; readonly traceparent: string | undefined } | undefined;
}

const NO_SPAN: Span = { rename: () => undefined, set: () => undefined, fail: () => undefined };

let tracer: Tracer | undefined;

/** Has spans made from now on; undefined ends it. For `tracing.ts` alone: a process has one tracer or, as a rule, none. */
export function useTracer(next: Tracer | undefined): void {
  tracer = next;
}

/** Whether spans are made; to be asked before anything that only a span needs. */
export function isTracing(): boolean {
  return tracer !== undefined;
}

/** Runs `work` in a span named `name`, a few words of low cardinality. Without a tracer it only runs it. @throws what it throws. */
export function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  return tracer ? tracer.inSpan(name, options, work) : work(NO_SPAN);
}

/** The same where a span runs already, so that routine work beside all requests and batches makes no traces of its own. */
export function inInnerSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  return tracer?.current() ? tracer.inSpan(name, options, work) : work(NO_SPAN);
}

/** Runs `work` as part of the trace that another process began; without a usable `traceparent` its spans begin a trace. */
export function withRemoteParent<T>(traceparent: string | undefined, work: () => T): T {
  return tracer ? tracer.withRemoteParent(traceparent, work) : work();
}

/** The running span. */
export function currentSpan(): Span {
  return tracer?.current()?.span ?? NO_SPAN;
}

/** Of the running span, 32 hexadecimal digits, for log lines. */
export function currentTraceId(): string | undefined {
  return tracer?.current()?.traceId;
}

/** The running span as W3C Trace Context writes it, for whoever goes on with the trace; undefined where nobody records it. */
export function currentTraceparent(): string | undefined {
  return tracer?.current()?.traceparent;
}

/** The headers of messages that something caused: a request, a poll. Undefined where there is nothing to tell, since each header costs. */
export function causeHeaders(requestId: string | null): Record<string, string> | undefined {
  const traceparent = currentTraceparent();
  if (requestId === null && traceparent === undefined) return undefined;
  return { ...(requestId !== null && { 'x-request-id': requestId }), ...(traceparent && { traceparent }) };
}
