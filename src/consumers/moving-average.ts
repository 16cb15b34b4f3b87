import type { Message } from '../bus/bus';
import { priceEvents, symbolAverages } from '../bus/topics';
import { type Advance, advanceWindow, type WindowEntry } from '../domain/moving-average';
import type { EventKey, PriceEvent } from '../domain/price-event';
import type { SymbolAverage } from '../domain/symbol-average';
import { TickwireError } from '../platform/errors';
import { passed } from '../platform/event-flow';
import { silentMetrics } from '../platform/metrics';
import type { SeriesKey, StoredWindow } from '../store/store';
import { type ConsumerDependencies, defineConsumer } from './consumer';

/**
 * Keeps the simple moving average of each (symbol, provider) in `symbol_averages`: one row for each event that has a full window, by event time.
 * Windows live in the database and are saved in the transaction that saves the rows; what is held in memory is a copy that a version check guards.
 */
export const movingAverage = defineConsumer({
  name: 'moving-average',
  title: 'Computes moving averages by event time',
  topic: priceEvents,
  maxBatch: 4_000,
  open: (dependencies) => {
    const held = new Map<string, StoredWindow>();
    return (events) => averageBatch(dependencies, held, events);
  },
});

type Dependencies = Pick<ConsumerDependencies, 'store' | 'movingAverageWindow' | 'count' | 'metrics'>;

/** One series of a batch: the window before, and what the events made of it. */
interface Step {
  readonly before: StoredWindow;
  readonly advance: Advance;
}

async function averageBatch(
  dependencies: Dependencies,
  held: Map<string, StoredWindow>,
  events: readonly PriceEvent[],
): Promise<readonly Message[]> {
  const size = dependencies.movingAverageWindow;
  const bySeries = groupBySeries(events);
  const windows = await windowsOf(dependencies, held, bySeries);
  const steps = windows.map((before) => ({
    before,
    advance: advanceWindow(before.window, bySeries.get(nameOf(before)) ?? [], size),
  }));
  const averages = steps.flatMap(({ before, advance }) => advance.averages.map((row) => averageOf(before, row, size)));
  await save(dependencies, held, steps, averages);
  const repeated = await repeat(dependencies, steps);
  passed(dependencies.metrics ?? silentMetrics, 'averaged', events);
  return [...averages, ...repeated].map((average) => symbolAverages.message(average));
}

function groupBySeries(events: readonly PriceEvent[]): Map<string, PriceEvent[]> {
  const groups = new Map<string, PriceEvent[]>();
  for (const event of events) {
    const group = groups.get(nameOf(event));
    if (group) group.push(event);
    else groups.set(nameOf(event), [event]);
  }
  return groups;
}

function nameOf({ symbol, provider }: SeriesKey): string {
  return `${symbol} ${provider}`;
}

/** The windows of the batch's series: those held, the others from the store in one query. */
async function windowsOf(
  { store, movingAverageWindow }: Dependencies,
  held: Map<string, StoredWindow>,
  bySeries: ReadonlyMap<string, readonly PriceEvent[]>,
): Promise<StoredWindow[]> {
  const missing = [...bySeries].flatMap(([name, [first]]) => (first && !held.has(name) ? [first] : []));
  if (missing.length > 0) {
    for (const window of await store.averages.loadWindows(missing, movingAverageWindow))
      held.set(nameOf(window), window);
  }
  return [...bySeries.keys()].flatMap((name) => held.get(name) ?? []);
}

function averageOf(
  { symbol, provider }: SeriesKey,
  { last, average }: Advance['averages'][number],
  window: number,
): SymbolAverage {
  const { observedAt, sequence, eventId } = last;
  return { symbol, provider, window, average, observedAt, sequence, eventId };
}

/** Saves rows and windows together. Whatever goes wrong, the held copies are dropped: the next try reads the database. */
async function save(
  { store, movingAverageWindow: size }: Dependencies,
  held: Map<string, StoredWindow>,
  steps: readonly Step[],
  averages: readonly SymbolAverage[],
): Promise<void> {
  const changed = steps.filter(({ advance }) => advance.changed);
  for (const { before } of changed) held.delete(nameOf(before));
  const windows = changed.map(({ before, advance }) => ({ ...before, window: advance.window }));
  if (windows.length > 0 && (await store.averages.save({ size, windows, averages })) === 'conflict') {
    throw new TickwireError(
      'STORE_CONFLICT',
      'average_windows: somebody else advanced a window of this batch; it is read again',
    );
  }
  for (const window of windows) held.set(nameOf(window), { ...window, version: window.version + 1 });
}

/**
 * The rows that events older than their window gave when they were first delivered, so that an output lost after its save comes out again.
 * An event without a row of its own came too late for its window: it is counted, and `tickwire average rebuild` repairs it.
 */
async function repeat(
  { store, movingAverageWindow: size, count }: Dependencies,
  steps: readonly Step[],
): Promise<readonly SymbolAverage[]> {
  const keys = steps.flatMap(({ before: { symbol, provider }, advance }) =>
    advance.beyondSlack.map((entry) => ({ ...keyOf(entry), symbol, provider })),
  );
  if (keys.length === 0) return [];
  const rows = await store.averages.listFrom(keys, size);
  const known = new Set(rows.map((row) => row.eventId));
  const late = keys.filter((key) => !known.has(key.eventId)).length;
  if (late > 0) count('late_beyond_slack', late);
  return rows;
}

function keyOf({ observedAt, sequence, eventId }: WindowEntry): EventKey {
  return { observedAt, sequence, eventId };
}
