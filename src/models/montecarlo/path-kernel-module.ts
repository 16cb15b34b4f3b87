import {
  drawWords,
  type GeneratorState,
  LAYOUT,
  ORIGIN,
  pairOfAngle,
  ROW_BYTES,
  radiusOfWords,
} from './path-kernel-code';
import {
  assembleModule,
  type Code,
  defineFunction,
  f64x2,
  i32,
  repeatWhile,
  type Variable,
  v128,
} from './wasm-assembler';

/** The kernel as a WebAssembly module: `fillWords(from, end)`, `fillNormals(from, end)` and `walk(from, end, drift, volatility)` over rows of memory. */
export function pathKernelModule(): Uint8Array {
  return assembleModule([fillWords(), fillNormals(), walk()]);
}

/** Each row gets eight words: the next two of each generator. */
function fillWords() {
  return defineFunction(
    'fillWords',
    { at: 'i32', end: 'i32' },
    { s0: 'v128', s1: 'v128', s2: 'v128', s3: 'v128', output: 'v128', scratch: 'v128' },
    ({ at, end, output, scratch, ...state }) => [
      ...withState(state, [
        eachRow(at, end, [
          drawWords(state, output, scratch),
          v128.store(at.get, output.get),
          drawWords(state, output, scratch),
          v128.store(at.get, output.get, 16),
        ]),
      ]),
    ],
  );
}

/** Each row gets eight standard normals (Box and Muller 1958): four pairs, one of each generator, of a radius and an angle. */
function fillNormals() {
  return defineFunction(
    'fillNormals',
    { at: 'i32', end: 'i32' },
    {
      ...{ s0: 'v128', s1: 'v128', s2: 'v128', s3: 'v128', scratch: 'v128' },
      ...{ radius: 'v128', angle: 'v128', exponent: 'v128', square: 'v128', cosine: 'v128', sine: 'v128' },
    },
    ({ at, end, scratch, radius, angle, exponent, square, cosine, sine, ...state }) =>
      withState(state, [
        eachRow(at, end, [
          drawWords(state, radius, scratch),
          drawWords(state, angle, scratch),
          radiusOfWords(radius, { exponent, square }),
          pairOfAngle(angle, radius, { cosine, sine, square }),
          v128.store(at.get, cosine.get),
          v128.store(at.get, sine.get, 16),
        ]),
      ]),
  );
}

/**
 * Eight paths x ← x + (drift + volatility·z) from 0 over the rows, as doubles, two in a vector. Leaves where each ends, and the greatest fall from an
 * earlier height, the start included.
 */
function walk() {
  const pairs = ['0', '1', '2', '3'] as const;
  return defineFunction(
    'walk',
    { at: 'i32', end: 'i32', drift: 'f64', volatility: 'f64' },
    {
      ...{ a: 'v128', b: 'v128', x0: 'v128', x1: 'v128', x2: 'v128', x3: 'v128' },
      ...{ peak0: 'v128', peak1: 'v128', peak2: 'v128', peak3: 'v128' },
      ...{ fall0: 'v128', fall1: 'v128', fall2: 'v128', fall3: 'v128' },
    },
    (v) => [
      v.a.set(f64x2.splat(v.drift.get)),
      v.b.set(f64x2.splat(v.volatility.get)),
      eachRow(
        v.at,
        v.end,
        pairs.map((pair) => {
          const [x, peak, fall] = [v[`x${pair}`], v[`peak${pair}`], v[`fall${pair}`]];
          const normals = f64x2.promoteLow(v128.load64(v.at.get, 8 * Number(pair)));
          return [
            ...x.set(f64x2.add(x.get, f64x2.add(v.a.get, f64x2.mul(v.b.get, normals)))),
            ...peak.set(f64x2.max(peak.get, x.get)),
            ...fall.set(f64x2.max(fall.get, f64x2.sub(peak.get, x.get))),
          ];
        }),
      ),
      ...pairs.map((pair) => v128.store(ORIGIN, v[`x${pair}`].get, LAYOUT.ends + 16 * Number(pair))),
      ...pairs.map((pair) => v128.store(ORIGIN, v[`fall${pair}`].get, LAYOUT.drawdowns + 16 * Number(pair))),
    ],
  );
}

function eachRow(at: Variable, end: Variable, body: readonly Code[]): Code {
  return repeatWhile(i32.lessThan(at.get, end.get), [...body, at.set(i32.add(at.get, i32.const(ROW_BYTES)))]);
}

/** `body` between taking the generators' states from memory and putting them back. */
function withState({ s0, s1, s2, s3 }: GeneratorState, body: readonly Code[]): Code[] {
  const state = [s0, s1, s2, s3];
  const addressOf = (place: number) => LAYOUT.state + 16 * place;
  return [
    ...state.map((word, place) => word.set(v128.load(ORIGIN, addressOf(place)))),
    ...body,
    ...state.map((word, place) => v128.store(ORIGIN, word.get, addressOf(place))),
  ];
}
