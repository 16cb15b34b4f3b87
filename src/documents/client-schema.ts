import type { OpenAPI3 } from 'openapi-typescript';
import type { OpenApiDocument } from '../api/openapi';

const HEADER = `// Made from the OpenAPI document of the API by \`npm run generate:client\`. Do not edit.
`;

const MODEL_PATH = /^\/api\/v1\/([a-z][a-z0-9-]*)$/;

/** The source of `src/client/schema.ts`: the types of every route of `document`, and the names of the models that have one. */
export async function clientSchemaOf(document: OpenApiDocument): Promise<string> {
  const { default: openapiTypescript, astToString } = await import('openapi-typescript');
  // It adds to what it is given.
  const copy: OpenAPI3 = JSON.parse(JSON.stringify(document));
  const types = astToString(await openapiTypescript(copy, { defaultNonNullable: false }));
  const models = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    item.post?.tags?.includes('models') ? (MODEL_PATH.exec(path)?.slice(1) ?? []) : [],
  );
  const names = models.map((name) => `'${name}'`).join(', ');
  return `${HEADER}${types}\n/** The models that have a route. */\nexport const MODEL_NAMES = [${names}] as const;\n`;
}
