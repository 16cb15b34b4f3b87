/** How far counters had come at some moment. */
export interface FlowSample {
  readonly atMs: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** Samples over which a rate is taken. */
const KEPT_SAMPLES = 6;

/** `samples` with one more, the oldest beyond what a rate needs left out. */
export function withSample(samples: readonly FlowSample[], sample: FlowSample): readonly FlowSample[] {
  return [...samples, sample].slice(-KEPT_SAMPLES);
}

/** How fast a counter grows, per second, over the samples that know it; undefined until two do. A counter that fell began anew and counts from there. */
export function rateOf(samples: readonly FlowSample[], counter: string): number | undefined {
  let known = samples.flatMap(({ atMs, counts }) => {
    const count = counts[counter];
    return count === undefined ? [] : [{ atMs, count }];
  });
  const fall = known.findLastIndex(({ count }, index) => index > 0 && count < (known[index - 1]?.count ?? 0));
  if (fall > 0) known = known.slice(fall);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || last.atMs <= first.atMs) return undefined;
  return ((last.count - first.count) * 1000) / (last.atMs - first.atMs);
}
