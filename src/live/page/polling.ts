import { ask, now, sentenceOf } from './api';
import { button, element, found, setAttribute, setText } from './element';
import { every } from './every';
import type { Health } from './pipeline';
import { clockText, durationText } from './written';

const REFRESH_MS = 3_000;
const SHOWN_SYMBOLS = 8;
/** How long a second press of Remove is waited for. */
const SURE_MS = 4_000;

interface PollRun {
  readonly finished_at: string | null;
  readonly started_at: string;
  readonly outcome: string;
  readonly quotes: number;
  readonly failures: readonly { readonly symbol: string; readonly detail: string }[];
}

interface PollJob {
  readonly job_id: string;
  readonly status: 'active' | 'paused';
  readonly symbols: readonly string[];
  readonly interval: number;
  readonly provider: string;
  readonly market_hours_only: boolean;
  readonly next_run_at: string | null;
  readonly last_run: PollRun | null;
}

export interface Polling {
  /** Offers the providers that can be asked. */
  offer(health: Health): void;
}

/** The panel of polling jobs: what is fetched, when next, how it went last; and a form for one more. */
export function openPolling(): Polling {
  const list = found('poll-list', HTMLElement);
  const shown = new Map<string, PollItem>();
  const loop = every(REFRESH_MS, async () => {
    const { jobs } = await ask<{ jobs: readonly PollJob[] }>('GET', '/prices/poll');
    setText(found('poll-count', HTMLElement), String(jobs.length));
    found('poll-empty', HTMLElement).hidden = jobs.length > 0;
    const ids = new Set(jobs.map(({ job_id: id }) => id));
    for (const [id, item] of shown) {
      if (ids.has(id)) continue;
      item.root.remove();
      shown.delete(id);
    }
    jobs.forEach((job, place) => {
      const item = shown.get(job.job_id) ?? openPollItem(job.job_id, () => loop.soon());
      shown.set(job.job_id, item);
      item.draw(job);
      if (list.children[place] !== item.root) list.insertBefore(item.root, list.children[place] ?? null);
    });
  });
  setInterval(() => {
    for (const item of shown.values()) item.tick();
  }, 1_000);
  const form = found('poll-form', HTMLFormElement);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void add(form).then(() => loop.soon());
  });
  return { offer: offerProviders };
}

async function add(form: HTMLFormElement): Promise<void> {
  const filled = new FormData(form);
  const symbols = String(filled.get('symbols'))
    .split(/[\s,]+/)
    .filter((symbol) => symbol !== '');
  const provider = String(filled.get('provider') ?? '');
  const body = {
    symbols,
    interval: Number(filled.get('interval')),
    ...(provider !== '' && { provider }),
    market_hours_only: filled.get('market_hours_only') !== null,
  };
  const told = found('poll-told', HTMLElement);
  const field = found('poll-symbols', HTMLInputElement);
  try {
    await ask('POST', '/prices/poll', body);
    setText(
      told,
      `Polling ${symbols.length === 1 ? symbols[0] : `${symbols.length} symbols`} every ${body.interval} s.`,
    );
    setAttribute(told, 'data-ill', undefined);
    setAttribute(field, 'aria-invalid', undefined);
    field.value = '';
  } catch (error) {
    setText(told, sentenceOf(error));
    setAttribute(told, 'data-ill', 'true');
    setAttribute(field, 'aria-invalid', 'true');
    field.focus();
  }
}

function offerProviders({ providers }: Health): void {
  const select = found('poll-provider', HTMLSelectElement);
  const names = providers.filter(({ configured }) => configured).map(({ name }) => name);
  const offered = [...select.options].slice(1).map(({ value }) => value);
  if (names.join() === offered.join()) return;
  const chosen = select.value;
  const [first] = select.options;
  select.replaceChildren(...(first ? [first] : []), ...names.map((name) => element('option', { value: name }, name)));
  if (names.includes(chosen)) select.value = chosen;
}

interface PollItem {
  readonly root: HTMLElement;
  draw(job: PollJob): void;
  tick(): void;
}

function openPollItem(jobId: string, changed: () => void): PollItem {
  const path = `/prices/poll/${jobId}`;
  const [title, plan, next, last] = [
    element('h3'),
    element('span', { class: 'dim' }),
    element('span'),
    element('p', { class: 'outcome' }),
  ];
  let job: PollJob | undefined;
  const act = async (method: string, to: string, body?: unknown) => {
    try {
      await ask(method, to, body);
    } catch (error) {
      setText(last, sentenceOf(error));
      setAttribute(last, 'data-ill', 'true');
    }
    changed();
  };
  const toggle = button(
    'Pause',
    () => void act('PATCH', path, { status: job?.status === 'paused' ? 'active' : 'paused' }),
  );
  const run = button('Run now', () => void act('POST', `${path}/run`));
  const remove = sureButton('Remove', () => void act('DELETE', path));
  const actions = element('div', { class: 'actions' }, toggle, run, remove);
  const about = element('div', { class: 'about' }, title, element('p', { class: 'meta' }, plan, next), last);
  const root = element('li', { class: 'poll', 'data-job': jobId }, about, actions);
  const tick = () => {
    if (job) setText(next, nextText(job));
  };
  return {
    root,
    tick,
    draw: (now) => {
      job = now;
      const names = symbolsText(now.symbols);
      setText(title, names);
      title.title = now.symbols.join(', ');
      setText(
        plan,
        `every ${now.interval} s from ${now.provider}${now.market_hours_only ? ', market hours only' : ''}`,
      );
      setText(toggle, now.status === 'paused' ? 'Resume' : 'Pause');
      for (const one of [toggle, run, remove])
        setAttribute(one, 'aria-label', `${one.textContent} polling of ${names}`);
      setAttribute(root, 'data-status', now.status);
      drawOutcome(last, now.last_run);
      tick();
    },
  };
}

function nextText({ status, next_run_at: nextRunAt }: PollJob): string {
  if (status === 'paused' || nextRunAt === null) return 'paused';
  const leftMs = Date.parse(nextRunAt) - now();
  return leftMs <= 1_000 ? 'next now' : `next in ${durationText(leftMs)}`;
}

function drawOutcome(node: HTMLElement, run: PollRun | null): void {
  setAttribute(node, 'data-ill', run && ['failed', 'partial', 'abandoned'].includes(run.outcome) ? 'true' : undefined);
  if (!run) {
    setText(node, 'not run yet');
    return;
  }
  const at = clockText(Date.parse(run.finished_at ?? run.started_at), now());
  const [failure] = run.failures;
  const why = failure
    ? `: ${failure.symbol} ${failure.detail}${run.failures.length > 1 ? `, and ${run.failures.length - 1} more` : ''}`
    : '';
  setText(node, `${run.outcome}, ${run.quotes} ${run.quotes === 1 ? 'quote' : 'quotes'} at ${at}${why}`);
}

function symbolsText(symbols: readonly string[]): string {
  const rest = symbols.length - SHOWN_SYMBOLS;
  return `${symbols.slice(0, SHOWN_SYMBOLS).join(' ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** A button that must be pressed twice: what it does cannot be undone. */
function sureButton(text: string, act: () => void): HTMLButtonElement {
  let isAsked = false;
  const made = button(text, () => {
    if (isAsked) return act();
    isAsked = true;
    setText(made, 'Sure?');
    made.setAttribute('aria-label', `Press again to ${text.toLowerCase()}`);
    setTimeout(() => {
      isAsked = false;
      setText(made, text);
    }, SURE_MS);
  });
  made.classList.add('quiet');
  return made;
}
