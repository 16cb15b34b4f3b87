import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type ResponseConfig,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { type ProblemCode, problemAnswer, problemSchema, statusOf, titleOf } from './errors';
import type { DocumentedAnswer, Route } from './route';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

const TAGS = [
  { name: 'prices', description: 'Latest prices, averages, history' },
  { name: 'history', description: 'Bars and corporate actions' },
  { name: 'reference', description: 'Instruments, their spellings, news' },
  { name: 'polling', description: 'What is fetched again and again' },
  { name: 'tickers', description: 'The newest price of a symbol from any provider' },
  { name: 'models', description: 'Model jobs: asynchronous, durable, reproducible' },
  { name: 'access', description: 'API keys, tickets, and who changed what' },
  { name: 'service', description: 'The service itself' },
];

/** The ways a caller says who it is. */
const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', description: 'An API key, `tw_…`, as `Authorization: Bearer`' },
  apiKeyHeader: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key in a header of its own' },
  ticket: { type: 'apiKey', in: 'query', name: 'ticket', description: 'From POST /api/v1/tickets, good once' },
} as const;

/** OpenAPI 3.1, made from the very objects that validate and answer. */
export function openApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES)) {
    registry.registerComponent('securitySchemes', name, scheme);
  }
  for (const route of routes) registry.registerPath(pathOf(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'tickwire',
      version,
      description:
        'A Kafka-centric event-streaming pipeline for market data. Every 4xx and 5xx is `application/problem+json` (RFC 9457); its `instance` is ' +
        'the request id, which every answer carries as `X-Request-Id`. Operations name the scope a key needs for them; where no keys are required they are open.',
    },
    servers: [{ url: '/' }],
    tags: TAGS,
  });
}

function pathOf(route: Route): RouteConfig {
  const { method, path, tag, summary, description, request, answers } = route;
  const answered = Object.entries(answers).map(([status, answer]) => [status, answerConfig(answer)]);
  return {
    method,
    path,
    operationId: operationIdOf(method, path),
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: securityOf(route),
    request: {
      ...parameters('params', request.params),
      ...parameters('query', request.query),
      ...parameters('headers', request.headers),
      ...(request.body && {
        body: {
          required: !request.body.safeParse(undefined).success,
          content: { 'application/json': bodyOf(request.body, route) },
        },
      }),
    },
    responses: Object.fromEntries([...answered, ...problemConfigs(problemsOf(route))]),
  };
}

function parameters(part: 'params' | 'query' | 'headers', schema: z.ZodType | undefined) {
  return schema instanceof z.ZodObject ? { [part]: schema } : {};
}

function bodyOf(schema: z.ZodType, { bodyExamples = {} }: Route) {
  const examples = Object.entries(bodyExamples).map(([title, value]) => [title, { value }]);
  return { schema, ...(examples.length > 0 && { examples: Object.fromEntries(examples) }) };
}

function operationIdOf(method: string, path: string): string {
  return [method, ...(path.match(/\w+/g) ?? ['home'])].join('_');
}

function answerConfig({ description, content, headers = {} }: DocumentedAnswer): ResponseConfig {
  const documented = Object.entries(headers).map(([name, meaning]) => [
    name,
    { description: meaning, schema: { type: 'string' as const } },
  ]);
  return {
    description,
    ...(content && { content: { ...content } }),
    ...(documented.length > 0 && { headers: Object.fromEntries(documented) }),
  };
}

/** One of these; the scope stands as the role that OpenAPI 3.1 allows schemes other than OAuth to name. None where everybody may. */
function securityOf({ access, takesTickets }: Route): Record<string, string[]>[] {
  if (access === 'public' || access === 'probe') return [];
  const schemes = ['bearer', 'apiKeyHeader', ...(takesTickets ? ['ticket'] : [])];
  return schemes.map((scheme) => ({ [scheme]: [access] }));
}

/** What whoever is not let in is told. */
const OF_ACCESS: Readonly<Record<'public' | 'probe' | 'scope', readonly ProblemCode[]>> = {
  probe: [],
  public: ['RATE_LIMITED'],
  // A key is looked up in the database.
  scope: ['UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED', 'STORE_UNAVAILABLE'],
};

/** With those that every route may answer. */
function problemsOf({ method, access, problems }: Route): readonly ProblemCode[] {
  const ofAccess = OF_ACCESS[access === 'public' || access === 'probe' ? access : 'scope'];
  const ofBodies: ProblemCode[] =
    method === 'post' || method === 'patch' ? ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] : [];
  return [...new Set<ProblemCode>(['INVALID_INPUT', ...ofAccess, ...problems, ...ofBodies, 'INTERNAL'])];
}

/** One response for each status, naming the codes that share it. */
function problemConfigs(codes: readonly ProblemCode[]): [string, ResponseConfig][] {
  const statuses = [...new Set(codes.map(statusOf))];
  return statuses.map((status) => {
    const sharing = codes.filter((code) => statusOf(code) === status);
    const examples = Object.fromEntries(sharing.map((code) => [code, { value: exampleOf(code) }]));
    const description = sharing.map((code) => `\`${code}\``).join(', ');
    return [
      String(status),
      { description, content: { 'application/problem+json': { schema: problemSchema, examples } } },
    ];
  });
}

function exampleOf(code: ProblemCode): unknown {
  const requestId = '5f1f2b1c-6a53-4f3c-9a51-0d9c1f0b7a10';
  const members = code === 'INVALID_INPUT' ? { errors: [{ path: 'symbol', message: 'expected a symbol' }] } : {};
  const { body } = problemAnswer({ code, detail: titleOf(code), requestId, members });
  return typeof body === 'string' ? JSON.parse(body) : undefined;
}
