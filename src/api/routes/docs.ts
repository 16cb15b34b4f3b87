import swaggerUi from 'swagger-ui-express';
import { z } from 'zod';
import { type Answer, json } from '../answer';
import { type AsyncApiDocument, asyncApiDocument } from '../async-api';
import { ASYNC_API_ALLOWED, asyncApiPage } from '../async-api-page';
import { DOCS_ALLOWED } from '../content-security';
import type { OpenApiDocument } from '../openapi';
import { defineRoute, type Route } from '../route';

/** Where the files of the docs pages are served from, by `docs-assets.ts`. */
export const SWAGGER_ASSETS = '/docs';
export const REDOC_BUNDLE = '/redoc/redoc.standalone.js';

/** The documentation of routes that include these, and of topics and sockets. `document` is asked for when it is first needed. */
export function docsRoutes(document: () => OpenApiDocument, version: string): readonly Route[] {
  let made: AsyncApiDocument | undefined;
  const ofTopics = () => {
    made ??= asyncApiDocument(version);
    return made;
  };
  return [openApi(document), docs, redoc, asyncApi(ofTopics), asyncApiDocs(ofTopics)];
}

const openApi = (document: () => OpenApiDocument) =>
  defineRoute({
    method: 'get',
    path: '/openapi.json',
    access: 'public',
    tag: 'service',
    summary: 'This description, as OpenAPI 3.1',
    request: {},
    answers: {
      200: {
        description: 'The description',
        content: { 'application/json': { schema: z.looseObject({ openapi: z.string() }) } },
      },
    },
    problems: [],
    handle: () => json(document()),
  });

const PAGE = { 200: { description: 'A page', content: { 'text/html': { schema: z.string() } } } };

const docs = defineRoute({
  method: 'get',
  path: '/docs',
  access: 'public',
  tag: 'service',
  summary: 'This description to try out, in Swagger UI',
  request: {},
  answers: PAGE,
  problems: [],
  handle: () => docsPage(SWAGGER_PAGE),
});

const redoc = defineRoute({
  method: 'get',
  path: '/redoc',
  access: 'public',
  tag: 'service',
  summary: 'This description to read, in ReDoc',
  request: {},
  answers: PAGE,
  problems: [],
  handle: () => docsPage(REDOC_PAGE),
});

const asyncApi = (document: () => AsyncApiDocument) =>
  defineRoute({
    method: 'get',
    path: '/asyncapi.json',
    access: 'public',
    tag: 'service',
    summary: 'Topics and sockets, as AsyncAPI 3.0',
    request: {},
    answers: {
      200: {
        description: 'The description',
        content: { 'application/json': { schema: z.looseObject({ asyncapi: z.string() }) } },
      },
    },
    problems: [],
    handle: () => json(document()),
  });

const asyncApiDocs = (document: () => AsyncApiDocument) =>
  defineRoute({
    method: 'get',
    path: '/asyncapi',
    access: 'public',
    tag: 'service',
    summary: 'Topics and sockets to read',
    request: {},
    answers: PAGE,
    problems: [],
    handle: () => ({
      status: 200,
      contentType: 'text/html; charset=utf-8',
      headers: { 'Content-Security-Policy': ASYNC_API_ALLOWED },
      body: asyncApiPage(document()),
    }),
  });

/** Its files by absolute address, so that the page works with and without a slash at its end. */
const SWAGGER_PAGE = swaggerUi
  .generateHTML(undefined, { customSiteTitle: 'tickwire API' })
  .replaceAll('"./', `"${SWAGGER_ASSETS}/`);

const REDOC_PAGE = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>tickwire API</title>
<style>body { margin: 0; }</style>
</head>
<body>
<redoc spec-url="/openapi.json"></redoc>
<script src="${REDOC_BUNDLE}"></script>
</body>
</html>
`;

function docsPage(body: string): Answer {
  return {
    status: 200,
    contentType: 'text/html; charset=utf-8',
    headers: { 'Content-Security-Policy': DOCS_ALLOWED },
    body,
  };
}
