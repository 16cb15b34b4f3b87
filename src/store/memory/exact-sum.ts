/** The sum of the decimals that the numbers are written as, as `numeric` adds them: 0.1 and 0.2 are 0.3. */
export function exactSum(values: readonly number[]): number {
  const decimals = values.map(decimalOf);
  const scale = Math.max(0, ...decimals.map((decimal) => decimal.scale));
  const sum = decimals.reduce((total, { digits, scale: own }) => total + digits * 10n ** BigInt(scale - own), 0n);
  return Number(`${sum}e${-scale}`);
}

/** `digits / 10 ** scale`, with a scale that may be negative. */
function decimalOf(value: number): { digits: bigint; scale: number } {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length - Number(exponent) };
}
