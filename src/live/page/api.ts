import { heldKey, isLocked, lock, tellLacking } from './access';
import { isRecord } from './wire';

const TIMEOUT_MS = 10_000;
/** Clocks that differ by less agree, as far as a header in seconds can tell. */
const CLOCK_TOLERANCE_MS = 2_000;

let aheadMs = 0;

/** The service's now, epoch milliseconds: this machine's clock, set right where the service's answers show that it is wrong. */
export function now(): number {
  return Date.now() + aheadMs;
}

/** What the service answered in place of what was asked: its own words, and the parameter they are about. */
export class Refusal extends Error {
  readonly path: string | undefined;

  constructor(message: string, path?: string) {
    super(message);
    this.path = path;
  }
}

/** Asks the service; `body` is sent as JSON. @throws Refusal with a sentence for a person. */
export async function ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await request(method, path, body);
  const text = await answer.text();
  const value: unknown = text === '' ? undefined : parsed(text);
  if (answer.ok) return value as Answer;
  // What is not just looked at, somebody wanted, and is told where they did.
  if (method === 'GET' && isRecord(value) && value.code === 'FORBIDDEN') tellLacking(String(value.detail));
  throw refusalOf(value, answer.status);
}

/** The bytes of a file. @throws as {@link ask}. */
export async function fetchFile(path: string): Promise<Blob> {
  const answer = await request('GET', path, undefined);
  if (!answer.ok) throw refusalOf(parsed(await answer.text()), answer.status);
  return answer.blob();
}

/** Whether the service accepts this key, whatever it may do. @throws Refusal where the service did not judge it. */
export async function isAccepted(key: string): Promise<boolean> {
  const { status, ok } = await send('POST', '/api/v1/tickets', { key });
  if (status === 401) return false;
  if (ok || status === 403) return true;
  throw new Refusal(`the service answered ${status}`);
}

/** The same where nothing but an answer is wanted: also what came with a refusal, as /health does while it is ill. */
export async function look<Answer>(path: string): Promise<Answer> {
  const answer = await request('GET', path, undefined);
  return (await answer.json()) as Answer;
}

/** With the key of this tab. A service that wants another one is not asked again, since each such request counts against this address. */
async function request(method: string, path: string, body: unknown): Promise<Response> {
  if (isLocked()) throw new Refusal('the service wants an API key');
  const answer = await send(method, path, { key: heldKey(), body });
  if (answer.status === 401) lock();
  return answer;
}

interface Sent {
  readonly key: string | undefined;
  readonly body?: unknown;
}

async function send(method: string, path: string, { key, body }: Sent): Promise<Response> {
  const askedMs = Date.now();
  const answer = await fetch(path, {
    method,
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      accept: 'application/json',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Refusal('the service does not answer');
  });
  setClock(answer.headers.get('date'), askedMs);
  return answer;
}

/** The header is cut to whole seconds, so its moment lies half a second later on average. */
function setClock(date: string | null, askedMs: number): void {
  const told = Date.parse(date ?? '') + 500;
  const difference = told - (askedMs + Date.now()) / 2;
  if (Number.isNaN(difference)) return;
  aheadMs = Math.abs(difference) > CLOCK_TOLERANCE_MS ? difference : 0;
}

function refusalOf(problem: unknown, status: number): Refusal {
  if (!isRecord(problem)) return new Refusal(`the service answered ${status}`);
  const [fault] = Array.isArray(problem.errors) ? problem.errors.filter(isRecord) : [];
  if (fault) return new Refusal(String(fault.message), String(fault.path));
  return new Refusal(String(problem.detail ?? problem.title ?? `the service answered ${status}`));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One sentence of whatever was thrown. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Refusal)) return 'something on this page failed; reload it';
  return error.path ? `${error.path}: ${error.message}` : error.message;
}
