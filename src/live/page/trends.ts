import { ask } from './api';
import { fetchPrices } from './chart-data';
import { type LiveState, type Row, TREND_POINTS } from './live-state';
import type { LiveStore } from './store';
import type { WireAverage } from './wire';

/** Symbols whose past is asked for; beyond, a trend begins when the page is opened. */
const MAX_ASKED = 60;
const SPAN_MS = 900_000;
const LONG_SPAN_MS = 86_400_000;
const LIMIT = 1_000;
/** Prices in an average as the service is shipped; what it says itself goes before. */
const USUAL_WINDOW = 5;

/** Gives each new symbol of the table its recent past, one after the other, so that its trend and average need not wait for the next price. */
export function openTrends(store: LiveStore): { draw(state: LiveState): void } {
  const asked = new Set<string>();
  const waiting: Row[] = [];
  let isBusy = false;

  const work = async () => {
    isBusy = true;
    for (let row = waiting.shift(); row; row = waiting.shift()) await learn(store, row).catch(() => undefined);
    isBusy = false;
  };
  return {
    draw: ({ rows, link }) => {
      if (link.phase !== 'live') return;
      for (const row of rows.values()) {
        if (asked.size >= MAX_ASKED || asked.has(row.symbol)) continue;
        asked.add(row.symbol);
        waiting.push(row);
      }
      if (!isBusy && waiting.length > 0) void work();
    },
  };
}

async function learn(store: LiveStore, row: Row): Promise<void> {
  const { symbol, provider } = row;
  const recent = await pastOf(row);
  const before = recent.filter(({ timestamp }) => Date.parse(timestamp) < row.observedAtMs);
  store.dispatch({ type: 'past', symbol, prices: before.slice(-TREND_POINTS).map(({ price }) => price) });
  const [known] = store.state.averages.values();
  if (recent.length < (known?.window ?? USUAL_WINDOW)) return;
  const average = await ask<WireAverage>('GET', `/prices/average?${new URLSearchParams({ symbol, provider })}`);
  store.dispatch({ type: 'frame', frame: { type: 'averages', averages: [average] }, atMs: Date.now() });
}

/** Of the last minutes, or of the day where those hold too little to see. */
async function pastOf(row: Row) {
  const { prices } = await fetchPrices(row, SPAN_MS, LIMIT);
  return prices.length > USUAL_WINDOW ? prices : (await fetchPrices(row, LONG_SPAN_MS, LIMIT)).prices;
}
