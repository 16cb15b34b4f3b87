import { type IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Live } from '../live/live';
import { sendAnswer } from './answer';
import { problemOf } from './errors';
import { newRequestId, REQUEST_ID_HEADER } from './request-id';

/** How long a request that is answered instead of upgraded may keep its connection. */
const ANSWER_TIMEOUT_MS = 30_000;

/**
 * Answers requests that ask for another protocol: sockets are handed to `live` or refused with a problem; any other protocol may be ignored, so its request
 * is answered as if it had not asked (`curl --http2` asks for one each time).
 */
export function upgradeTo(live: Live, answer: RequestListener) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // A peer that goes away in between is nobody's fault.
    socket.on('error', () => socket.destroy());
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      answerPlainly(request, socket, answer);
      return;
    }
    const refusal = live.refusalOf(request);
    if (!refusal) {
      live.accept(request, socket, head);
      return;
    }
    const requestId = newRequestId(request);
    const problem = problemOf(refusal, requestId);
    answerPlainly(request, socket, (_request, response) => {
      void sendAnswer(response, { ...problem, headers: { ...problem.headers, [REQUEST_ID_HEADER]: requestId } });
    });
  };
}

/** Node has let go of the connection: the answer is tied to it here, and ends it. */
function answerPlainly(request: IncomingMessage, socket: Duplex, answer: RequestListener): void {
  if (!(socket instanceof Socket)) {
    socket.destroy();
    return;
  }
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy());
  socket.on('drain', () => response.emit('drain'));
  socket.once('close', () => response.destroy());
  response.once('finish', () => {
    response.detachSocket(socket);
    socket.end();
  });
  answer(request, response);
}
