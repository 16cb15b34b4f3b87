import type { Market } from './market';
import type { PathBlock } from './path-block';
import type { Plan } from './plan';

/** All paths of a run, put together from its parts. */
export interface Simulation {
  readonly market: Market;
  readonly plan: Plan;
  readonly values: Float64Array;
  readonly drawdowns: Float64Array;
  readonly controls: Float64Array;
  /** As {@link PathBlock}'s, for the paths of the fan. */
  readonly fan: Float64Array;
  readonly moments: Float64Array;
}

/** @param blocks in the order of their parts. */
export function joinBlocks(market: Market, plan: Plan, blocks: readonly PathBlock[]): Simulation {
  return {
    market,
    plan,
    values: concatenate(blocks.map(({ values }) => values)),
    drawdowns: concatenate(blocks.map(({ drawdowns }) => drawdowns)),
    controls: concatenate(blocks.map(({ controls }) => controls)),
    fan: concatenate(blocks.map(({ fan }) => fan)),
    moments: addUp(blocks.map(({ moments }) => moments)),
  };
}

/** Correlation of the simulated log returns to the horizon; 0 beside an asset that does not move. */
export function correlationOf({ plan, moments }: Simulation): number[][] {
  const { assets, paths } = plan;
  const assetNumbers = Array.from({ length: assets }, (_, asset) => asset);
  const covariance = (i: number, j: number) =>
    (moments[assets + i * assets + j] ?? 0) / paths - ((moments[i] ?? 0) / paths) * ((moments[j] ?? 0) / paths);
  return assetNumbers.map((i) =>
    assetNumbers.map((j) => {
      if (i === j) return 1;
      const scale = Math.sqrt(covariance(i, i) * covariance(j, j));
      return scale > 0 ? Math.max(-1, Math.min(1, covariance(i, j) / scale)) : 0;
    }),
  );
}

function concatenate(pieces: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let end = 0;
  for (const piece of pieces) {
    whole.set(piece, end);
    end += piece.length;
  }
  return whole;
}

function addUp(pieces: readonly Float64Array[]): Float64Array {
  const sums = new Float64Array(pieces[0]?.length ?? 0);
  for (const piece of pieces) for (const [place, value] of piece.entries()) sums[place] = (sums[place] ?? 0) + value;
  return sums;
}
