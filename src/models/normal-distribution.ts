const SQRT_2 = Math.SQRT2;
const SQRT_TWO_PI = 2.5066282746310007;
const SQRT_HALF_PI = 1.2533141373155003;
const ONE_OVER_SQRT_PI = 0.5641895835477563;

/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / SQRT_TWO_PI;
}

/** Probability of a standard normal value at or below `x`; keeps its relative precision down to the smallest double, near x = −38.5. */
export function normalCdf(x: number): number {
  if (x > 0) return 1 - normalCdf(-x);
  return x < -39 ? 0 : normalTailDensity(x) * millsRatio(-x);
}

/** The density with the rounding error of x² put back (Cody 1969): far out a half unit in x² is many units in its exponential. */
function normalTailDensity(x: number): number {
  const head = Math.trunc(x * 16) / 16;
  return (Math.exp(-0.5 * head * head) * Math.exp(-0.5 * (x - head) * (x + head))) / SQRT_TWO_PI;
}

/**
 * Mills' ratio of the standard normal distribution, (1 − cdf(x)) / density(x), for x ≥ 0: what is left of a tail without its exponential.
 * By the rational approximations of the error function of W. J. Cody (Rational Chebyshev approximations for the error function, 1969).
 */
export function millsRatio(x: number): number {
  const y = x / SQRT_2;
  if (y <= 0.46875) return SQRT_HALF_PI * Math.exp(y * y) * (1 - erfNearZero(y));
  return SQRT_HALF_PI * (y <= 4 ? scaledErfcMiddle(y) : scaledErfcFar(y));
}

/** erf(y) for 0 ≤ y ≤ 0.46875. */
function erfNearZero(y: number): number {
  const s = y * y;
  const top =
    (((0.18577770618460315 * s + 3.1611237438705655) * s + 113.86415415105016) * s + 377.485237685302) * s +
    3209.3775891384694;
  const bottom = (((s + 23.601290952344122) * s + 244.02463793444417) * s + 1282.6165260773723) * s + 2844.236833439171;
  return (y * top) / bottom;
}

/** exp(y²)·erfc(y) for 0.46875 ≤ y ≤ 4. */
function scaledErfcMiddle(y: number): number {
  const top =
    (((((((2.1531153547440383e-8 * y + 0.5641884969886701) * y + 8.883149794388377) * y + 66.11919063714163) * y +
      298.6351381974001) *
      y +
      881.952221241769) *
      y +
      1712.0476126340707) *
      y +
      2051.0783778260716) *
      y +
    1230.3393547979972;
  const bottom =
    (((((((y + 15.744926110709835) * y + 117.6939508913125) * y + 537.1811018620099) * y + 1621.3895745666903) * y +
      3290.7992357334597) *
      y +
      4362.619090143247) *
      y +
      3439.3676741437216) *
      y +
    1230.3393548037495;
  return top / bottom;
}

/** exp(y²)·erfc(y) for y ≥ 4. */
function scaledErfcFar(y: number): number {
  const s = 1 / (y * y);
  const top =
    ((((0.016315387137302097 * s + 0.30532663496123236) * s + 0.36034489994980445) * s + 0.12578172611122926) * s +
      0.016083785148742275) *
      s +
    0.0006587491615298378;
  const bottom =
    ((((s + 2.568520192289822) * s + 1.8729528499234673) * s + 0.5279051029514285) * s + 0.06051834131244132) * s +
    0.0023352049762686918;
  return (ONE_OVER_SQRT_PI - (s * top) / bottom) / y;
}

/** The value that a standard normal one is at or below with `probability`; by algorithm AS 241 (Wichura 1988), −∞ and ∞ at 0 and 1. */
export function normalQuantile(probability: number): number {
  const q = probability - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const tail = q < 0 ? probability : 1 - probability;
  if (!(tail > 0)) return tail === 0 ? Math.sign(q) * Number.POSITIVE_INFINITY : Number.NaN;
  const r = Math.sqrt(-Math.log(tail));
  return Math.sign(q) * (r <= 5 ? ratio(MIDDLE, r - 1.6) : ratio(FAR, r - 5));
}

interface Ratio {
  readonly top: readonly number[];
  readonly bottom: readonly number[];
}

function ratio({ top, bottom }: Ratio, x: number): number {
  const polynomial = (coefficients: readonly number[]) => coefficients.reduceRight((sum, each) => sum * x + each, 0);
  return polynomial(top) / polynomial(bottom);
}

const CENTRE: Ratio = {
  top: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  bottom: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
};

const MIDDLE: Ratio = {
  top: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  bottom: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
};

const FAR: Ratio = {
  top: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  bottom: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
};
