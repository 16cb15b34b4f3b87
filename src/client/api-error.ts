/** One thing that is wrong with a request, and where. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** The code of an answer that no tickwire gave: another program listens there, or something stands in between. */
export const UNEXPECTED_ANSWER = 'UNEXPECTED_ANSWER';

export interface ApiErrorParts {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly faults?: readonly Fault[];
  readonly requestId?: string | null;
  readonly retryAfterMs?: number | undefined;
  readonly body?: unknown;
}

/** What the API refused, from its problem document (RFC 9457). `message` is the detail, then what is wrong where. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Of HTTP. */
  readonly status: number;
  /** As the documentation lists it for the route, `HTTP_502` where no problem came with the status, or {@link UNEXPECTED_ANSWER}. */
  readonly code: string;
  /** What, where, expected, got. */
  readonly detail: string;
  /** Everything that is wrong with the input. */
  readonly faults: readonly Fault[];
  /** To be named to whoever runs the service. */
  readonly requestId: string | null;
  /** How long to wait before the same again, where the service says so; milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The whole answer: a problem may have members of its own, as that of `/health` has. */
  readonly body: unknown;

  constructor({ status, code, detail, faults = [], requestId = null, retryAfterMs, body }: ApiErrorParts) {
    super(faults.length > 0 ? `${detail} (${faults.map(sentenceOf).join('; ')})` : detail);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.faults = faults;
    this.requestId = requestId;
    this.retryAfterMs = retryAfterMs;
    this.body = body;
  }
}

/** The error that an answer of 400 and above tells. Reads its body. */
export async function toApiError(response: Response, baseUrl: string): Promise<ApiError> {
  const body = await bodyOf(response);
  const text = (name: string) => (typeof body[name] === 'string' ? body[name] : undefined);
  return new ApiError({
    status: response.status,
    code: text('code') ?? `HTTP_${response.status}`,
    detail: text('detail') ?? text('title') ?? `the API at ${baseUrl} answered ${response.status}`,
    faults: faultsOf(body.errors),
    requestId: text('instance') ?? response.headers.get('x-request-id'),
    retryAfterMs: retryAfterOf(response),
    body,
  });
}

/** An answer of another program. */
export function unexpectedAnswer({ status }: Response, baseUrl: string): ApiError {
  const detail = `${baseUrl} answered something that is not tickwire's API; is another program on that port?`;
  return new ApiError({ status, code: UNEXPECTED_ANSWER, detail });
}

async function bodyOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  try {
    const body: unknown = JSON.parse(await response.text());
    return isObject(body) ? body : {};
  } catch {
    return {};
  }
}

function faultsOf(errors: unknown): readonly Fault[] {
  const isFault = (each: unknown): each is Fault =>
    isObject(each) && typeof each.path === 'string' && typeof each.message === 'string';
  return Array.isArray(errors) ? errors.filter(isFault) : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function retryAfterOf({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

function sentenceOf({ path, message }: Fault): string {
  return `${path}: ${message}`;
}
