import type { IncomingMessage, ServerResponse } from 'node:http';
import { currentSpan, inSpan, isTracing, withRemoteParent } from '../platform/trace';

/**
 * Answers a request in a span that lasts until the answer is over. A caller's `traceparent` is gone on with. The path is told without its query, which may hold
 * what nobody is to know.
 */
export function traceRequest(request: IncomingMessage, response: ServerResponse, answer: () => void): void {
  if (!isTracing()) {
    answer();
    return;
  }
  const { method = 'GET', url = '', headers } = request;
  const attributes = { 'http.request.method': method, 'url.path': url.split('?', 1)[0], 'url.scheme': 'http' };
  const { traceparent } = headers;
  void withRemoteParent(typeof traceparent === 'string' ? traceparent : undefined, () =>
    inSpan(method, { kind: 'server', attributes }, async (span) => {
      const over = new Promise<void>((resolve) => response.once('close', resolve));
      answer();
      await over;
      const { statusCode } = response;
      span.set({ 'http.response.status_code': statusCode });
      if (statusCode >= 500) span.fail(String(statusCode));
    }),
  );
}

/** Gives the span of the request its route, as OpenAPI writes that, and its id. */
export function traceRoute(method: string, route: string, requestId: string): void {
  if (!isTracing()) return;
  const span = currentSpan();
  span.rename(`${method.toUpperCase()} ${route}`);
  span.set({ 'http.route': route, 'tickwire.request.id': requestId });
}
