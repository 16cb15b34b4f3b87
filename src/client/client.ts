import createFetchClient, { type Client, type ClientPathsWithMethod, type MethodResponse } from 'openapi-fetch';
import { toApiError, unexpectedAnswer } from './api-error';
import type { paths } from './schema';

type Method = 'get' | 'post' | 'patch' | 'delete';
type JsonClient = Client<paths, 'application/json'>;

/** The addresses that answer `M`, as the documentation writes them: `/prices/poll/{job_id}`. */
export type PathOf<M extends Method> = ClientPathsWithMethod<JsonClient, M>;

/** The JSON that `M path` answers; undefined where it answers nothing. */
export type AnswerOf<M extends Method, Path extends PathOf<M>> = [MethodResponse<JsonClient, M, Path>] extends [never]
  ? undefined
  : MethodResponse<JsonClient, M, Path>;

/** As `T`, where undefined is the same as left out. */
type Given<T> = { [Name in keyof T]: Record<string, never> extends Pick<T, Name> ? T[Name] | undefined : T[Name] };
type IsOptional<T> = Record<string, never> extends T ? true : false;

type Params<Operation> = Operation extends { parameters: infer Places }
  ? { [Place in keyof Places]: Given<Places[Place]> }
  : never;
type WithParams<Operation> =
  IsOptional<Params<Operation>> extends true ? { params?: Params<Operation> } : { params: Params<Operation> };
type BodyOf<Operation> = Operation extends { requestBody: { content: { 'application/json': infer Body } } }
  ? Given<Body>
  : never;
type WithBody<Operation> = [BodyOf<Operation>] extends [never] ? { body?: never } : { body: BodyOf<Operation> };

/** Parameters and body of one request. */
export type RequestOf<M extends Method, Path extends PathOf<M>> = WithParams<paths[Path][M]> &
  WithBody<paths[Path][M]> & { headers?: Readonly<Record<string, string>>; signal?: AbortSignal };

type Rest<Request> = IsOptional<Request> extends true ? [request?: Request] : [request: Request];

/** A request whose JSON is the answer. @throws ApiError for 400 and above and for answers of other programs; what `fetch` throws. */
export type Call<M extends Method> = <Path extends PathOf<M>>(
  path: Path,
  ...rest: Rest<RequestOf<M, Path>>
) => Promise<AnswerOf<M, Path>>;

/** The HTTP API of tickwire, typed by its own OpenAPI document. */
export interface TickwireClient {
  readonly baseUrl: string;
  readonly get: Call<'get'>;
  readonly post: Call<'post'>;
  readonly patch: Call<'patch'>;
  readonly delete: Call<'delete'>;
  /** The answer itself, its body unread: for files and streams. Name what is wanted in `headers.accept`. @throws as the others. */
  open<Path extends PathOf<'get'>>(path: Path, ...rest: Rest<RequestOf<'get', Path>>): Promise<Response>;
}

export interface ClientOptions {
  /** Where the API is: `http://127.0.0.1:8000`; a path before its routes is kept. */
  readonly baseUrl: string;
  /** Takes the place of the global one: for deadlines, proxies, tests. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** Sent with every request, as `Authorization: Bearer`. Only needed where the service wants one. */
  readonly apiKey?: string | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client of the API at `baseUrl`. It opens nothing that must be closed, and tries nothing twice. @throws TypeError where `apiKey` has not the form of one. */
export function createClient({ baseUrl, fetch, apiKey, headers }: ClientOptions): TickwireClient {
  const client = createFetchClient<paths, 'application/json'>({
    baseUrl,
    headers: { accept: 'application/json', ...authorizationOf(apiKey), ...headers },
    ...(fetch && { fetch }),
  });
  client.use({
    onResponse: async ({ response }) => {
      if (!response.ok) throw await toApiError(response, baseUrl);
      // Every answer of the API carries it.
      if (!response.headers.has('x-request-id')) throw unexpectedAnswer(response, baseUrl);
    },
  });
  // What comes over the wire is believed to be what the document of the API says.
  const untyped = client as unknown as UntypedClient;
  const call = (method: Method) => async (path: string, request?: object) => {
    const { data, response } = await untyped.request(method, path, { ...request, parseAs: 'text' });
    return response.status === 204 ? undefined : jsonOf(data, response, baseUrl);
  };
  return {
    baseUrl,
    get: call('get') as Call<'get'>,
    post: call('post') as Call<'post'>,
    patch: call('patch') as Call<'patch'>,
    delete: call('delete') as Call<'delete'>,
    open: async (path, ...[request]) =>
      (await untyped.request('get', path, { ...request, parseAs: 'stream' })).response,
  };
}

/** What platforms say of a header they refuse quotes the whole of it: a key is looked at before they are. */
const KEY_FORM = /^tw_[a-z0-9]+_[\w-]+$/;

function authorizationOf(apiKey: string | undefined): { authorization?: string } {
  if (apiKey === undefined) return {};
  if (KEY_FORM.test(apiKey)) return { authorization: `Bearer ${apiKey}` };
  throw new TypeError(
    'apiKey: expected a key as the service gives it, tw_<id>_<secret>; what was given has not that form',
  );
}

interface UntypedClient {
  request(method: Method, path: string, request: object): Promise<{ data?: unknown; response: Response }>;
}

function jsonOf(text: unknown, response: Response, baseUrl: string): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    throw unexpectedAnswer(response, baseUrl);
  }
}
