import { ask, now } from './api';
import { element, found, setAttribute, setText } from './element';
import { every } from './every';
import { type JobProgress, openJobEvents } from './job-events';
import { openModelForm } from './model-form';
import { drawJob, type ModelJob } from './model-job';
import { clockText } from './written';

const REFRESH_MS = 5_000;
const SHOWN_JOBS = 6;

/** The panel of model jobs: a form for one more, the newest of them, and one of them with its charts. */
export function openModelJobs(): void {
  const shown = new Map<string, JobItem>();
  let chosen: string | undefined;

  const choose = async (jobId: string) => {
    chosen = jobId;
    for (const [id, item] of shown) setAttribute(item.opener, 'aria-current', id === jobId ? 'true' : undefined);
    const job = await ask<ModelJob>('GET', `/api/v1/jobs/${encodeURIComponent(jobId)}`).catch(() => undefined);
    if (job && chosen === jobId) drawJob(job);
  };
  const loop = every(REFRESH_MS, async () => {
    const { jobs } = await ask<{ jobs: readonly ModelJob[] }>('GET', `/api/v1/jobs?limit=${SHOWN_JOBS}`);
    found('job-empty', HTMLElement).hidden = jobs.length > 0;
    drawList(jobs, { shown, choose: (jobId) => void choose(jobId), ended: (jobId) => ended(jobId) });
    const [newest] = jobs;
    if (chosen === undefined && newest) await choose(newest.job_id);
  });
  const ended = (jobId: string) => {
    loop.soon();
    if (chosen === jobId) void choose(jobId);
  };
  const offer = () =>
    openModelForm((jobId) => {
      loop.soon();
      void choose(jobId);
    }).catch(() => {
      setTimeout(() => void offer(), REFRESH_MS);
    });
  void offer();
}

interface JobListing {
  readonly shown: Map<string, JobItem>;
  choose(jobId: string): void;
  ended(jobId: string): void;
}

function drawList(jobs: readonly ModelJob[], { shown, choose, ended }: JobListing): void {
  const list = found('job-list', HTMLElement);
  const ids = new Set(jobs.map(({ job_id: id }) => id));
  for (const [id, item] of shown) {
    if (ids.has(id)) continue;
    item.end();
    shown.delete(id);
  }
  jobs.forEach((job, place) => {
    const item = shown.get(job.job_id) ?? openJobItem(job, choose, ended);
    shown.set(job.job_id, item);
    item.draw(job);
    if (list.children[place] !== item.root) list.insertBefore(item.root, list.children[place] ?? null);
  });
}

interface JobItem {
  readonly root: HTMLElement;
  readonly opener: HTMLButtonElement;
  draw(job: ModelJob): void;
  /** Takes it from the page. */
  end(): void;
}

function openJobItem(job: ModelJob, choose: (id: string) => void, ended: (id: string) => void): JobItem {
  const { job_id: jobId, model } = job;
  const status = element('span', { class: 'status' });
  const bar = element('progress', { max: 1, 'aria-label': `Progress of ${model}` });
  const created = element('span', { class: 'dim' }, clockText(Date.parse(job.created_at), now()));
  const opener = element('button', { type: 'button', class: 'job' }, element('strong', {}, model), created, status);
  opener.addEventListener('click', () => choose(jobId));
  const root = element('li', { 'data-job': jobId }, opener, bar);
  const draw = ({ status: now, progress }: JobProgress) => {
    setText(status, now === 'running' ? `${Math.round(progress * 100)} %` : now);
    setAttribute(root, 'data-status', now);
    bar.value = progress;
    bar.hidden = isFinal(now);
  };
  let isOver = isFinal(job.status);
  /** Told once, by whichever brings the news first: its events or the list. */
  const drawEnd = (last: JobProgress) => {
    events.close();
    draw(last);
    if (isOver) return;
    isOver = true;
    ended(jobId);
  };
  const events = openJobEvents(jobId, { progress: draw, ended: drawEnd });
  return {
    root,
    opener,
    draw: (next) => {
      if (isFinal(next.status)) return drawEnd(next);
      events.follow();
      if (!events.isOpen()) draw(next);
    },
    end: () => {
      events.close();
      root.remove();
    },
  };
}

function isFinal(status: string): boolean {
  return status !== 'queued' && status !== 'running';
}
