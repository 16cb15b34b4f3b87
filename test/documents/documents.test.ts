import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { routesOf } from '../../src/api/routes';
import { currentText, DOCUMENTS } from '../../src/documents/documents';
import { MODELS } from '../../src/models';
import { temporaryFolder } from '../support/temporary-folder';

interface PostmanRequest {
  readonly method: string;
  readonly header: readonly { key: string; value: string; disabled?: boolean }[];
  readonly url: {
    readonly raw: string;
    readonly query: readonly { key: string; value: string; disabled: boolean }[];
    readonly variable: readonly { key: string; value: string }[];
  };
  readonly body?: { readonly raw: string };
}

interface PostmanCollection {
  readonly info: { readonly schema: string };
  readonly variable: readonly { key: string; value: string }[];
  readonly item: readonly { readonly item: readonly { readonly name: string; readonly request: PostmanRequest }[] }[];
}

const ROOT = join(__dirname, '../..');

/** In a process of its own: jest cannot load the generator of types. */
function generate(name: string, folder: string): void {
  const script = join(ROOT, 'scripts', `generate-${name}.ts`);
  execFileSync(process.execPath, ['-r', require.resolve('esbuild-register'), script], { cwd: folder });
}

test.each(Object.entries(DOCUMENTS))('what was generated for %s is what the routes of today give', (name, { file }) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, dirname(file)), { recursive: true });

  generate(name, folder);

  const isCurrent = readFileSync(join(folder, file), 'utf8') === readFileSync(join(ROOT, file), 'utf8');
  // The texts themselves are too long to be compared by eye.
  expect([isCurrent, `npm run generate:${name}`]).toEqual([true, `npm run generate:${name}`]);
});

test('the Postman collection is the same each time it is made', async () => {
  expect(await currentText(DOCUMENTS.postman)).toBe(await currentText(DOCUMENTS.postman));
});

describe('the Postman collection', () => {
  let collection: PostmanCollection;
  let requests: readonly PostmanRequest[];

  beforeAll(async () => {
    collection = JSON.parse(await currentText(DOCUMENTS.postman));
    requests = collection.item.flatMap(({ item }) => item.map(({ request }) => request));
  });

  it('has every route once, and one variable that says where to', () => {
    const routes = routesOf('1.2.3', MODELS).map(({ method, path }) => `${method.toUpperCase()} ${path}`);

    const covered = requests.map(({ method, url }) => {
      const path = url.raw.replace('{{baseUrl}}', '').split('?')[0]!;
      return `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`;
    });

    expect(covered.sort()).toEqual(routes.sort());
    expect(collection.variable).toEqual([{ key: 'baseUrl', value: 'http://127.0.0.1:8000' }]);
    expect(collection.info.schema).toContain('v2.1.0');
  });

  it('has requests whose address and body parse once the variables are filled in', () => {
    for (const { url, body, header } of requests) {
      const filled = url.variable.reduce((text, { key, value }) => text.replace(`:${key}`, value), url.raw);
      const address = new URL(filled.replace('{{baseUrl}}', 'http://127.0.0.1:8000'));
      const enabled = url.query.filter(({ disabled }) => !disabled).map(({ key, value }) => [key, value]);

      expect(address.pathname).not.toMatch(/[:{}]/);
      expect([...address.searchParams]).toEqual(enabled);
      if (body) expect(JSON.parse(body.raw)).toEqual(expect.any(Object));
      for (const { value, disabled } of header) expect(value === '').toBe(disabled ?? false);
    }
  });

  it('has nothing that its converter made up', () => {
    const text = JSON.stringify(collection);

    expect(text).not.toMatch(/"(_postman_id|id|response|event)":/);
    for (const { url } of requests) {
      for (const { value, disabled } of url.query)
        expect([value === '', value]).toEqual([disabled, expect.any(String)]);
    }
  });
});
