const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/** How long to wait before attempt `attempt` (1 is the first again); doubles up to 10 s, spread by `random` (0 to 1) so that pages do not come all at once. */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 16));
  return Math.round(full * (0.5 + random / 2));
}
