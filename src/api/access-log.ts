import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../platform/log';
import { currentTraceId } from '../platform/trace';

export interface LoggedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** Whose key it came with, once that is known; null without one. */
  keyId(): string | null;
}

/** One line when the answer is over, also when the client left before: never a query, a header or a body. */
export function logAnswer(
  log: Log,
  level: 'debug' | 'info',
  { request, response, requestId, keyId }: LoggedRequest,
): void {
  if (!log.isLevelEnabled(level)) return;
  const started = performance.now();
  const { method, url = '' } = request;
  const [path] = url.split('?', 1);
  // The end of an answer is told outside of its span.
  const traceId = currentTraceId();
  response.once('close', () => {
    const durationMs = Math.round((performance.now() - started) * 100) / 100;
    const { statusCode: status, writableFinished: complete } = response;
    const fields = { requestId, keyId: keyId() ?? undefined, traceId, method, path, status, durationMs };
    log[level]({ ...fields, ...(complete ? {} : { complete }) }, 'request');
  });
}
