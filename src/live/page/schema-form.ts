import { isRecord } from './wire';

/** A part of a JSON schema that a form understands. */
export type Schema = Readonly<Record<string, unknown>>;

/** How a parameter is asked for: `list` takes values separated by commas, `json` anything else there is. */
export type FieldKind = 'number' | 'text' | 'date' | 'choice' | 'list' | 'json';

/** One parameter of a model. */
export interface FormField {
  /** Where it is in the parameters: `['params', 'long_only']`. */
  readonly path: readonly string[];
  readonly kind: FieldKind;
  readonly isRequired: boolean;
  readonly description: string;
  readonly choices: readonly string[];
  /** Of a number, or of the values of a list. */
  readonly holdsNumbers: boolean;
  /** A list that may also be one value by itself. */
  readonly takesOne: boolean;
  readonly default: unknown;
}

export type Filled =
  | { readonly ok: true; readonly params: Record<string, unknown> }
  | { readonly ok: false; readonly path: string; readonly message: string };

/** The parameters that `schema` describes, nested ones by their path. `refer` finds what a `$ref` names. */
export function fieldsOf(
  schema: Schema,
  refer: (reference: string) => Schema,
  path: readonly string[] = [],
): FormField[] {
  const known = resolved(schema, refer);
  const required = Array.isArray(known.required) ? known.required : [];
  return Object.entries(recordOf(known.properties)).flatMap(([name, property]) => {
    const part = resolved(recordOf(property), refer);
    const here = [...path, name];
    if (part.type === 'object' && isRecord(part.properties)) return fieldsOf(part, refer, here);
    return [fieldOf(part, here, path.length === 0 && required.includes(name))];
  });
}

function fieldOf(part: Schema, path: readonly string[], isRequired: boolean): FormField {
  const kind = kindOf(part);
  const items = kind === 'list' ? recordOf((arrayOf(part) ?? part).items) : part;
  return {
    path,
    kind,
    isRequired,
    description: typeof part.description === 'string' ? part.description : '',
    choices: part.type === 'boolean' ? ['true', 'false'] : strings(part.enum),
    holdsNumbers: isNumeric(items),
    takesOne: Array.isArray(part.anyOf),
    default: part.default,
  };
}

function kindOf(part: Schema): FieldKind {
  if (part.type === 'boolean' || Array.isArray(part.enum)) return 'choice';
  if (isNumeric(part)) return 'number';
  if (part.type === 'string') return part.format === 'date' ? 'date' : 'text';
  const items = recordOf(arrayOf(part)?.items);
  return isNumeric(items) || items.type === 'string' ? 'list' : 'json';
}

/** The array among what a value may be. */
function arrayOf(part: Schema): Schema | undefined {
  if (part.type === 'array') return part;
  const options = Array.isArray(part.anyOf) ? part.anyOf.map(recordOf) : [];
  const isSimple = options.every(({ type, items }) => type !== 'object' && recordOf(items).type !== 'array');
  return isSimple ? options.find(({ type }) => type === 'array') : undefined;
}

/** What a form shows for `value`. */
export function fieldText({ kind }: Pick<FormField, 'kind'>, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (kind === 'list') return (Array.isArray(value) ? value : [value]).join(', ');
  return kind === 'json' ? JSON.stringify(value) : String(value);
}

/** The value at `path`. */
export function valueAt(params: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), params);
}

/** The parameters that were filled in; those left empty are left out. */
export function paramsOf(fields: readonly FormField[], textOf: (field: FormField) => string): Filled {
  const params: Record<string, unknown> = {};
  for (const field of fields) {
    const text = textOf(field).trim();
    const path = field.path.join('.');
    if (text === '' && field.isRequired) return { ok: false, path, message: 'is needed' };
    if (text === '') continue;
    const value = readValue(field, text);
    if (value === undefined) return { ok: false, path, message: EXPECTED[field.kind] };
    place(params, field.path, value);
  }
  return { ok: true, params };
}

const EXPECTED: Readonly<Record<FieldKind, string>> = {
  number: 'expected a number',
  text: 'expected a text',
  date: 'expected a day',
  choice: 'expected one of the choices',
  list: 'expected values separated by commas',
  json: 'expected JSON',
};

function readValue(field: FormField, text: string): unknown {
  switch (field.kind) {
    case 'number':
      return numberOf(text);
    case 'list':
      return listOf(field, text);
    case 'json':
      return jsonOf(text);
    case 'choice':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    default:
      return text;
  }
}

function listOf({ holdsNumbers, takesOne }: FormField, text: string): unknown {
  const parts = text
    .split(holdsNumbers ? /[\s,]+/ : ',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const values: readonly unknown[] = holdsNumbers ? parts.map(numberOf) : parts;
  if (values.length === 0 || values.includes(undefined)) return undefined;
  return takesOne && values.length === 1 ? values[0] : values;
}

function numberOf(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function place(params: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  if (rest.length === 0) {
    params[name] = value;
    return;
  }
  const inner: Record<string, unknown> = { ...recordOf(params[name]) };
  place(inner, rest, value);
  params[name] = inner;
}

function resolved(part: Schema, refer: (reference: string) => Schema): Schema {
  return typeof part.$ref === 'string' ? refer(part.$ref) : part;
}

function recordOf(value: unknown): Schema {
  return isRecord(value) ? value : {};
}

function isNumeric({ type }: Schema): boolean {
  return type === 'number' || type === 'integer';
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
