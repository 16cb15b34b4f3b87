import { normalQuantile } from '../normal-distribution';
import { openBrownianBridge } from './brownian-bridge';
import { GROUP, type PathKernel } from './path-kernel';
import { BLOCK, type Plan, REPLICATIONS, sobolDimensions } from './plan';
import { streamState } from './random-streams';
import { openSobolSequence } from './sobol-sequence';

/** Fills the kernel's rows with the normals of eight paths. */
export interface NormalSource {
  /** @param from first of the eight paths; groups of one block are asked for in order, beginning with the block's first. */
  fill(from: number): void;
}

/** Independent normals; a block of paths begins its own stream. */
export function pseudoRandomSource(kernel: PathKernel, plan: Plan): NormalSource {
  return {
    fill: (from) => {
      if (from % BLOCK === 0) kernel.seed(streamState(plan.seed, from / BLOCK, 'paths'));
      kernel.fillNormals(plan.steps * plan.assets);
    },
  };
}

/**
 * Normals of Sobol points, by the inverse of their distribution and one Brownian bridge for each asset's factor: coordinate `level · assets + asset`.
 * Replication r holds the paths from `r · points` on, all its points moved by one random digital shift. Coordinates beyond the direction numbers, the finest
 * places of the bridge, are pseudo-random.
 */
export function sobolSource(kernel: PathKernel, plan: Plan): NormalSource {
  const { assets, steps, points } = plan;
  const dimensions = sobolDimensions(plan);
  const sequence = openSobolSequence(dimensions);
  const shifts = shiftsOf(kernel, plan);
  const pseudoRandom = pseudoRandomSource(kernel, plan);
  const coordinates = new Float64Array(steps * assets);
  const place = pathPlacer(kernel, plan);
  let next = -1;

  const moveTo = (path: number) => {
    if (path !== next || path % points === 0) sequence.seek(path % points);
    else sequence.advance();
    next = path + 1;
  };

  return {
    fill: (from) => {
      const padding = dimensions < steps * assets ? paddingOf(kernel, pseudoRandom, from) : undefined;
      for (let path = 0; path < GROUP; path += 1) {
        moveTo(from + path);
        const shift = dimensions * (Math.floor((from + path) / points) % REPLICATIONS);
        for (let d = 0; d < dimensions; d += 1) {
          const word = ((sequence.point[d] ?? 0) ^ (shifts[shift + d] ?? 0)) >>> 0;
          coordinates[d] = normalQuantile((word + 0.5) / 2 ** 32);
        }
        for (let d = dimensions; d < coordinates.length; d += 1) coordinates[d] = padding?.[d * GROUP + path] ?? 0;
        place(path, coordinates);
      }
    },
  };
}

/** Writes one path's normals into the kernel's rows, bridged factor by factor. */
function pathPlacer(kernel: PathKernel, { assets, steps }: Plan) {
  const bridge = openBrownianBridge(steps);
  const [ordered, increments] = [new Float64Array(steps), new Float64Array(steps)];
  return (path: number, coordinates: Float64Array) => {
    for (let asset = 0; asset < assets; asset += 1) {
      for (let level = 0; level < steps; level += 1) ordered[level] = coordinates[level * assets + asset] ?? 0;
      bridge.build(ordered, increments);
      for (let step = 0; step < steps; step += 1) {
        kernel.normals[(step * assets + asset) * GROUP + path] = increments[step] ?? 0;
      }
    }
  };
}

function paddingOf(kernel: PathKernel, source: NormalSource, from: number): Float32Array {
  source.fill(from);
  return kernel.normals.slice();
}

/** One word for each replication and coordinate. */
function shiftsOf(kernel: PathKernel, plan: Plan): Uint32Array {
  const dimensions = sobolDimensions(plan);
  const shifts = new Uint32Array(REPLICATIONS * dimensions);
  for (let replication = 0; replication < REPLICATIONS; replication += 1) {
    kernel.seed(streamState(plan.seed, replication, 'shifts'));
    kernel.fillWords(Math.ceil(dimensions / GROUP));
    shifts.set(kernel.words.subarray(0, dimensions), replication * dimensions);
  }
  return shifts;
}
