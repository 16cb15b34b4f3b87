import { GROUP, openPathKernel } from '../../../src/models/montecarlo/path-kernel';
import { splitMix64, streamState } from '../../../src/models/montecarlo/random-streams';
import { normalCdf } from '../../../src/models/normal-distribution';

/** The same four words in each of the four generators. */
const alike = (words: readonly number[]) => Uint32Array.from({ length: 16 }, (_, place) => words[place >> 2]!);

function normals(rows: number, seed: number): Float32Array {
  const kernel = openPathKernel(rows);
  kernel.seed(streamState(seed, 0, 'paths'));
  kernel.fillNormals(rows);
  return kernel.normals;
}

const meanOf = (values: Float32Array, of: (value: number) => number) => {
  let sum = 0;
  for (const value of values) sum += of(value);
  return sum / values.length;
};

test('SplitMix64 gives the published outputs for the seed 1234567', () => {
  expect(splitMix64(1234567n, 5)).toEqual([
    6457827717110365317n,
    3203168211198807973n,
    9817491932198370423n,
    4593380528125082431n,
    16408922859458223821n,
  ]);
});

test('each of the four generators gives the reference outputs of xoshiro128** for the state 1, 2, 3, 4', () => {
  const kernel = openPathKernel(5);
  kernel.seed(alike([1, 2, 3, 4]));

  kernel.fillWords(2);
  const first = Array.from(kernel.words.subarray(0, 16));
  kernel.fillWords(3);
  const next = Array.from(kernel.words.subarray(0, 24));

  const reference = [
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ];
  expect([...first, ...next]).toEqual(reference.flatMap((word) => [word, word, word, word]));
});

test('streams of other indices, purposes and seeds begin elsewhere, and no generator begins with zeros alone', () => {
  const states = [
    ...Array.from({ length: 200 }, (_, index) => streamState(1, index, 'paths')),
    ...Array.from({ length: 200 }, (_, index) => streamState(1, index, 'shifts')),
    streamState(2, 0, 'paths'),
    streamState(Number.MAX_SAFE_INTEGER, 0, 'paths'),
  ];

  const generators = states.flatMap((state) =>
    [0, 1, 2, 3].map((g) => [0, 1, 2, 3].map((w) => state[4 * w + g]).join()),
  );

  expect(new Set(generators).size).toBe(4 * states.length);
  expect(generators).not.toContain('0,0,0,0');
});

test('a normal is what Box and Muller make of its two words, to the precision of a float', () => {
  const rows = 2_000;
  const [words, made] = [openPathKernel(2 * rows), openPathKernel(rows)];
  for (const kernel of [words, made]) kernel.seed(streamState(7, 0, 'paths'));

  words.fillWords(rows);
  made.fillNormals(rows);

  const worst = Array.from({ length: rows * 4 }, (_, pair) => {
    const at = Math.floor(pair / 4) * GROUP + (pair % 4);
    const [radiusWord, angleWord] = [words.words[at]!, words.words[at + 4]!];
    const radius = Math.sqrt(-2 * Math.log(((radiusWord >>> 1) + 0.5) / 2 ** 31));
    const angle = (((angleWord << 2) >> 0) * Math.PI) / 4 / 2 ** 31;
    const cosine = (angleWord >>> 31 ? -1 : 1) * radius * Math.cos(angle);
    const sine = radius * Math.sin(angle);
    const [first, second] = angleWord & 0x40000000 ? [sine, cosine] : [cosine, sine];
    return Math.max(Math.abs(made.normals[at]! - first), Math.abs(made.normals[at + 4]! - second));
  }).reduce((most, error) => Math.max(most, error), 0);

  expect(worst).toBeLessThan(3e-6);
});

test('normals have the moments of the standard normal distribution within four standard errors', () => {
  const values = normals(50_000, 11);
  const n = values.length;

  expect(n).toBe(400_000);
  expect(Math.abs(meanOf(values, (z) => z))).toBeLessThan(4 / Math.sqrt(n));
  expect(Math.abs(meanOf(values, (z) => z ** 2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  expect(Math.abs(meanOf(values, (z) => z ** 3))).toBeLessThan(4 * Math.sqrt(15 / n));
  expect(Math.abs(meanOf(values, (z) => z ** 4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
});

test('normals pass the test of Kolmogorov and Smirnov at one in ten thousand', () => {
  const values = Float64Array.from(normals(25_000, 12)).sort();
  const n = values.length;

  const distance = values.reduce(
    (most, z, rank) => Math.max(most, normalCdf(z) - rank / n, (rank + 1) / n - normalCdf(z)),
    0,
  );

  expect(distance * Math.sqrt(n)).toBeLessThan(2.23);
});

test.each([2, 3, 4])('as many normals lie beyond %i on either side as should', (threshold) => {
  const values = normals(100_000, 13);
  const expected = values.length * normalCdf(-threshold);

  const below = values.filter((z) => z < -threshold).length;
  const above = values.filter((z) => z > threshold).length;

  expect(Math.abs(below - expected)).toBeLessThan(4 * Math.sqrt(expected));
  expect(Math.abs(above - expected)).toBeLessThan(4 * Math.sqrt(expected));
});

test('the normals of one row, and of one path in following rows, are uncorrelated, squares too', () => {
  const values = normals(50_000, 14);
  const limit = 4 / Math.sqrt(50_000);
  const correlation = (i: number, j: number, lag: number, of: (z: number) => number) => {
    let sum = 0;
    for (let row = 0; row + lag < 50_000; row += 1) {
      sum += of(values[row * GROUP + i]!) * of(values[(row + lag) * GROUP + j]!);
    }
    return sum / 50_000;
  };
  const square = (z: number) => (z * z - 1) / Math.SQRT2;

  const places = [0, 1, 2, 3, 4, 5, 6, 7];
  const worst = (of: (z: number) => number) =>
    Math.max(
      ...places.flatMap((i) => places.filter((j) => j > i).map((j) => Math.abs(correlation(i, j, 0, of)))),
      ...places.map((i) => Math.abs(correlation(i, i, 1, of))),
    );

  expect(worst((z) => z)).toBeLessThan(limit);
  expect(worst(square)).toBeLessThan(limit);
});

test('a walk sums drift and shocks as doubles and keeps the greatest fall from an earlier height, the start included', () => {
  const kernel = openPathKernel(4);
  kernel.normals.fill(0);
  [1, -3, 2, -0.5].forEach((z, row) => {
    kernel.normals[row * GROUP + 5] = z;
  });
  [-2, 1, 1, 1].forEach((z, row) => {
    kernel.normals[row * GROUP + 2] = z;
  });

  kernel.walk(4, 0.1, 0.5);

  expect(kernel.ends[5]).toBe(0.1 + 0.5 * 1 + (0.1 + 0.5 * -3) + (0.1 + 0.5 * 2) + (0.1 + 0.5 * -0.5));
  expect(kernel.falls[5]).toBeCloseTo(1.4, 14);
  expect(kernel.falls[2]).toBeCloseTo(0.9, 14);
  expect(kernel.falls[0]).toBe(0);
});
