import { randomUUID } from 'node:crypto';
import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type ProblemCode, problemAnswer, titleOf } from './errors';

/** How long a connection that is told why it ends may take to read that. */
const READ_IT_MS = 1_000;

/** Ends a connection that has no request to answer, with a problem. */
export function endWithProblem(socket: Socket, code: ProblemCode, detail: string): void {
  const requestId = randomUUID();
  const { status, body } = problemAnswer({ code, detail, requestId });
  const head = [
    `HTTP/1.1 ${status} ${titleOf(code)}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(String(body))}`,
    ...(status === 503 ? ['Retry-After: 1'] : []),
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  // Closed with bytes unread, the system would take back what was written.
  socket.resume();
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  const late = setTimeout(() => socket.destroy(), READ_IT_MS);
  socket.once('close', () => clearTimeout(late));
}

/** What Node could not read as a request never becomes one; it too is answered by a problem, unless an answer has begun: then the connection breaks. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
    socket.destroy();
    return;
  }
  const codes: Readonly<Record<string, ProblemCode>> = {
    HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
    ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
  };
  const code = codes[error.code ?? ''] ?? 'INVALID_INPUT';
  endWithProblem(
    socket,
    code,
    code === 'INVALID_INPUT' ? 'expected an HTTP/1.1 request, got something else' : titleOf(code),
  );
}

/** As Node's own answer to such a connection asks it. */
function isAnswering(socket: Socket): boolean {
  const current: unknown = Reflect.get(socket, '_httpMessage');
  return current instanceof ServerResponse && current.headersSent;
}
