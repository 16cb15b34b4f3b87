import { type IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Caller } from '../domain/access';
import type { Live } from '../live/live';
import type { Log } from '../platform/log';
import type { Admit } from './admission';
import { sendAnswer } from './answer';
import { problemOf } from './errors';
import { logRefusal } from './refusal-log';
import { newRequestId, REQUEST_ID_HEADER } from './request-id';

/** How long a request that is answered instead of upgraded may keep its connection. */
const ANSWER_TIMEOUT_MS = 30_000;

export interface UpgradeOptions {
  readonly admit: Admit;
  readonly log: Log;
  /** Whether somebody who was let in still would be; always where it is left out. */
  readonly isStillGood?: (caller: Caller) => Promise<boolean>;
}

/**
 * Answers requests that ask for another protocol: sockets are handed to `live` or refused with a problem; any other protocol may be ignored, so its request
 * is answered as if it had not asked (`curl --http2` asks for one each time).
 */
export function upgradeTo(live: Live, answer: RequestListener, { admit, log, isStillGood }: UpgradeOptions) {
  return async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    // A peer that goes away in between is nobody's fault.
    socket.on('error', () => socket.destroy());
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      answerPlainly(request, socket, answer);
      return;
    }
    const admitted = await admit(request, 'prices:read');
    const { address } = admitted;
    // What is no socket is told so to everybody: first the address, then the key.
    const refusal = live.refusalOf(request, address);
    if (!refusal && admitted.ok) {
      const { caller } = admitted;
      live.accept(request, { socket, head, address, caller, isStillGood: async () => isStillGood?.(caller) ?? true });
      return;
    }
    const requestId = newRequestId(request);
    if (!admitted.ok) logRefusal(log, request, { requestId, refused: admitted });
    const problem = problemOf(refusal ?? (admitted.ok ? undefined : admitted.error), requestId);
    answerPlainly(request, socket, (_request, response) => {
      void sendAnswer(response, {
        ...problem,
        headers: { ...problem.headers, ...admitted.headers, [REQUEST_ID_HEADER]: requestId },
      });
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
