import type { IncomingMessage, RequestListener } from 'node:http';
import type { Metrics } from '../platform/metrics';
import { HOT_ROUTE } from './hot-path';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS']);

/** Of a client that left before the answer was over, as proxies write it. */
const CLIENT_LEFT = '499';

/** Times each request until its answer is over. A route is told as it is documented, so that no symbol and no id becomes a label. */
export function openRequestMetrics(metrics: Metrics): RequestListener {
  return (request, response) => {
    const startedMs = performance.now();
    response.once('close', () => {
      const method = METHODS.has(request.method ?? '') ? `${request.method}` : 'other';
      const status = response.writableFinished ? String(response.statusCode) : CLIENT_LEFT;
      const labels = { method, route: routeOf(request), status };
      metrics.histogram('tickwire_http_request_duration_seconds', labels)((performance.now() - startedMs) / 1000);
    });
  };
}

/** Counts what became of requests at the door; the refusals that alerts ask for are there from the start. */
export function openAdmissionCount(metrics: Metrics): (outcome: string) => void {
  const counterOf = (outcome: string) => metrics.counter('tickwire_admissions_total', { outcome });
  for (const outcome of ['admitted', 'UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED']) counterOf(outcome);
  return (outcome) => counterOf(outcome)(1);
}

/** Express writes down which of its routes took a request; the hot path has one, and what no route took is `other`. */
function routeOf(request: IncomingMessage & { readonly route?: { readonly path?: unknown } }): string {
  const path = request.route?.path;
  if (typeof path === 'string') return path.replaceAll(/:(\w+)/g, '{$1}');
  return request.url?.startsWith(`${HOT_ROUTE}?`) ? HOT_ROUTE : 'other';
}
