/**
 * Reads at most once in `forMs`, and once at a time: those who ask meanwhile get the same answer, or the same failure. For what costs something and is asked
 * for by whoever likes.
 */
export function recently<T>(read: () => Promise<T>, forMs: number): () => Promise<T> {
  let last: Promise<T> | undefined;
  let endedMs: number | undefined;
  return () => {
    if (last && (endedMs === undefined || performance.now() - endedMs < forMs)) return last;
    endedMs = undefined;
    const ended = () => {
      endedMs = performance.now();
    };
    last = read();
    last.then(ended, ended);
    return last;
  };
}
