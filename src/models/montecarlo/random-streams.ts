/** Numbers of 32 bits that one stream's state takes: four generators of four words. */
export const STATE_WORDS = 16;

const MASK = (1n << 64n) - 1n;
const GOLDEN = 0x9e3779b97f4a7c15n;

/** Stream numbers are offset by what they serve, so that no two purposes share one. */
const PURPOSES = { paths: 0n, shifts: 1n << 32n } as const;

/**
 * The starting state of stream `index` of `seed`: word w of generator g at `4w + g`, as the kernel's vectors hold them. A stream belongs to a block of paths
 * (or to a Sobol replication), never to a thread. SplitMix64 hashes seed and index, and fills the states as the authors of xoshiro advise.
 */
export function streamState(seed: number, index: number, purpose: keyof typeof PURPOSES): Uint32Array {
  const [key = 0n] = splitMix64(BigInt(seed), 1);
  const outputs = splitMix64(key ^ (GOLDEN * (PURPOSES[purpose] + BigInt(index) + 1n)), STATE_WORDS / 2);
  const state = new Uint32Array(STATE_WORDS);
  outputs.forEach((output, place) => {
    const generator = place >> 1;
    const word = (place & 1) * 2;
    state[4 * word + generator] = Number(output & 0xffffffffn);
    state[4 * (word + 1) + generator] = Number(output >> 32n);
  });
  return state;
}

/** The first `count` outputs of SplitMix64 (Steele, Lea and Flood 2014, constants of S. Vigna's splitmix64.c) from a 64-bit seed. */
export function splitMix64(seed: bigint, count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => mix((seed + GOLDEN * BigInt(index + 1)) & MASK));
}

function mix(value: bigint): bigint {
  const first = ((value ^ (value >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  const second = ((first ^ (first >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return second ^ (second >> 31n);
}
