const LARGE_UNITS = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
] as const;

/** A figure for a reader: up to six significant digits, whole numbers in full; `12,345.6`, `0.0421873`, `1.2e-9`. */
export function figureText(value: number): string {
  return columnTexts([value])[0] ?? '';
}

/** The figures of one column, with the same number of decimals, so that they line up; null is empty. */
export function columnTexts(values: readonly (number | null)[]): readonly string[] {
  const decimals = Math.max(0, ...decimalsOf(values));
  return values.map((value) => {
    if (value === null) return '';
    const text = value.toFixed(decimals);
    const isLost = value !== 0 && Number(text) === 0;
    return isLost || Math.abs(value) >= 1e15 ? withMinus(trimmedExponent(value)) : grouped(text);
  });
}

/** How many decimals each value needs when the largest of all is given six significant digits. */
function decimalsOf(values: readonly (number | null)[]): readonly number[] {
  const numbers = values.filter((value) => value !== null);
  const largest = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0 || largest >= 1e15) return [];
  const most = Math.min(8, Math.max(2, 5 - Math.floor(Math.log10(largest))));
  return numbers.map((value) => /\.(\d*?)0*$/.exec(value.toFixed(most))?.[1]?.length ?? 0);
}

/** A figure beside an axis: short, millions and more with a letter (T = 10^12, B = 10^9, M = 10^6). */
export function axisText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size !== 0 && size < 1e-6)) return withMinus(trimmedExponent(value));
  const [unit, letter] = LARGE_UNITS.find(([from]) => size >= from) ?? [1, ''];
  // Ticks are sums of steps in binary: 0.30000000000000004 is meant as 0.3.
  return grouped(plainDecimal(Number((value / unit).toPrecision(7)))) + letter;
}

function plainDecimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(12).replace(/0+$/, '') : text;
}

function trimmedExponent(value: number): string {
  return value.toExponential(4).replace(/\.?0*e\+?/, 'e');
}

/** Thousands are set apart from five digits on, so that years and strikes stay as they are written. */
function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const digits = whole.replace('-', '');
  const apart = digits.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  return withMinus(fraction ? `${apart}.${fraction}` : apart);
}

function withMinus(text: string): string {
  const isZero = /^-[0.,]*$/.test(text);
  return isZero ? text.slice(1) : text.replaceAll('-', '\u2212');
}
