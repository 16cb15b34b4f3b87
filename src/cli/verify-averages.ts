import { createHash, type Hash } from 'node:crypto';
import {
  type AverageWindow,
  advanceWindow,
  EMPTY_WINDOW,
  SLACK_EVENTS,
  type WindowAverage,
} from '../domain/moving-average';
import { compareEventKeys, type EventKey } from '../domain/price-event';
import type { SymbolAverage } from '../domain/symbol-average';
import type { SeriesKey, Store } from '../store/store';
import { type Difference, type Found, openFindings } from './verify-difference';

/** Rows of one page. */
const PAGE = 5_000;

/** What one look at one series found. */
export interface AveragesLook extends Found {
  readonly prices: number;
  /** Averages that follow from the prices. */
  readonly averages: number;
  /** SHA-256 over the events and values of all averages, as they follow from the prices and as they are stored: equal where nothing differs. */
  readonly digests: { readonly computed: string; readonly stored: string };
}

interface Row extends EventKey {
  readonly average: number;
}

/** The averages and the window of one series as they follow from its prices, as far as those were read. */
interface Shadow {
  window: AverageWindow;
  prices: number;
  averages: number;
}

/**
 * Computes the averages and the window of one series from its stored prices, page by page, and compares them with what is stored, row by row in event order.
 * @throws STORE_UNAVAILABLE.
 */
export async function lookAtAverages(store: Store, series: SeriesKey, size: number): Promise<AveragesLook> {
  const findings = openFindings();
  const digests = { computed: createHash('sha256'), stored: createHash('sha256') };
  const shadow: Shadow = { window: EMPTY_WINDOW, prices: 0, averages: 0 };
  const [before] = await store.averages.loadWindows([series], size);

  for await (const pair of pairsOf(computedRows(store, series, size, shadow), storedRows(store, series, size))) {
    if (pair.computed) add(digests.computed, pair.computed);
    if (pair.stored) add(digests.stored, pair.stored);
    const difference = differenceOf(series, pair);
    if (difference) findings.add(difference);
  }
  const stale = staleWindow(series, before?.window ?? EMPTY_WINDOW, shadow.window, size);
  if (stale) findings.add(stale);
  return {
    ...findings.found(),
    prices: shadow.prices,
    averages: shadow.averages,
    digests: { computed: digests.computed.digest('hex'), stored: digests.stored.digest('hex') },
  };
}

/** A row that follows from the prices, the stored one of the same event, or both. */
interface Pair {
  readonly computed?: Row | undefined;
  readonly stored?: Row | undefined;
}

/** Both in event order, each row once. */
async function* pairsOf(computed: AsyncIterable<Row>, stored: AsyncIterable<Row>): AsyncGenerator<Pair> {
  const others = stored[Symbol.asyncIterator]();
  let other = await others.next();
  for await (const row of computed) {
    for (; !other.done && compareEventKeys(other.value, row) < 0; other = await others.next()) {
      yield { stored: other.value };
    }
    if (other.done || compareEventKeys(other.value, row) > 0) {
      yield { computed: row };
      continue;
    }
    yield { computed: row, stored: other.value };
    other = await others.next();
  }
  for (; !other.done; other = await others.next()) yield { stored: other.value };
}

function differenceOf({ symbol, provider }: SeriesKey, { computed, stored }: Pair): Difference | undefined {
  if (computed?.average === stored?.average) return undefined;
  const kind = !stored ? 'missing average' : !computed ? 'extra average' : 'wrong average';
  const eventId = (computed ?? stored)?.eventId ?? '';
  const values = { stored: stored ? `${stored.average}` : null, computed: computed ? `${computed.average}` : null };
  return { kind, symbol, provider, eventId, ...values };
}

async function* computedRows(store: Store, series: SeriesKey, size: number, shadow: Shadow): AsyncGenerator<Row> {
  let after: EventKey | undefined;
  do {
    const page = await store.prices.list({ ...series, after, limit: PAGE });
    const advance = advanceWindow(shadow.window, page, size);
    shadow.window = advance.window;
    shadow.prices += page.length;
    shadow.averages += advance.averages.length;
    yield* advance.averages.map(rowOf);
    after = page.at(-1);
  } while (after !== undefined);
}

async function* storedRows(store: Store, series: SeriesKey, size: number): AsyncGenerator<SymbolAverage> {
  let after: SymbolAverage | undefined;
  do {
    const page = await store.averages.list({ ...series, size, after, limit: PAGE });
    yield* page;
    after = page.at(-1);
  } while (after !== undefined);
}

function rowOf({ last, average }: WindowAverage): Row {
  return { ...last, average };
}

function add(digest: Hash, { eventId, average }: Row): void {
  digest.update(`${eventId} ${average}\n`);
}

/** A stored window that does not say what the newest prices say. It may remember more than the table has kept, never less. */
function staleWindow(
  { symbol, provider }: SeriesKey,
  stored: AverageWindow,
  computed: AverageWindow,
  size: number,
): Difference | undefined {
  const newest = stored.entries.slice(-computed.entries.length);
  const isSame = computed.entries.every((entry, index) => {
    const own = newest[index];
    return own !== undefined && compareEventKeys(own, entry) === 0 && own.price === entry.price;
  });
  const isWhole = stored.entries.length >= Math.min(computed.entries.length, size + SLACK_EVENTS);
  if (isSame && isWhole && (stored.truncated || !computed.truncated)) return undefined;
  const ids = { stored: idOf(stored), computed: idOf(computed) };
  return { kind: 'stale window', symbol, provider, eventId: ids.stored ?? '', ...ids };
}

function idOf({ entries }: AverageWindow): string | null {
  return entries.at(-1)?.eventId ?? null;
}
