/** Significant digits, of the larger price, to which a change is rounded: subtraction leaves no digits of its own behind. */
export const CHANGE_DIGITS = 12;
/** Decimals of a change in percent. */
export const PERCENT_DECIMALS = 4;

/** The change against `reference`, absolute in the price's currency and in percent; 0 percent of a reference of 0. The script on Redis computes the same, step by step. */
export function changeOf(price: number, reference: number): { change: number; changePercent: number } {
  const larger = Math.max(Math.abs(price), Math.abs(reference));
  const digits = larger === 0 ? 0 : CHANGE_DIGITS - 1 - Math.floor(Math.log10(larger));
  const change = roundTo(price - reference, Math.min(Math.max(digits, 0), 20));
  const percent = reference === 0 ? 0 : ((price - reference) / Math.abs(reference)) * 100;
  return { change, changePercent: roundTo(percent, PERCENT_DECIMALS) };
}

function roundTo(value: number, decimals: number): number {
  const scale = Number(`1e${decimals}`);
  // Adding zero makes of a negative zero a plain one.
  return Math.floor(value * scale + 0.5) / scale + 0;
}
