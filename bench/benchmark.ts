/** Addresses of the real services a benchmark runs on. */
export interface BenchServices {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly kafkaBrokers: readonly string[];
}

/** What a benchmark found: ours and the peer's figure of the same run, in `unit`. */
export interface Measured {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  /** NaN where the peer cannot run. */
  readonly peer: number;
  /** What the peer is, or why it was skipped. */
  readonly peerName: string;
  /** The ratio ours / peer that is asked for, at least. */
  readonly wanted: number;
  /** The absolute figure that is asked for, where there is one. */
  readonly wantedAbsolute?: number;
  /** Other figures of the run, for the reader. */
  readonly notes: readonly string[];
}

/** Throws with a sentence when a benchmark's own result is wrong: a fast wrong answer is no answer. */
export function check(correct: boolean, sentence: string): asserts correct {
  if (!correct) throw new Error(`the benchmark's result is wrong: ${sentence}`);
}

/** Seconds since `startMs` (of `performance.now()`). */
export function secondsSince(startMs: number): number {
  return (performance.now() - startMs) / 1000;
}
