/** A price older than this is marked. */
export const OLD_AFTER_MS = 300_000;
/** More decimals than these are noise on a screen. */
const MAX_DECIMALS = 6;

const formats = new Map<number, Intl.NumberFormat>();

/** With exactly so many decimals. */
export function numberText(value: number, decimals: number): string {
  let format = formats.get(decimals);
  if (!format) {
    format = new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(decimals, format);
  }
  return format.format(value);
}

/** Decimals that show `price` whole: at least 2, at most 6. */
export function decimalsOf(price: number): number {
  for (let decimals = 2; decimals < MAX_DECIMALS; decimals += 1) {
    if (Number(price.toFixed(decimals)) === price) return decimals;
  }
  return MAX_DECIMALS;
}

/** With its sign; a true minus, so that columns stay aligned. */
export function signedText(value: number, decimals: number): string {
  const text = numberText(Math.abs(value), decimals);
  if (Number(value.toFixed(decimals)) === 0) return numberText(0, decimals);
  return value > 0 ? `+${text}` : `\u2212${text}`;
}

/** A length of time in its largest unit: `4 s`, `12 min`, `3 h`, `2 d`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** The time of day here, to the second; with the day where it is another one. */
export function clockText(epochMs: number, nowMs: number): string {
  const [at, now] = [new Date(epochMs), new Date(nowMs)];
  const time = at.toLocaleTimeString('en-GB');
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${time}`;
}

/** Events in a second: one decimal below ten. */
export function rateText(perSecond: number): string {
  return numberText(perSecond, perSecond < 9.95 ? 1 : 0);
}

/** A count, shortened above ten thousand. */
export function countText(count: number): string {
  if (count < 10_000) return numberText(count, 0);
  if (count < 999_500) return `${numberText(count / 1_000, count < 99_950 ? 1 : 0)} k`;
  return `${numberText(count / 1_000_000, 1)} M`;
}

/** A figure of a model: four significant digits, whole numbers whole. */
export function figureText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return numberText(value, 0);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(3);
  return new Intl.NumberFormat('en-US', { maximumSignificantDigits: size >= 1000 ? 7 : 4 }).format(value);
}
