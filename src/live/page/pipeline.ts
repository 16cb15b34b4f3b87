import { look } from './api';
import { element, found, setAttribute, setText } from './element';
import { every } from './every';
import { type FlowSample, rateOf, withSample } from './flow-rates';
import type { LiveState } from './live-state';
import { countText, rateText } from './written';

const LOOK_EVERY_MS = 2_000;

/** What `/health` tells, as far as it is shown here. */
export interface Health {
  readonly status: 'ok' | 'degraded' | 503;
  readonly dependencies: Readonly<
    Record<'database' | 'cache' | 'kafka', { readonly status: 'up' | 'down'; readonly latency_ms: number | null }>
  >;
  readonly consumers: readonly {
    readonly name: string;
    readonly title: string;
    readonly topic: string;
    readonly lag: number | null;
    readonly handled?: number | null;
  }[];
  readonly topics?: readonly { readonly name: string; readonly published: number | null }[];
  readonly dead_letters?: { readonly records: number | null };
  readonly providers: readonly {
    readonly name: string;
    readonly title: string;
    readonly configured: boolean;
    readonly breaker: string;
  }[];
  readonly outbox: { readonly unpublished: number | null };
}

const PRICES = 'price-events';
/** So many answers may be between the database and Kafka at any moment. */
const ON_THEIR_WAY = 5;

/** The stages of the pipeline with what passes through them, from what the service says of its health and from what arrives here. `told` is given each answer. */
export function openPipeline(told: (health: Health) => void): { draw(state: LiveState): void } {
  let samples: readonly FlowSample[] = [];
  let arrivals: readonly FlowSample[] = [];
  let state: LiveState | undefined;

  every(LOOK_EVERY_MS, async () => {
    const health = await look<Health>('/health').catch(() => undefined);
    setAttribute(found('pipeline', HTMLElement), 'data-away', health ? undefined : 'true');
    if (!health?.dependencies) return;
    samples = withSample(samples, { atMs: performance.now(), counts: countsOf(health) });
    drawStages(health, samples, state);
    told(health);
  });
  setInterval(() => {
    if (!state) return;
    arrivals = withSample(arrivals, { atMs: performance.now(), counts: { taken: state.taken } });
    const isLive = state.link.phase === 'live' && state.staleSinceMs === undefined;
    const perSecond = isLive ? (rateOf(arrivals, 'taken') ?? 0) : 0;
    stage('page', { figure: rateText(perSecond), unit: 'changes/s', perSecond, isIll: !isLive });
    setText(part('page', 'note'), isLive ? `${state.rows.size} symbols, socket open` : 'socket closed or stale');
  }, 1_000);
  return {
    draw: (next) => {
      state = next;
    },
  };
}

function countsOf({ consumers, topics = [] }: Health): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { name, handled } of consumers) if (typeof handled === 'number') counts[`group ${name}`] = handled;
  for (const { name, published } of topics) if (published !== null) counts[`topic ${name}`] = published;
  return counts;
}

function drawStages(health: Health, samples: readonly FlowSample[], state: LiveState | undefined): void {
  const published = rateOf(samples, `topic ${PRICES}`) ?? 0;
  drawProviders(health, published, state);
  drawKafka(health, published);
  drawConsumers(health, samples);
  drawStores(health, published);
}

function drawProviders({ providers, outbox }: Health, perSecond: number, state: LiveState | undefined): void {
  const used = new Set([...(state?.rows.values() ?? [])].map(({ provider }) => provider));
  const shown = providers.filter(({ name, configured }) => configured && (used.size === 0 || used.has(name)));
  const resting = providers.filter(({ breaker }) => breaker !== 'closed');
  const names =
    shown
      .map(({ name }) => name)
      .slice(0, 3)
      .join(', ') || 'none';
  const rest = resting.map(({ name, breaker }) => `${name} ${breaker === 'open' ? 'resting' : 'trying again'}`);
  stage('providers', { figure: names, unit: '', perSecond, isIll: resting.length > 0 });
  const unpublished = outbox.unpublished ?? 0;
  const waiting = unpublished > ON_THEIR_WAY ? `${countText(unpublished)} answers wait for Kafka` : 'answers well';
  setText(part('providers', 'note'), rest.length > 0 ? rest.join(', ') : waiting);
}

function drawKafka({ dependencies, dead_letters: dead, topics = [] }: Health, perSecond: number): void {
  const isDown = dependencies.kafka.status === 'down';
  const records = dead?.records ?? 0;
  const total = topics.find(({ name }) => name === PRICES)?.published;
  stage('kafka', {
    figure: isDown ? 'down' : rateText(perSecond),
    unit: isDown ? '' : 'events/s',
    perSecond,
    isIll: isDown,
  });
  setText(part('kafka', 'note'), typeof total === 'number' ? `${countText(total)} events so far` : '');
  const letters = part('kafka', 'dead');
  setText(letters, typeof dead?.records === 'number' ? `${countText(records)} dead letters` : '');
  setAttribute(letters, 'data-ill', records > 0 ? 'true' : undefined);
}

function drawConsumers({ consumers }: Health, samples: readonly FlowSample[]): void {
  const rows = consumers.map(({ name, title, lag }) => {
    const perSecond = rateOf(samples, `group ${name}`) ?? 0;
    const isBehind = lag !== null && lag > Math.max(50, perSecond * 5);
    const lagText = lag === null ? 'lag unknown' : `lag ${countText(lag)}`;
    const figures = [
      element('span', { class: 'rate' }, `${rateText(perSecond)}/s`),
      element('span', { class: 'lag' }, lagText),
    ];
    return element('li', { title, 'data-ill': isBehind }, element('span', { class: 'name' }, name), ...figures);
  });
  part('consumers', 'list').replaceChildren(...rows);
  const rates = consumers.map(({ name }) => rateOf(samples, `group ${name}`) ?? 0);
  stage('consumers', { figure: '', unit: '', perSecond: Math.max(0, ...rates), isIll: false });
}

function drawStores({ dependencies }: Health, perSecond: number): void {
  const isIll = [dependencies.database, dependencies.cache].some(({ status }) => status === 'down');
  stage('stores', { figure: '', unit: '', perSecond, isIll });
  for (const name of ['database', 'cache'] as const) {
    const { status, latency_ms: latencyMs } = dependencies[name];
    const node = part('stores', name);
    setText(node, status === 'up' ? `${Math.max(1, Math.round(latencyMs ?? 0))} ms` : 'down');
    setAttribute(node, 'data-ill', status === 'down' ? 'true' : undefined);
  }
}

interface StageView {
  readonly figure: string;
  readonly unit: string;
  readonly perSecond: number;
  readonly isIll: boolean;
}

/** The pipe that leaves a stage moves while something passes, quicker where more does. */
function stage(name: string, { figure, unit, perSecond, isIll }: StageView): void {
  const node = found(`stage-${name}`, HTMLElement);
  setAttribute(node, 'data-ill', isIll ? 'true' : undefined);
  setAttribute(node, 'data-flows', perSecond > 0.01 ? 'true' : undefined);
  const seconds = Math.max(0.5, Math.min(4, 3 / (1 + Math.log10(1 + perSecond))));
  node.style.setProperty('--beat', `${seconds.toFixed(1)}s`);
  const place = node.querySelector('[data-part="figure"]');
  if (place) setText(place, figure);
  const unitPlace = node.querySelector('[data-part="unit"]');
  if (unitPlace) setText(unitPlace, unit);
}

function part(name: string, of: string): Element {
  const node = document.querySelector(`#stage-${name} [data-part="${of}"]`);
  if (node) return node;
  throw new Error(`page.html has no part ${of} in the stage ${name}`);
}
