import { JOE_KUO_ENTRIES } from './joe-kuo-entries';

/** Bits of a point's coordinate; a sequence has 2^32 points. */
const BITS = 32;

const ENTRIES = JOE_KUO_ENTRIES.trim()
  .split(';')
  .map((entry) => entry.trim().split(/\s+/).map(Number));

/** As many dimensions as there are direction numbers for. */
export const SOBOL_DIMENSIONS = ENTRIES.length + 1;

/** A walk through the Sobol sequence in Gray-code order, beginning at any of its points. */
export interface SobolSequence {
  /** Coordinates of the current point as 32-bit fractions, one for each dimension. */
  readonly point: Uint32Array;
  /** Moves to the point of `index`, 0 being the origin. */
  seek(index: number): void;
  /** Moves to the following point. */
  advance(): void;
}

/** @param dimensions 1 to {@link SOBOL_DIMENSIONS}. Method of Antonov and Saleev (1979): one exclusive or per dimension and point. */
export function openSobolSequence(dimensions: number): SobolSequence {
  const directions = Uint32Array.from({ length: dimensions * BITS }, (_, place) => {
    const bit = Math.floor(place / dimensions);
    return directionsOf(place % dimensions)[bit] ?? 0;
  });
  const point = new Uint32Array(dimensions);
  let current = 0;
  const flip = (bit: number) => {
    for (let d = 0; d < dimensions; d += 1) point[d] = (point[d] ?? 0) ^ (directions[bit * dimensions + d] ?? 0);
  };
  return {
    point,
    seek: (index) => {
      point.fill(0);
      const gray = index ^ (index >>> 1);
      for (let bit = 0; bit < BITS; bit += 1) if ((gray >>> bit) & 1) flip(bit);
      current = index;
    },
    advance: () => {
      current += 1;
      flip(31 - Math.clz32(current & -current));
    },
  };
}

const known = new Map<number, Uint32Array>();

function directionsOf(dimension: number): Uint32Array {
  const found = known.get(dimension) ?? makeDirections(ENTRIES[dimension - 1]);
  known.set(dimension, found);
  return found;
}

/** Direction numbers as 32-bit fractions, highest bit first, by the recurrence over the dimension's primitive polynomial. */
function makeDirections(entry: readonly number[] | undefined): Uint32Array {
  const result = new Uint32Array(BITS);
  if (!entry) return result.map((_, bit) => 1 << (31 - bit));
  const [coefficients = 0, ...initial] = entry;
  const degree = initial.length;
  for (let bit = 0; bit < BITS; bit += 1) {
    const given = initial[bit];
    result[bit] = given === undefined ? next(result, bit, { degree, coefficients }) : given << (31 - bit);
  }
  return result;
}

function next(v: Uint32Array, bit: number, polynomial: { degree: number; coefficients: number }): number {
  const { degree, coefficients } = polynomial;
  const oldest = v[bit - degree] ?? 0;
  let value = oldest ^ (oldest >>> degree);
  for (let k = 1; k < degree; k += 1) {
    if ((coefficients >>> (degree - 1 - k)) & 1) value ^= v[bit - k] ?? 0;
  }
  return value;
}
