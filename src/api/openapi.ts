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
  { name: 'service', description: 'The service itself' },
];

/** OpenAPI 3.1, made from the very objects that validate and answer. */
export function openApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  for (const route of routes) registry.registerPath(pathOf(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'tickwire',
      version,
      description:
        'A Kafka-centric event-streaming pipeline for market data. Every 4xx and 5xx is `application/problem+json` (RFC 9457); its `instance` is ' +
        'the request id, which every answer carries as `X-Request-Id`.',
    },
    servers: [{ url: '/' }],
    tags: TAGS,
  });
}

function pathOf(route: Route): RouteConfig {
  const { method, path, tag, summary, description, request, answers, problems } = route;
  const answered = Object.entries(answers).map(([status, answer]) => [status, answerConfig(answer)]);
  return {
    method,
    path,
    operationId: operationIdOf(method, path),
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    request: {
      ...parameters('params', request.params),
      ...parameters('query', request.query),
      ...parameters('headers', request.headers),
      ...(request.body && { body: { required: true, content: { 'application/json': bodyOf(request.body, route) } } }),
    },
    responses: Object.fromEntries([...answered, ...problemConfigs(problemsOf(method, problems))]),
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

/** With those that every route may answer. */
function problemsOf(method: Route['method'], problems: readonly ProblemCode[]): readonly ProblemCode[] {
  const ofBodies: ProblemCode[] =
    method === 'post' || method === 'patch' ? ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] : [];
  return [...new Set<ProblemCode>(['INVALID_INPUT', ...problems, ...ofBodies, 'INTERNAL'])];
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
