import { onLocked } from './access';
import { openAccess } from './access-panel';
import { openConnection } from './connection';
import { openDetail } from './detail';
import { found } from './element';
import { openLinkState } from './link-state';
import { openModelJobs } from './model-jobs';
import { openPipeline } from './pipeline';
import { openPolling } from './polling';
import { openPriceTable } from './price-table';
import { openLiveStore } from './store';
import { openTrends } from './trends';

const store = openLiveStore();
openAccess();
onLocked(() => store.dispatch({ type: 'locked' }));
const connection = openConnection({
  frame: (frame) => {
    store.dispatch({ type: 'frame', frame, atMs: Date.now() });
    if (store.state.hasGap) connection.resume();
  },
  opened: () => store.dispatch({ type: 'opened' }),
  lost: (heardAtMs) => store.dispatch({ type: 'lost', heardAtMs }),
  sequence: () => store.state.sequence,
});

const detail = openDetail();
const table = openPriceTable((symbol) => {
  show(symbol);
  const title = found('detail-title', HTMLElement);
  title.focus({ preventScroll: true });
  title.scrollIntoView({ block: 'nearest' });
});
const polling = openPolling();
const pipeline = openPipeline((health) => polling.offer(health));
const trends = openTrends(store);
let shown: string | undefined;

function show(symbol: string): void {
  shown = symbol;
  detail.show(symbol);
  table.select(symbol);
}

store.onChange(openLinkState(() => connection.retry()).draw);
for (const part of [table, detail, pipeline, trends]) store.onChange((state) => part.draw(state));
store.onChange(({ rows }) => {
  const [first] = [...rows.keys()].sort();
  if (shown === undefined && first !== undefined) show(first);
});
openModelJobs();
