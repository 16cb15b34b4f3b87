import { SOBOL_DIMENSIONS } from './sobol-sequence';

/** How random numbers become paths. */
export const METHODS = ['plain', 'antithetic', 'control_variate', 'sobol'] as const;
export type Method = (typeof METHODS)[number];

/** Paths that share one random stream; a part of the work is some whole blocks. */
export const BLOCK = 512;

/** Independent randomisations of the Sobol points, from whose spread the standard error is taken. */
export const REPLICATIONS = 16;

/** Steps × assets × paths that one part computes, about: a hundredth of a second of the kernel's, a tenth of a Sobol point's. */
const PART_NUMBERS = 2_000_000;
/** Parts are not longer than this, since a part's terminal values travel between threads in one piece. */
const MAX_PART_BLOCKS = 128;
/** The fan comes from the first paths only, at no more than this many points of time after the start. */
const FAN_PATHS = 4_096;
const FAN_TIMES = 256;

/** What is computed, and in which pieces; depends on the parameters alone. */
export interface Plan {
  readonly method: Method;
  readonly seed: number;
  readonly assets: number;
  readonly steps: number;
  /** Length of one step in years. */
  readonly stepYears: number;
  /** Paths that are run: what was asked for, rounded up to whole pairs or to whole Sobol replications. */
  readonly paths: number;
  /** Sobol points of one replication, a power of two; 0 for the other methods. */
  readonly points: number;
  readonly partPaths: number;
  readonly parts: number;
  /** Paths, from the first, whose course is kept. */
  readonly fanPaths: number;
  /** Steps at which it is kept, from 0 to the last. */
  readonly fanSteps: readonly number[];
}

export interface PlanRequest {
  readonly method: Method;
  readonly seed: number;
  readonly simulations: number;
  readonly time_steps: number;
  readonly horizon: number;
}

/** The plan of a request for so many `assets`. */
export function planOf({ method, seed, simulations, time_steps: steps, horizon }: PlanRequest, assets: number): Plan {
  const points = method === 'sobol' ? 2 ** Math.ceil(Math.log2(Math.max(1, simulations / REPLICATIONS))) : 0;
  const paths = pathsOf(method, simulations, points);
  const blocks = Math.min(MAX_PART_BLOCKS, Math.max(1, Math.floor(PART_NUMBERS / (BLOCK * steps * assets))));
  const partPaths = BLOCK * blocks;
  const times = Math.min(steps, FAN_TIMES);
  return {
    ...{ method, seed, assets, steps, paths, points, partPaths },
    stepYears: horizon / steps,
    parts: Math.ceil(paths / partPaths),
    fanPaths: Math.min(paths, FAN_PATHS),
    fanSteps: Array.from({ length: times + 1 }, (_, place) => Math.round((place * steps) / times)),
  };
}

/** Coordinates of a Sobol point that come from the sequence; what a path needs beyond them is pseudo-random. */
export function sobolDimensions({ steps, assets }: Pick<Plan, 'steps' | 'assets'>): number {
  return Math.min(SOBOL_DIMENSIONS, steps * assets);
}

function pathsOf(method: Method, simulations: number, points: number): number {
  if (method === 'sobol') return points * REPLICATIONS;
  return method === 'antithetic' ? simulations + (simulations % 2) : simulations;
}
