import { z } from 'zod';
import { messageOf, TickwireError } from '../platform/errors';

/** How long an answer may take: longer than any provider is given. */
const TIMEOUT_MS = 30_000;

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses of 400 and above whose body is an answer, not a problem. */
  readonly accept?: readonly number[];
}

/** The HTTP API, as far as the command line needs it. */
export interface ApiClient {
  /**
   * The JSON of the answer that fits `schema`; null for an empty one.
   * @throws the problem's detail and errors when the API refuses; ENGINE_UNAVAILABLE when it does not answer; TIMEOUT; INTERNAL when the answer does not fit.
   */
  request<Answer>(path: string, schema: z.ZodType<Answer>, request?: ApiRequest): Promise<Answer>;
  /** The bytes of a file. @throws as `request`. */
  download(path: string): Promise<Uint8Array>;
}

const problemSchema = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

/** A client of the API at `baseUrl`; every request ends when `signal` aborts. */
export function openApiClient(baseUrl: string, signal: AbortSignal): ApiClient {
  return {
    request: async (path, schema, request = {}) => {
      const response = await answerOf(baseUrl, path, request, signal);
      const json = await jsonOf(response, baseUrl);
      if (!response.ok && !request.accept?.includes(response.status)) throw problemOf(response.status, json, baseUrl);
      const parsed = schema.safeParse(json);
      if (parsed.success) return parsed.data;
      const [issue] = parsed.error.issues;
      throw new TickwireError('INTERNAL', `${unexpected(baseUrl)} (${issue?.path.join('.')}: ${issue?.message})`);
    },
    download: async (path) => {
      const response = await answerOf(baseUrl, path, {}, signal);
      if (!response.ok) throw problemOf(response.status, await jsonOf(response, baseUrl), baseUrl);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

async function answerOf(baseUrl: string, path: string, request: ApiRequest, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(urlOf(baseUrl, path, request.query), {
      method: request.method ?? 'GET',
      headers: { accept: 'application/json', ...contentOf(request.body), ...request.headers },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'TimeoutError') {
      throw new TickwireError('TIMEOUT', `the API at ${baseUrl} did not answer within ${TIMEOUT_MS / 1000} s`, {
        cause,
      });
    }
    throw new TickwireError(
      'ENGINE_UNAVAILABLE',
      `the API at ${baseUrl} does not answer; start it with \`npm start\`, or give --api URL`,
      { cause },
    );
  }
}

function contentOf(body: unknown): Record<string, string> {
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

function urlOf(baseUrl: string, path: string, query: ApiRequest['query'] = {}): URL {
  const url = new URL(path.slice(1), baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

async function jsonOf(response: Response, baseUrl: string): Promise<unknown> {
  try {
    const text = await response.text();
    return text === '' ? null : JSON.parse(text);
  } catch (cause) {
    throw new TickwireError('INTERNAL', `${unexpected(baseUrl)} (${messageOf(cause)})`, { cause });
  }
}

/** A refusal in the words of the API: its detail, then what is wrong where. */
function problemOf(status: number, json: unknown, baseUrl: string): TickwireError {
  const problem = problemSchema.safeParse(json).data ?? {};
  const said = problem.detail ?? problem.title ?? `the API at ${baseUrl} answered ${status}`;
  const faults = (problem.errors ?? []).map(({ path, message }) => `${path}: ${message}`);
  const code = status < 500 ? 'INVALID_INPUT' : 'INTERNAL';
  return new TickwireError(code, faults.length > 0 ? `${said} (${faults.join('; ')})` : said);
}

function unexpected(baseUrl: string): string {
  return `${baseUrl} answered something that is not tickwire's API; is another program on that port?`;
}
