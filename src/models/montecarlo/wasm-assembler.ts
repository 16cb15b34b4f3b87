/** Bytes of WebAssembly instructions; an expression's code leaves one value on the stack. */
export type Code = readonly number[];

export type ValueType = 'i32' | 'f32' | 'f64' | 'v128';

/** A parameter or local variable of a function under construction. */
export interface Variable {
  readonly get: Code;
  set(value: Code): Code;
}

export interface WasmFunction {
  readonly name: string;
  readonly params: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

const TYPE_BYTE = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
const NO_RESULT = 0x40;

/** Instructions on 32-bit integers. */
export const i32 = {
  const: (value: number): Code => [0x41, ...signedLeb(value)],
  add: plain(0x6a),
  lessThan: plain(0x49),
} as const;

/** Instructions on 128-bit vectors, by the shape of their lanes (WebAssembly SIMD, opcodes as in its specification). */
export const v128 = {
  load: (address: Code, offset = 0): Code => [...address, 0xfd, 0x00, 4, ...unsignedLeb(offset)],
  /** Eight bytes into the lower half, zeros above. */
  load64: (address: Code, offset = 0): Code => [...address, 0xfd, 0x5d, 3, ...unsignedLeb(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    0xfd,
    0x0b,
    4,
    ...unsignedLeb(offset),
  ],
  and: simd(0x4e),
  or: simd(0x50),
  xor: simd(0x51),
  /** Bits of the first where the third has ones, of the second elsewhere. */
  select: simd(0x52),
} as const;

export const i32x4 = {
  shiftLeft: simd(0xab),
  shiftRightSigned: simd(0xac),
  shiftRight: simd(0xad),
  add: simd(0xae),
  sub: simd(0xb1),
} as const;

export const f32x4 = {
  fromSigned: simd(0xfa),
  sqrt: simd(0xe3),
  add: simd(0xe4),
  sub: simd(0xe5),
  mul: simd(0xe6),
  div: simd(0xe7),
} as const;

export const f64x2 = {
  splat: simd(0x14),
  /** The two lower floats of a vector as doubles. */
  promoteLow: simd(0x5f),
  add: simd(0xf0),
  sub: simd(0xf1),
  mul: simd(0xf2),
  /** The greater of each lane, with the meaning of `a < b ? b : a`: one instruction of the processor. */
  max: simd(0xf5),
} as const;

/** Runs `body`, and again while `condition` leaves other than zero. */
export function repeatWhile(condition: Code, body: readonly Code[]): Code {
  return [0x03, NO_RESULT, ...body.flat(), ...condition, 0x0d, 0, 0x0b];
}

/** A function without result, whose `body` is written in terms of its named parameters and locals. */
export function defineFunction<Param extends string, Local extends string>(
  name: string,
  params: Readonly<Record<Param, ValueType>>,
  locals: Readonly<Record<Local, ValueType>>,
  body: (variables: Record<Param | Local, Variable>) => readonly Code[],
): WasmFunction {
  const names = [...Object.keys(params), ...Object.keys(locals)];
  // The keys are exactly those of the two records, which the type of fromEntries cannot say.
  const variables = Object.fromEntries(names.map((key, index) => [key, variableAt(index)]));
  return {
    name,
    params: Object.values(params),
    locals: Object.values(locals),
    body: body(variables as Record<Param | Local, Variable>).flat(),
  };
}

/** The bytes of a module that imports `env.memory` and exports `functions` by name. */
export function assembleModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ params }) => [0x60, ...vector(params.map((type) => [TYPE_BYTE[type]])), 0]);
  const memory = [...text('env'), ...text('memory'), 0x02, 0x00, 1];
  const exports = functions.map(({ name }, index) => [...text(name), 0x00, ...unsignedLeb(index)]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(2, [memory]),
    ...section(
      3,
      functions.map((_, index) => unsignedLeb(index)),
    ),
    ...section(7, exports),
    ...section(10, functions.map(codeOf)),
  ]);
}

function codeOf({ locals, body }: WasmFunction): Code {
  const declared = vector(locals.map((type) => [1, TYPE_BYTE[type]]));
  return withLength([...declared, ...body, 0x0b]);
}

function variableAt(index: number): Variable {
  return { get: [0x20, ...unsignedLeb(index)], set: (value) => [...value, 0x21, ...unsignedLeb(index)] };
}

function plain(opcode: number) {
  return (...operands: readonly Code[]): Code => [...operands.flat(), opcode];
}

function simd(opcode: number) {
  return (...operands: readonly Code[]): Code => [...operands.flat(), 0xfd, ...unsignedLeb(opcode)];
}

function section(id: number, items: readonly Code[]): Code {
  return [id, ...withLength(vector(items))];
}

function vector(items: readonly Code[]): Code {
  return [...unsignedLeb(items.length), ...items.flat()];
}

function withLength(bytes: Code): Code {
  return [...unsignedLeb(bytes.length), ...bytes];
}

function text(value: string): Code {
  return withLength([...Buffer.from(value)]);
}

function unsignedLeb(value: number): Code {
  const low = value & 0x7f;
  const rest = value >>> 7;
  return rest === 0 ? [low] : [low | 0x80, ...unsignedLeb(rest)];
}

function signedLeb(value: number): Code {
  const low = value & 0x7f;
  const rest = value >> 7;
  const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return isLast ? [low] : [low | 0x80, ...signedLeb(rest)];
}
