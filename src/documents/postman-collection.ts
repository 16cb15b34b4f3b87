import { convertV2 } from 'openapi-to-postmanv2';
import { z } from 'zod';
import type { OpenApiDocument } from '../api/openapi';

const descriptionSchema = z.object({ content: z.string().optional() }).transform(({ content }) => content);
const valueSchema = z.object({ key: z.string(), value: z.string(), description: descriptionSchema.optional() });
const requestSchema = z.object({
  method: z.string(),
  description: descriptionSchema.optional(),
  header: z.array(valueSchema),
  url: z.object({
    host: z.array(z.string()),
    path: z.array(z.string()),
    query: z.array(valueSchema),
    variable: z.array(valueSchema),
  }),
  body: z.object({ mode: z.string().optional(), raw: z.string().optional() }),
});
const convertedSchema = z.object({
  info: z.object({ name: z.string(), schema: z.string(), description: descriptionSchema }),
  item: z.array(
    z.object({
      name: z.string(),
      description: z.string().optional(),
      item: z.array(z.object({ name: z.string(), request: requestSchema })),
    }),
  ),
});

type ConvertedRequest = z.infer<typeof requestSchema>;
type Value = z.infer<typeof valueSchema>;

/** Where the collection sends to until somebody says otherwise. */
const BASE_URL = 'http://127.0.0.1:8000';

/**
 * A Postman collection (2.1) of every operation of `document`, as text that changes only with the document: the converter's ids, made-up values and made-up
 * answers are left out. A parameter is filled in where the document gives an example or a default, else it is switched off; so every request works as it is sent.
 */
export async function postmanCollectionOf(document: OpenApiDocument): Promise<string> {
  const { info, item: folders } = convertedSchema.parse(await converted(document));
  const collection = {
    info,
    item: folders.map(({ name, description, item }) => ({
      name,
      description,
      item: item.map(({ name: title, request }) => ({ name: title, request: requestOf(request, document) })),
    })),
    variable: [{ key: 'baseUrl', value: BASE_URL }],
  };
  return `${JSON.stringify(collection, null, 2)}\n`;
}

function converted(document: OpenApiDocument): Promise<unknown> {
  // It changes what it is given.
  const data = JSON.parse(JSON.stringify(document));
  const options = { folderStrategy: 'Tags', parametersResolution: 'Example' } as const;
  return new Promise((resolve, reject) =>
    convertV2({ type: 'json', data }, options, (error, result) => {
      if (error || !result?.result) reject(error ?? new Error(result?.reason));
      else resolve(result.output?.[0]?.data);
    }),
  );
}

function requestOf(request: ConvertedRequest, document: OpenApiDocument): object {
  const { method, url, header, body, description } = request;
  const given = givenValuesOf(request, document);
  const query = url.query.map((value) => switched(value, given));
  const enabled = query.filter(({ disabled }) => !disabled).map(({ key, value }) => `${key}=${value}`);
  const address = [...url.host, ...url.path].join('/');
  return {
    method,
    ...(description !== undefined && { description }),
    header: header.map((value) => (STANDARD_HEADERS.has(value.key) ? value : switched(value, given))),
    url: {
      raw: enabled.length > 0 ? `${address}?${enabled.join('&')}` : address,
      host: url.host,
      path: url.path,
      query,
      variable: url.variable,
    },
    ...(body.raw !== undefined && { body: { mode: 'raw', raw: body.raw, options: { raw: { language: 'json' } } } }),
  };
}

const STANDARD_HEADERS: ReadonlySet<string> = new Set(['Accept', 'Content-Type']);

/** What `document` itself says a parameter may be, by the parameter's name. */
type GivenValues = ReadonlyMap<string, string>;

function switched({ key, description }: Value, given: GivenValues) {
  const value = given.get(key);
  return { key, value: value ?? '', ...(description !== undefined && { description }), disabled: value === undefined };
}

const parametersSchema = z.array(
  z.object({
    name: z.string(),
    schema: z.object({ example: z.unknown(), default: z.unknown() }).partial().optional(),
  }),
);

function givenValuesOf({ method, url }: ConvertedRequest, document: OpenApiDocument): GivenValues {
  const path = `/${url.path.join('/').replaceAll(/:(\w+)/g, '{$1}')}`;
  const item: Readonly<Record<string, unknown>> = { ...document.paths?.[path] };
  const { parameters } = z.object({ parameters: z.unknown() }).partial().parse(item[method.toLowerCase()]);
  return new Map(
    parametersSchema.parse(parameters ?? []).flatMap(({ name, schema = {} }): [string, string][] => {
      const value = schema.example ?? schema.default;
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
}
