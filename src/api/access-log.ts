import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../platform/log';

/** One line when the answer is over, also when the client left before. */
export function logAnswer(
  log: Log,
  level: 'debug' | 'info',
  { request, response, requestId }: { request: IncomingMessage; response: ServerResponse; requestId: string },
): void {
  if (!log.isLevelEnabled(level)) return;
  const started = performance.now();
  const { method, url = '' } = request;
  const [path] = url.split('?', 1);
  response.once('close', () => {
    const durationMs = Math.round((performance.now() - started) * 100) / 100;
    const { statusCode: status, writableFinished: complete } = response;
    log[level]({ requestId, method, path, status, durationMs, ...(complete ? {} : { complete }) }, 'request');
  });
}
