import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../platform/errors';
import { logAnswer } from './access-log';
import { type Answer, jsonText, sendAnswer } from './answer';
import type { ApiContext } from './context';
import { problemOf } from './errors';
import { DEFAULT_MAX_AGE_SECONDS } from './price-lookup';
import { logRefusal } from './refusal-log';
import { newRequestId, REQUEST_ID_HEADER } from './request-id';
import { traceRequest, traceRoute } from './trace-request';

/** The route that is answered here. */
export const HOT_ROUTE = '/prices/latest';

/** The one hot URL in its simple form: a symbol in the pipeline's own spelling, then perhaps a provider. */
const SIMPLE = /^\/prices\/latest\?symbol=([A-Z0-9.\-^:]{1,32})(?:&provider=([a-z0-9-]{1,32}))?$/;

/**
 * Answers `GET /prices/latest` before Express, which costs more than everything else on a cache hit. It is the same look-up under the same
 * checks with the same answer; true when it took the request, and false for every other form and route.
 */
export function hotPath(context: ApiContext): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    if (request.method !== 'GET') return false;
    const match = SIMPLE.exec(request.url ?? '');
    const symbol = match?.[1];
    if (symbol === undefined) return false;
    const asked = { symbol, provider: match?.[2] };
    context.allowOrigins(request, response, () =>
      traceRequest(request, response, () => void answer(context, request, response, asked)),
    );
    return true;
  };
}

async function answer(
  { admit, lookup, log }: ApiContext,
  request: IncomingMessage,
  response: ServerResponse,
  { symbol, provider }: { symbol: string; provider: string | undefined },
): Promise<void> {
  const requestId = newRequestId(request);
  let keyId: string | null = null;
  let ofAdmission: Readonly<Record<string, string>> = {};
  // Given with the others: one header set beforehand makes Node set each of them on its own.
  const send = (it: Answer) =>
    sendAnswer(response, { ...it, headers: { ...it.headers, ...ofAdmission, [REQUEST_ID_HEADER]: requestId } });
  try {
    traceRoute('get', HOT_ROUTE, requestId);
    logAnswer(log, 'debug', { request, response, requestId, keyId: () => keyId });
    // Shares a round trip with what admission asks the cache.
    const peeking = lookup.peek(symbol, provider);
    const admitted = await admit(request, 'prices:read');
    ofAdmission = admitted.headers;
    if (admitted.ok) keyId = admitted.caller.keyId;
    if (!admitted.ok) {
      logRefusal(log, request, { requestId, refused: admitted });
      throw admitted.error;
    }
    const asked = { provider, maxAgeSeconds: DEFAULT_MAX_AGE_SECONDS, requestId };
    await send(jsonText(await lookup.latest(symbol, asked, await peeking)));
  } catch (error) {
    const problem = problemOf(error, requestId);
    if (problem.status >= 500)
      log.error({ requestId, status: problem.status, error: messageOf(error) }, 'request failed');
    await send(problem);
  }
}
