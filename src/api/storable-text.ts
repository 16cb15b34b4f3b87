import type { InputFault } from './errors';

/** Half a surrogate pair stands for no character. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Texts in validated input that no database takes: with a NUL, or with half of a surrogate pair. JSON and percent-encoding can write both. Names of fields
 * are texts too.
 */
export function unstorableTextsIn(input: unknown, path: readonly string[] = []): InputFault[] {
  if (typeof input === 'string') return isStorableText(input) ? [] : [faultAt(path)];
  if (typeof input !== 'object' || input === null || input instanceof Date) return [];
  return Object.entries(input).flatMap(([name, value]) =>
    isStorableText(name) ? unstorableTextsIn(value, [...path, name]) : [faultAt(path)],
  );
}

function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && !LONE_SURROGATE.test(text);
}

/** The first name is the part of the request, as in the faults of a schema. */
function faultAt([part = 'request', ...path]: readonly string[]): InputFault {
  return { path: path.join('.') || part, message: 'expected text without NUL and of whole characters' };
}
