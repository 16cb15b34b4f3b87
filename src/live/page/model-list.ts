import type { Schema } from './schema-form';
import { isRecord } from './wire';

/** A model as the service documents it. */
export interface ModelOffer {
  readonly name: string;
  readonly title: string;
  readonly schema: Schema;
  readonly examples: readonly { readonly title: string; readonly params: unknown }[];
}

export interface OfferedModels {
  readonly models: readonly ModelOffer[];
  /** The part of the document that a `$ref` names; empty where there is none. */
  refer(reference: string): Schema;
}

const MODEL_PATH = /^\/api\/v1\/([a-z0-9-]+)$/;

/** The models that an OpenAPI document offers: each POST right under `/api/v1/` with the tag `models`. */
export function modelsOf(document: unknown): OfferedModels {
  const paths = Object.entries(recordAt(document, ['paths']));
  return {
    models: paths.flatMap(([path, item]) => {
      const [, name] = MODEL_PATH.exec(path) ?? [];
      const post = recordAt(item, ['post']);
      const body = recordAt(post, ['requestBody', 'content', 'application/json']);
      const isModel = Array.isArray(post.tags) && post.tags.includes('models');
      if (name === undefined || !isModel || !isRecord(body.schema)) return [];
      const examples = Object.entries(recordAt(body, ['examples'])).map(([title, one]) => ({
        title,
        params: isRecord(one) ? one.value : undefined,
      }));
      return [{ name, title: typeof post.summary === 'string' ? post.summary : name, schema: body.schema, examples }];
    }),
    refer: (reference) => recordAt(document, reference.replace(/^#\//, '').split('/')),
  };
}

function recordAt(value: unknown, path: readonly string[]): Schema {
  const there = path.reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), value);
  return isRecord(there) ? there : {};
}
