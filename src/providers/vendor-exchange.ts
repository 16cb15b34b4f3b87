import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Environment } from '../platform/environment';
import { faultOf, type GuardedAgents, guardedAgents, outgoingRulesOf } from '../platform/outgoing-url';

/** What a vendor answered, read to its end. */
export interface VendorAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What is asked besides the address; a GET without a body where left out. */
export interface VendorRequest {
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | Headers;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * One exchange with a vendor. No redirect is followed: it is an answer like any other. Only addresses that the configuration allows are connected to,
 * whatever they were called, and no answer is read past {@link MAX_ANSWER_BYTES}.
 */
export type Exchange = (url: URL, request: VendorRequest) => Promise<VendorAnswer>;

/** Far above any page of history; compressed answers are measured as they unfold. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Exchanges over connections of its own, under the rules of `environment`. They reject with `ERR_ADDRESS_REFUSED` for an address that is not allowed. */
export function openExchange(environment: Environment): Exchange {
  const rules = outgoingRulesOf(environment);
  const agents = guardedAgents(rules);
  return async (url, request) => {
    if (faultOf(url.href, rules)) throw refused('ERR_ADDRESS_REFUSED', 'the address is not allowed');
    const response = await begin(url, request, agents);
    return {
      status: response.statusCode ?? 0,
      headers: headersOf(response),
      text: await textOf(response),
    };
  };
}

/** What is sent where the request does not say otherwise. */
const STANDARD = { accept: '*/*', 'user-agent': 'tickwire' };

/** Yahoo sends more than the 16 kB that Node takes by itself. */
const MAX_HEADER_BYTES = 65_536;

function begin(
  url: URL,
  { method = 'GET', headers = {}, body, signal }: VendorRequest,
  agents: GuardedAgents,
): Promise<IncomingMessage> {
  const [open, agent] = url.protocol === 'https:' ? [requestHttps, agents['https:']] : [requestHttp, agents['http:']];
  // Through `Headers`, which takes names in any case and trims values.
  const asked = new Headers(Object.entries({ ...STANDARD, ...Object.fromEntries(new Headers(headers)) }));
  asked.set('accept-encoding', 'gzip');
  return new Promise((resolve, reject) => {
    const request = open(url, {
      method,
      headers: Object.fromEntries(asked),
      agent,
      signal,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    request.once('response', resolve);
    request.on('error', reject);
    request.end(body);
  });
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  return headers;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of unfolded(response)) {
    bytes += part.length;
    if (bytes > MAX_ANSWER_BYTES) throw refused('ERR_ANSWER_TOO_LARGE', 'the answer is too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function unfolded(response: IncomingMessage): Readable {
  if (response.headers['content-encoding']?.trim().toLowerCase() !== 'gzip') return response;
  const gunzip = createGunzip();
  response.on('error', (error) => gunzip.destroy(error));
  gunzip.on('close', () => response.destroy());
  return response.pipe(gunzip);
}

function refused(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
