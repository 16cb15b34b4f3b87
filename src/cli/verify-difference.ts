/** What can be wrong, in the words the user reads. */
export type DifferenceKind =
  | 'missing price'
  | 'missing average'
  | 'extra average'
  | 'wrong average'
  | 'stale window'
  | 'wrong latest'
  | 'extra latest';

/** One thing that is stored otherwise than it follows from the prices. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly symbol: string;
  readonly provider: string;
  /** The event it is about; of a window the newest it knows; empty where nothing is stored. */
  readonly eventId: string;
  /** Null where nothing is. */
  readonly stored: string | null;
  readonly computed: string | null;
}

/** At most this many differences of one series, or of the cache, are held and looked at again; the rest is counted. */
export const MAX_HELD = 200;

/** What one look found: the first differences, and how many there are. */
export interface Found {
  readonly differences: readonly Difference[];
  readonly count: number;
}

/** Collects what one look finds. */
export function openFindings() {
  const differences: Difference[] = [];
  let count = 0;
  return {
    add(difference: Difference): void {
      count += 1;
      if (differences.length < MAX_HELD) differences.push(difference);
    },
    found: (): Found => ({ differences, count }),
  };
}

/** What both looks found. What a running product was about to store or to correct at the first look is not there at the second, or not as it was. */
export function persisting(before: Found, now: Found): Found {
  const known = new Set(before.differences.map(nameOf));
  const differences = now.differences.filter((difference) => known.has(nameOf(difference)));
  const isAll = now.count === now.differences.length;
  return { differences, count: isAll ? differences.length : Math.max(differences.length, now.count) };
}

function nameOf({ kind, symbol, provider, eventId, stored }: Difference): string {
  return [kind, symbol, provider, eventId, stored].join('\n');
}
