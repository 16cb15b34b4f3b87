/** Bins of the first pass; only the bins that hold a wanted value are sorted. */
const BINS = 8_192;

interface Bins {
  binOf(value: number): number;
  /** How many values lie in each bin or one before it. */
  readonly ends: Uint32Array;
}

/** A large sample that answers for its order without being sorted as a whole. */
export interface OrderedSample {
  readonly values: Float64Array;
  readonly min: number;
  readonly max: number;
  /**
   * Quantiles of probabilities from 0 to 1, linear between neighbours: Hyndman and Fan's definition 7, the default of NumPy and R. To ask for
   * several at once costs one pass.
   */
  quantiles(probabilities: readonly number[]): number[];
}

/** @param values finite, at least one; must not change any more. */
export function orderedSample(values: Float64Array): OrderedSample {
  const { min, max } = rangeOf(values);
  const bins = binsOf(values, { min, max });
  const last = values.length - 1;
  return {
    ...{ values, min, max },
    quantiles: (probabilities) => {
      const ranks = probabilities.flatMap((p) => [Math.floor(p * last), Math.ceil(p * last)]);
      const valueAt = selectRanks(values, bins, ranks);
      return probabilities.map((probability) => {
        const place = probability * last;
        const lower = valueAt(Math.floor(place));
        return lower + (place - Math.floor(place)) * (valueAt(Math.ceil(place)) - lower);
      });
    },
  };
}

function rangeOf(values: Float64Array): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

function selectRanks(values: Float64Array, bins: Bins, ranks: readonly number[]): (rank: number) => number {
  const binOfRank = (rank: number) => bins.ends.findIndex((end) => end > rank);
  const startOf = (bin: number) => (bin > 0 ? (bins.ends[bin - 1] ?? 0) : 0);
  const wanted = new Map([...new Set(ranks.map(binOfRank))].map((bin) => [bin, new Float64Array(sizeOf(bins, bin))]));
  collect(values, bins, wanted);
  return (rank) => {
    const bin = binOfRank(rank);
    return wanted.get(bin)?.[rank - startOf(bin)] ?? Number.NaN;
  };
}

/** Fills each wanted bin with its values, in ascending order. */
function collect(values: Float64Array, { binOf }: Bins, wanted: ReadonlyMap<number, Float64Array>): void {
  const targets: (Float64Array | undefined)[] = Array.from({ length: BINS }, (_, bin) => wanted.get(bin));
  const filled = new Uint32Array(BINS);
  for (const value of values) {
    const bin = binOf(value);
    const target = targets[bin];
    if (!target) continue;
    const place = filled[bin] ?? 0;
    target[place] = value;
    filled[bin] = place + 1;
  }
  for (const target of wanted.values()) target.sort();
}

function binsOf(values: Float64Array, { min, max }: { min: number; max: number }): Bins {
  const scale = max > min ? BINS / (max - min) : 0;
  const binOf = (value: number) => Math.min(BINS - 1, Math.floor((value - min) * scale));
  const ends = new Uint32Array(BINS);
  for (const value of values) {
    const bin = binOf(value);
    ends[bin] = (ends[bin] ?? 0) + 1;
  }
  for (let bin = 1; bin < BINS; bin += 1) ends[bin] = (ends[bin] ?? 0) + (ends[bin - 1] ?? 0);
  return { binOf, ends };
}

function sizeOf({ ends }: Bins, bin: number): number {
  return (ends[bin] ?? 0) - (bin > 0 ? (ends[bin - 1] ?? 0) : 0);
}
