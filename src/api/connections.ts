import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { clientNetworkOf } from '../platform/ip-address';
import { sendAnswer } from './answer';
import type { TrustsProxy } from './client-address';
import { type ProblemCode, problemAnswer } from './errors';
import type { HttpLimits } from './http-limits';
import { endWithProblem, refuseUnreadable } from './raw-problem';
import { newRequestId, REQUEST_ID_HEADER } from './request-id';

/** Connections that are being told that there are too many; beyond these the system drops them. */
const BEING_REFUSED = 1_000;

export interface ConnectionOptions {
  readonly limits: HttpLimits;
  /** Connections of these have many callers behind them. */
  readonly trustsProxy: TrustsProxy;
}

/** What a server asks before it answers. */
export interface Connections {
  /** True for a connection that is refused, and is to be left alone. */
  isRefused(socket: Socket): boolean;
  /** True when the request needs no other answer: it came on a refused connection, or it was refused here. */
  screens(request: IncomingMessage, response: ServerResponse): boolean;
}

/** Bounds the connections of `server`, and what comes on them. */
export function boundConnections(server: Server, { limits, trustsProxy }: ConnectionOptions): Connections {
  const refused = new WeakSet<Socket>();
  const answeredUnread = new WeakSet<Socket>();
  const waiting = new WeakMap<Socket, number>();
  const admit = openCount(limits, trustsProxy);
  server.maxConnections = limits.connections + BEING_REFUSED;
  server.on('connection', (socket) => {
    const refusal = admit(socket);
    if (refusal === undefined) return;
    refused.add(socket);
    endWithProblem(socket, 'TOO_MANY_CONNECTIONS', refusal);
  });
  server.on('checkExpectation', (request, response) => {
    const fault = faultOf('INVALID_INPUT', 'Expect: expected 100-continue or none');
    void sendAnswer(response, refusalOf(fault, request));
  });
  server.on('clientError', (error, socket: Socket) => {
    // Told after its answer, it would be taken for the answer to the next request.
    if (answeredUnread.has(socket)) socket.destroy();
    else refuseUnreadable(error, socket);
  });

  const isOneTooMany = (socket: Socket, response: ServerResponse) => {
    // Whose turn it is already has the connection.
    if (response.socket !== null) return false;
    const count = (waiting.get(socket) ?? 0) + 1;
    waiting.set(socket, count);
    response.once('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
    return count > limits.pipelined;
  };
  return {
    isRefused: (socket) => refused.has(socket),
    screens(request, response) {
      const { socket } = request;
      if (refused.has(socket)) return true;
      if (hasBody(request))
        response.once('finish', () => {
          if (!request.complete) answeredUnread.add(socket);
        });
      const fault = isOneTooMany(socket, response)
        ? faultOf('TOO_MANY_CONNECTIONS', `expected at most ${limits.pipelined} requests before their answers`)
        : headFaultOf(request, limits);
      if (fault === undefined) return false;
      refused.add(socket);
      void sendAnswer(response, refusalOf(fault, request));
      return true;
    },
  };
}

/** Counts connections; tells why one is too many. */
function openCount({ connections, connectionsPerAddress }: HttpLimits, trustsProxy: TrustsProxy) {
  const ofNetwork = new Map<string, number>();
  let count = 0;
  return (socket: Socket): string | undefined => {
    const address = socket.remoteAddress ?? '';
    const network = clientNetworkOf(address);
    const before = ofNetwork.get(network) ?? 0;
    if (count >= connections) return `all ${connections} connections are taken`;
    if (before >= connectionsPerAddress && !trustsProxy(address, 0))
      return `this address has its ${connectionsPerAddress} connections`;
    count += 1;
    ofNetwork.set(network, before + 1);
    socket.once('close', () => {
      count -= 1;
      const left = (ofNetwork.get(network) ?? 1) - 1;
      if (left > 0) ofNetwork.set(network, left);
      else ofNetwork.delete(network);
    });
    return undefined;
  };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

interface HeadFault {
  readonly code: ProblemCode;
  readonly detail: string;
}

const faultOf = (code: ProblemCode, detail: string): HeadFault => ({ code, detail });

function headFaultOf(request: IncomingMessage, { maxHeaders }: HttpLimits): HeadFault | undefined {
  if (request.rawHeaders.length > maxHeaders * 2)
    return faultOf('HEADERS_TOO_LARGE', `expected at most ${maxHeaders} headers`);
  if (request.headers.host === undefined && request.httpVersion === '1.1')
    return faultOf('INVALID_INPUT', 'Host: expected one in an HTTP/1.1 request, got none');
  return undefined;
}

function refusalOf({ code, detail }: HeadFault, request: IncomingMessage) {
  const requestId = newRequestId(request);
  const headers = { Connection: 'close', [REQUEST_ID_HEADER]: requestId };
  return problemAnswer({ code, detail, requestId, headers });
}
