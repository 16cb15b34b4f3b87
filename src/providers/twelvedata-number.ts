const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** Twelve Data writes numbers as decimal text. What is neither a number nor such text stays what it is, for the rules to refuse. */
export function toNumber(value: unknown): unknown {
  return typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
}
