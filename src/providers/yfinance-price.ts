/**
 * A price as traded. Yahoo's prices are numbers of single precision, written in double: 129.04 comes as 129.0399932861328. The shortest decimal of the
 * single is taken, which is what was stored; a product of it is no better than the 7 digits of a single.
 */
export function toTraded(price: number, shares: number): number {
  const shortest = shortestOfSingle(price);
  return shares === 1 ? shortest : Number((shortest * shares).toPrecision(7));
}

/** Units traded; whole ones stay whole. */
export function toTradedVolume(volume: number, shares: number): number {
  const traded = volume / shares;
  return Number.isInteger(volume) ? Math.round(traded) : traded;
}

/** Relative distance within which a double is the spelling of a single, cut at 16 digits. */
const SPELLING_SLACK = 1e-14;

function shortestOfSingle(value: number): number {
  const single = Math.fround(value);
  if (!(Math.abs(single - value) <= Math.abs(value) * SPELLING_SLACK)) return value;
  for (let digits = 6; digits < 9; digits += 1) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === single) return shorter;
  }
  return value;
}
