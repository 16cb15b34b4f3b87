import { z } from 'zod';
import { type ErrorCode, messageOf, TickwireError, toTickwireError } from '../platform/errors';
import { type Answer, json } from './answer';

/** Codes that only HTTP knows, beside those of the product. */
type HttpCode =
  | 'METHOD_NOT_ALLOWED'
  | 'REQUEST_TIMEOUT'
  | 'TOO_MANY_CONNECTIONS'
  | 'BODY_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'HEADERS_TOO_LARGE';

export type ProblemCode = ErrorCode | HttpCode;

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** Said instead of the error's own message, where that may hold what a caller must not see. */
  readonly detail?: string;
}

const UNEXPECTED = 'an unexpected fault; the log of the service says more under this request id';
const DATABASE_AWAY = 'the database does not answer; try again in a moment';

/** The one place where a code meets an HTTP status. */
const KINDS: Readonly<Record<ProblemCode, ProblemKind>> = {
  INVALID_INPUT: { status: 400, title: 'Invalid input' },
  PROVIDER_UNKNOWN: { status: 400, title: 'Unknown provider' },
  UNAUTHENTICATED: { status: 401, title: 'No valid API key' },
  FORBIDDEN: { status: 403, title: 'Not allowed' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  AVERAGE_NOT_READY: { status: 404, title: 'Average not ready' },
  SYMBOL_UNKNOWN: { status: 404, title: 'Unknown symbol' },
  HISTORY_MISSING: { status: 422, title: 'No stored history' },
  MODEL_UNKNOWN: { status: 404, title: 'Unknown model' },
  MODEL_INPUT_UNUSABLE: { status: 422, title: 'Input cannot carry the model' },
  MODEL_FAILED: { status: 500, title: 'Model failed' },
  JOB_TIMEOUT: { status: 504, title: 'Job timed out' },
  ARTIFACTS_UNAVAILABLE: { status: 503, title: 'Artifacts unavailable' },
  ORIGIN_REFUSED: { status: 403, title: 'Origin refused' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Method not allowed' },
  REQUEST_TIMEOUT: { status: 408, title: 'Request took too long to arrive' },
  CONFLICT: { status: 409, title: 'Conflict' },
  BODY_TOO_LARGE: { status: 413, title: 'Body too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'Unsupported media type' },
  PROVIDER_NOT_CONFIGURED: { status: 422, title: 'Provider not configured' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  PROVIDER_RATE_LIMITED: { status: 429, title: 'Provider rate limit reached' },
  HEADERS_TOO_LARGE: { status: 431, title: 'Headers too large' },
  INTERNAL: { status: 500, title: 'Internal error', detail: UNEXPECTED },
  CONFIG_INVALID: { status: 500, title: 'Internal error', detail: UNEXPECTED },
  EVENT_INVALID: { status: 500, title: 'Internal error', detail: UNEXPECTED },
  STORE_REFUSED: { status: 500, title: 'Internal error', detail: UNEXPECTED },
  BUS_REFUSED: { status: 500, title: 'Internal error', detail: UNEXPECTED },
  CONSUMER_STUCK: { status: 500, title: 'Internal error', detail: UNEXPECTED },
  ENGINE_UNAVAILABLE: { status: 500, title: 'Internal error', detail: UNEXPECTED },
  PROVIDER_UNAVAILABLE: { status: 502, title: 'Provider unavailable' },
  PROVIDER_REFUSED: { status: 502, title: 'Provider refused' },
  QUOTE_INVALID: { status: 502, title: 'Provider answered no valid price' },
  STORE_UNAVAILABLE: { status: 503, title: 'Database unavailable', detail: DATABASE_AWAY },
  STORE_CONFLICT: { status: 503, title: 'Database busy', detail: DATABASE_AWAY },
  CACHE_UNAVAILABLE: {
    status: 503,
    title: 'Cache unavailable',
    detail: 'the cache does not answer; try again in a moment',
  },
  BUS_UNAVAILABLE: { status: 503, title: 'Kafka unavailable', detail: 'Kafka does not answer; try again in a moment' },
  LIVE_FULL: { status: 503, title: 'Too many live connections' },
  TOO_MANY_CONNECTIONS: { status: 503, title: 'Too many connections' },
  PROVIDER_TIMEOUT: { status: 504, title: 'Provider timed out' },
  TIMEOUT: { status: 504, title: 'Timed out' },
};

/** One thing that is wrong with a request, and where. */
export interface InputFault {
  readonly path: string;
  readonly message: string;
}

/** RFC 9457, as every 4xx and 5xx carries it. */
export const problemSchema = z
  .looseObject({
    type: z.string().meta({ description: 'Names the kind of problem' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What, where, expected, got' }),
    instance: z.string().meta({ description: 'The request id, as in X-Request-Id' }),
    code: z.string(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Everything that is wrong with the input' }),
  })
  .meta({ id: 'Problem' });

/** A problem as it is told; `members` are added to it. */
export interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly requestId: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly members?: Readonly<Record<string, unknown>>;
}

export function statusOf(code: ProblemCode): number {
  return KINDS[code].status;
}

export function titleOf(code: ProblemCode): string {
  return KINDS[code].title;
}

/** The answer that tells a problem. */
export function problemAnswer({ code, detail, requestId, headers = {}, members = {} }: Problem): Answer {
  const { status, title } = KINDS[code];
  const type = `urn:tickwire:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  const problem = { type, title, status, detail, instance: requestId, code };
  // Twice: the standard members come first, and none of the added ones replaces them.
  const body = { ...problem, ...members, ...problem };
  return { ...json(body, status, headers), contentType: 'application/problem+json' };
}

/** The answer to a request whose input is wrong: all faults at once. */
export function invalidInput(faults: readonly InputFault[], requestId: string): Answer {
  const detail =
    faults.length === 1
      ? `the request is invalid at ${faults[0]?.path}: ${faults[0]?.message}`
      : `the request is invalid in ${faults.length} places`;
  return problemAnswer({ code: 'INVALID_INPUT', detail, requestId, members: { errors: faults } });
}

/** The answer to any thrown value. */
export function problemOf(thrown: unknown, requestId: string): Answer {
  const parserFault = bodyFaultOf(thrown);
  if (parserFault) return problemAnswer({ ...parserFault, requestId });
  const error = toTickwireError(thrown);
  const headers: Record<string, string> = {};
  const retryAfterMs = error.retryAfterMs ?? (statusOf(error.code) === 503 ? 1000 : undefined);
  if (error.code === 'UNAUTHENTICATED') headers['WWW-Authenticate'] = 'Bearer realm="tickwire"';
  if (retryAfterMs !== undefined) headers['Retry-After'] = String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
  return problemAnswer({ code: error.code, detail: publicDetailOf(error), requestId, headers });
}

/** What a caller may read of an error. */
export function publicDetailOf(error: TickwireError): string {
  return KINDS[error.code].detail ?? error.message;
}

/** Faults that Express and its body parser throw, by their `status`; undefined for anything else. */
function bodyFaultOf(thrown: unknown): Pick<Problem, 'code' | 'detail'> | undefined {
  if (thrown instanceof TickwireError || !(thrown instanceof Error) || !('status' in thrown)) return undefined;
  switch (thrown.status) {
    case 400:
      return { code: 'INVALID_INPUT', detail: malformedDetailOf(thrown) };
    case 413:
      return { code: 'BODY_TOO_LARGE', detail: `body: expected at most ${limitOf(thrown)} bytes` };
    case 415:
      return { code: 'UNSUPPORTED_MEDIA_TYPE', detail: `body: expected JSON in UTF-8, got ${messageOf(thrown)}` };
    default:
      return undefined;
  }
}

function limitOf(error: Error): number {
  return 'limit' in error && typeof error.limit === 'number' ? error.limit : MAX_BODY_BYTES;
}

/** How large a body may be where its route says nothing else: 100 kB. */
export const MAX_BODY_BYTES = 100_000;

function malformedDetailOf(error: Error): string {
  if (error instanceof URIError) return 'path: expected percent-encoded UTF-8, got text that does not decode';
  const type = 'type' in error ? error.type : undefined;
  if (type === 'entity.parse.failed') return 'body: expected a JSON object, got text that does not parse as one';
  return 'body: expected as many bytes as the headers announce, in the announced encoding';
}
