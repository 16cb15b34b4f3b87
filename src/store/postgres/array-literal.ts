/** A PostgreSQL array of numbers or nulls; a number is sent in the fewest digits that name it, so that `numeric` keeps exactly those. */
export function numberArray(values: readonly (number | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** A PostgreSQL array of instants as epoch milliseconds: cheaper to send and to parse than text. */
export function instantArray(values: readonly Date[]): string {
  return `{${values.map((value) => value.getTime()).join(',')}}`;
}

/** A PostgreSQL array of texts or nulls, quoted only where it must be. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : elementOf(value))).join(',')}}`;
}

const PLAIN = /^[A-Za-z0-9:.=^/_-]+$/;

function elementOf(text: string): string {
  if (PLAIN.test(text) && text.toUpperCase() !== 'NULL') return text;
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
