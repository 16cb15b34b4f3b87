/** How a discrete Brownian motion is built from its end inwards, so that the first numbers of a point decide most of the path. */
export interface BrownianBridge {
  /** Writes the increments of a motion of unit variance per step, made of as many independent normals, the most important first. */
  build(normals: Float64Array, increments: Float64Array): void;
}

interface Midpoint {
  readonly at: number;
  readonly left: number;
  readonly right: number;
}

/** Bridge over `steps` equal steps: the end first, then the middles of the remaining gaps, level by level (Moskowitz and Caflisch 1996). */
export function openBrownianBridge(steps: number): BrownianBridge {
  const midpoints = midpointsOf(steps);
  const at = Int32Array.from(midpoints, (gap) => gap.at);
  const left = Int32Array.from(midpoints, (gap) => gap.left);
  const right = Int32Array.from(midpoints, (gap) => gap.right);
  const weights = Float64Array.from(midpoints, (gap) => (gap.right - gap.at) / (gap.right - gap.left));
  const deviations = Float64Array.from(weights, (weight, k) => Math.sqrt(weight * ((at[k] ?? 0) - (left[k] ?? 0))));
  const motion = new Float64Array(steps + 1);
  return {
    build: (normals, increments) => {
      motion[steps] = Math.sqrt(steps) * (normals[0] ?? 0);
      for (let k = 0; k < at.length; k += 1) {
        const before = motion[left[k] ?? 0] ?? 0;
        const after = motion[right[k] ?? 0] ?? 0;
        const mean = after + (weights[k] ?? 0) * (before - after);
        motion[at[k] ?? 0] = mean + (deviations[k] ?? 0) * (normals[k + 1] ?? 0);
      }
      for (let step = 0; step < steps; step += 1) increments[step] = (motion[step + 1] ?? 0) - (motion[step] ?? 0);
    },
  };
}

/** Places between 0 and `steps` in the order in which they are filled, each with its neighbours that are known by then. */
function midpointsOf(steps: number): Midpoint[] {
  const order: Midpoint[] = [];
  for (let gaps = [{ left: 0, right: steps }]; gaps.length > 0; ) {
    const level = gaps
      .filter(({ left, right }) => right - left > 1)
      .map(({ left, right }) => ({ left, right, at: (left + right) >> 1 }));
    order.push(...level);
    gaps = level.flatMap(({ left, right, at }) => [
      { left, right: at },
      { left: at, right },
    ]);
  }
  return order;
}
