import { CONSTANT_WORDS, LAYOUT, ROW_BYTES } from './path-kernel-code';
import { pathKernelModule } from './path-kernel-module';
import { STATE_WORDS } from './random-streams';

/** Paths that are computed side by side. */
export const GROUP = 8;

/**
 * The inner loops over a group of paths, in WebAssembly SIMD: the same bits on every processor. Numbers lie in rows: entry `8·row + path`.
 * Not to be shared between calls that interleave.
 */
export interface PathKernel {
  /** One normal, as a float, for each row and path; written by `fillNormals`, or by a caller who has others. */
  readonly normals: Float32Array;
  /** The same memory as whole numbers; written by `fillWords`. */
  readonly words: Uint32Array;
  /** Where each path ended, and its greatest fall from an earlier height, after `walk`. */
  readonly ends: Float64Array;
  readonly falls: Float64Array;
  /** Sets the four generators; see `streamState`. */
  seed(state: Uint32Array): void;
  /** The next 32-bit words of the generators: eight in each of the first `rows` rows. */
  fillWords(rows: number): void;
  /** The next standard normals, the same way; their tails end at 6.66, beyond which lies 3e-11 of the distribution. */
  fillNormals(rows: number): void;
  /** Sums `drift + volatility · normal` along the first `rows` rows. */
  walk(rows: number, drift: number, volatility: number): void;
}

let compiled: WebAssembly.Module | undefined;

/** @param rows the most rows a call will ask for. */
export function openPathKernel(rows: number): PathKernel {
  compiled ??= new WebAssembly.Module(pathKernelModule());
  const memory = new WebAssembly.Memory({ initial: Math.ceil((LAYOUT.rows + rows * ROW_BYTES) / 65_536) });
  const { fillWords, fillNormals, walk } = new WebAssembly.Instance(compiled, { env: { memory } }).exports;
  if (!fillWords || !fillNormals || !walk) throw new Error('the path kernel does not export what its module defines');
  new Int32Array(memory.buffer, LAYOUT.constants).set(CONSTANT_WORDS);
  const state = new Uint32Array(memory.buffer, LAYOUT.state, STATE_WORDS);
  const endOf = (count: number) => LAYOUT.rows + count * ROW_BYTES;
  return {
    normals: new Float32Array(memory.buffer, LAYOUT.rows, rows * GROUP),
    words: new Uint32Array(memory.buffer, LAYOUT.rows, rows * GROUP),
    ends: new Float64Array(memory.buffer, LAYOUT.ends, GROUP),
    falls: new Float64Array(memory.buffer, LAYOUT.drawdowns, GROUP),
    seed: (from) => state.set(from),
    fillWords: (count) => fillWords(LAYOUT.rows, endOf(count)),
    fillNormals: (count) => fillNormals(LAYOUT.rows, endOf(count)),
    walk: (count, drift, volatility) => walk(LAYOUT.rows, endOf(count), drift, volatility),
  };
}
