import { type Code, f32x4, i32, i32x4, type Variable, v128 } from './wasm-assembler';

/** Where the kernel's memory holds what; addresses in bytes. */
export const LAYOUT = { state: 0, constants: 64, ends: 512, drawdowns: 576, rows: 1024 } as const;

/** Bytes of a row: one 32-bit number for each of the eight paths of a group. */
export const ROW_BYTES = 32;

const words = (word: number): readonly number[] => Array(4).fill(word | 0);
const floats = (value: number): readonly number[] => words(new Int32Array(Float32Array.of(value).buffer)[0] ?? 0);

/** Vectors that the code reads from memory: a load is free beside the arithmetic, a literal in the code is not. */
const CONSTANTS = {
  one: floats(1),
  half: floats(0.5),
  signBit: words(0x80000000),
  sqrtHalfBits: words(0x3f3504f3),
  perUnit: floats(2 ** -31),
  minusTwoLn2: floats(-2 * Math.LN2),
  log1: floats(-4),
  log3: floats(-4 / 3),
  log5: floats(-4 / 5),
  log7: floats(-4 / 7),
  log9: floats(-4 / 9),
  perAngle: floats(Math.PI / 4 / 2 ** 31),
  sin3: floats(-1 / 6),
  sin5: floats(1 / 120),
  sin7: floats(-1 / 5040),
  sin9: floats(1 / 362880),
  cos2: floats(-1 / 2),
  cos4: floats(1 / 24),
  cos6: floats(-1 / 720),
  cos8: floats(1 / 40320),
} as const;

type ConstantName = keyof typeof CONSTANTS;

/** What {@link LAYOUT.constants} must hold before the code runs. */
export const CONSTANT_WORDS: readonly number[] = Object.values(CONSTANTS).flat();

/** Address 0, from which everything with a fixed place is reached. */
export const ORIGIN = i32.const(0);

const constant = (name: ConstantName): Code =>
  v128.load(ORIGIN, LAYOUT.constants + 16 * Object.keys(CONSTANTS).indexOf(name));

/** Four xoshiro128** generators side by side (Blackman and Vigna 2018): `output` takes the next number of each; `scratch` is overwritten. */
export function drawWords(state: GeneratorState, output: Variable, scratch: Variable): Code {
  const { s0, s1, s2, s3 } = state;
  return [
    scratch.set(i32x4.add(i32x4.shiftLeft(s1.get, i32.const(2)), s1.get)),
    scratch.set(rotateLeft(scratch.get, 7)),
    output.set(i32x4.add(i32x4.shiftLeft(scratch.get, i32.const(3)), scratch.get)),
    scratch.set(i32x4.shiftLeft(s1.get, i32.const(9))),
    s2.set(v128.xor(s2.get, s0.get)),
    s3.set(v128.xor(s3.get, s1.get)),
    s1.set(v128.xor(s1.get, s2.get)),
    s0.set(v128.xor(s0.get, s3.get)),
    s2.set(v128.xor(s2.get, scratch.get)),
    s3.set(rotateLeft(s3.get, 11)),
  ].flat();
}

/** The four words of the generators' states. */
export interface GeneratorState {
  readonly s0: Variable;
  readonly s1: Variable;
  readonly s2: Variable;
  readonly s3: Variable;
}

/**
 * `radius` becomes √(−2 ln u) of the uniform u = (k + ½)/2³¹ that the words in it stand for. With u = m·2^e, √½ ≤ m < √2 and
 * s = (m − 1)/(m + 1), ln u = e ln 2 + 2(s + s³/3 + s⁵/5 + …), the series of the inverse hyperbolic tangent, to 1e-9.
 */
export function radiusOfWords(
  radius: Variable,
  scratch: { readonly exponent: Variable; readonly square: Variable },
): Code {
  const { exponent, square } = scratch;
  const series = polynomial(square.get, ['log1', 'log3', 'log5', 'log7', 'log9']);
  return [
    radius.set(f32x4.fromSigned(i32x4.shiftRight(radius.get, i32.const(1)))),
    radius.set(f32x4.mul(f32x4.add(radius.get, constant('half')), constant('perUnit'))),
    exponent.set(i32x4.shiftRightSigned(i32x4.sub(radius.get, constant('sqrtHalfBits')), i32.const(23))),
    radius.set(i32x4.sub(radius.get, i32x4.shiftLeft(exponent.get, i32.const(23)))),
    radius.set(f32x4.div(f32x4.sub(radius.get, constant('one')), f32x4.add(radius.get, constant('one')))),
    square.set(f32x4.mul(radius.get, radius.get)),
    exponent.set(f32x4.mul(f32x4.fromSigned(exponent.get), constant('minusTwoLn2'))),
    radius.set(f32x4.sqrt(f32x4.add(exponent.get, f32x4.mul(radius.get, series)))),
  ].flat();
}

/**
 * Leaves r·cos and r·sin of the angle that `angle`'s words stand for in `cosine` and `sine`, exchanged and signed by two of their bits: the other thirty
 * choose a place on the eighth of a turn to either side of 0, where Taylor series reach the precision of a float.
 */
export function pairOfAngle(
  angle: Variable,
  radius: Variable,
  result: { cosine: Variable; sine: Variable; square: Variable },
): Code {
  const { cosine, sine, square } = result;
  return [
    sine.set(f32x4.mul(f32x4.fromSigned(i32x4.shiftLeft(angle.get, i32.const(2))), constant('perAngle'))),
    square.set(f32x4.mul(sine.get, sine.get)),
    cosine.set(f32x4.mul(radius.get, polynomial(square.get, ['one', 'cos2', 'cos4', 'cos6', 'cos8']))),
    cosine.set(v128.xor(cosine.get, v128.and(angle.get, constant('signBit')))),
    sine.set(f32x4.mul(radius.get, sine.get)),
    sine.set(f32x4.mul(sine.get, polynomial(square.get, ['one', 'sin3', 'sin5', 'sin7', 'sin9']))),
    angle.set(i32x4.shiftRightSigned(i32x4.shiftLeft(angle.get, i32.const(1)), i32.const(31))),
    square.set(v128.select(sine.get, cosine.get, angle.get)),
    sine.set(v128.select(cosine.get, sine.get, angle.get)),
    cosine.set(square.get),
  ].flat();
}

function rotateLeft(x: Code, by: number): Code {
  return v128.or(i32x4.shiftLeft(x, i32.const(by)), i32x4.shiftRight(x, i32.const(32 - by)));
}

/** c0 + x(c1 + x(c2 + …)), by Horner. */
function polynomial(x: Code, [first, ...rest]: readonly [ConstantName, ...ConstantName[]]): Code {
  const [second, ...others] = rest;
  if (second === undefined) return constant(first);
  return f32x4.add(f32x4.mul(polynomial(x, [second, ...others]), x), constant(first));
}
