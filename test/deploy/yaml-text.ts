import { parseAllDocuments } from 'yaml';

/** A value of a file: every scalar is its text, so `8000` and `true` are texts too, and an empty value is the empty text. */
export type YamlValue = string | readonly YamlValue[] | YamlMap;
export interface YamlMap {
  readonly [key: string]: YamlValue;
}

/** The documents of a file that are not empty. @throws what the parser says, with the line, for anything that is wrong or doubtful. */
export function parseYaml(text: string): YamlValue[] {
  const documents = parseAllDocuments(text, { schema: 'failsafe', merge: true, uniqueKeys: true });
  return [...documents].flatMap((document) => {
    const [fault] = [...document.errors, ...document.warnings];
    if (fault) throw fault;
    const value = emptied(document.toJS({ maxAliasCount: -1 }));
    return value === '' ? [] : [value];
  });
}

/** What has no value is the empty text. */
function emptied(value: unknown): YamlValue {
  if (Array.isArray(value)) return value.map(emptied);
  if (typeof value !== 'object' || value === null) return value === null || value === undefined ? '' : String(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, emptied(inner)]));
}

/** The same for a file of one document that is a map. */
export function parseYamlMap(text: string): YamlMap {
  return mapOf(parseYaml(text)[0] ?? '');
}

/** The value as a map; an empty one where it is none. */
export function mapOf(value: YamlValue | undefined): YamlMap {
  return isMap(value) ? value : {};
}

/** The value as a list; an empty one where it is none. */
export function listOf(value: YamlValue | undefined): readonly YamlValue[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a text; an empty one where it is none. */
export function textOf(value: YamlValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** What lies at the end of a path of keys. */
export function valueAt(value: YamlValue | undefined, ...path: readonly string[]): YamlValue | undefined {
  return path.reduce<YamlValue | undefined>((at, key) => mapOf(at)[key], value);
}

function isMap(value: YamlValue | undefined): value is YamlMap {
  return typeof value === 'object' && !Array.isArray(value);
}
