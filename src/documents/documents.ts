import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OpenApiDocument, openApiDocument } from '../api/openapi';
import { routesOf } from '../api/routes';
import { MODELS } from '../models';
import { productVersion } from '../platform/version';
import { clientSchemaOf } from './client-schema';
import { postmanCollectionOf } from './postman-collection';

/** A file of the source tree that is made from the API's own description. */
export interface GeneratedDocument {
  /** Below the project's folder. */
  readonly file: string;
  textOf(document: OpenApiDocument): Promise<string>;
}

export const DOCUMENTS = {
  client: { file: 'src/client/schema.ts', textOf: clientSchemaOf },
  postman: { file: 'docs/tickwire.postman_collection.json', textOf: postmanCollectionOf },
} satisfies Readonly<Record<string, GeneratedDocument>>;

/** What the routes of this moment make of it. */
export function currentText({ textOf }: GeneratedDocument): Promise<string> {
  const version = productVersion();
  return textOf(openApiDocument(routesOf(version, MODELS), version));
}

/** Writes it into the project in `folder`. */
export async function writeDocument(document: GeneratedDocument, folder: string): Promise<void> {
  await writeFile(join(folder, document.file), await currentText(document));
}
