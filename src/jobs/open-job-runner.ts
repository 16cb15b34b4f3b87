import { systemClock } from '../platform/clock';
import { messageOf } from '../platform/errors';
import { currentTraceparent, inSpan, withRemoteParent } from '../platform/trace';
import type { ClaimedJob } from '../store/job-store';
import type { Store } from '../store/store';
import { JOB_PUBLISH_GRACE_SECONDS, type JobRunner, publishJobs } from './jobs';
import { type RunDependencies, runClaimedJob } from './run-claimed-job';

export interface JobRunnerOptions extends Omit<RunDependencies, 'lanes'> {
  readonly store: Pick<Store, 'modelJobs'>;
  /** Names this runner in the rows. */
  readonly owner: string;
  /** Over all runners. This one takes no more than it has threads. */
  readonly maxRunning: number;
}

/** How often the table is looked at, whatever messages come: for leases that ran out, backoffs that are over and messages that were lost. */
const BEAT_MS = 1_000;
const BEATS_PER_REPUBLISH = 5;
const REPUBLISH_LIMIT = 500;
/** More than a claim can use. */
const MAX_WANTED = 1_000;

/** A runner on the given threads. `stop` gives its jobs back, ends their threads and settles when both is done. */
export function openJobRunner(options: JobRunnerOptions): JobRunner {
  return new Runner(options);
}

class Runner implements JobRunner {
  readonly name = 'job-runner';
  readonly #options: JobRunnerOptions;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #wanted = new Set<string>();
  /** Where the traces of submissions go on, by job, until it runs here; the oldest are forgotten. */
  readonly #traceparents = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #beats = 0;
  #claiming: Promise<void> | undefined;
  #republishing: Promise<void> | undefined;
  #isRungAgain = false;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => this.#beat(), BEAT_MS);
    this.#ring();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#claiming;
    await this.#republishing;
    await Promise.all(this.#running);
    await this.#options.threads.stop();
  }

  wake(jobIds: readonly string[]): void {
    for (const id of jobIds) if (this.#wanted.size < MAX_WANTED) this.#wanted.add(id);
    this.#rememberTrace(jobIds);
    if (this.#timer) this.#ring();
  }

  #beat(): void {
    if (this.#beats % BEATS_PER_REPUBLISH === 0) this.#republishing ??= this.#republish();
    this.#beats += 1;
    this.#ring();
  }

  /** One claim at a time; a ring during one is followed by another. */
  #ring(): void {
    this.#isRungAgain = true;
    this.#claiming ??= this.#claimWhileRung().finally(() => {
      this.#claiming = undefined;
      if (this.#isRungAgain && !this.#stopping.signal.aborted) this.#ring();
    });
  }

  async #claimWhileRung(): Promise<void> {
    while (this.#isRungAgain && !this.#stopping.signal.aborted) {
      this.#isRungAgain = false;
      await this.#claim().catch((error: unknown) =>
        this.#options.log.warn({ error: messageOf(error) }, 'jobs could not be claimed'),
      );
    }
  }

  async #claim(): Promise<void> {
    const { store, owner, leaseSeconds, maxRunning, threads } = this.#options;
    const limit = threads.size - this.#running.size;
    if (limit <= 0) return;
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    const claims = await store.modelJobs.claim({ owner, leaseSeconds, maxRunning, limit, wanted });
    for (const claimed of claims) {
      const dependencies = { ...this.#options, lanes: () => this.#lanes() };
      const work = () => runClaimedJob(dependencies, claimed, this.#stopping.signal);
      const run = this.#inItsTrace(claimed, work).finally(() => {
        this.#running.delete(run);
        this.#ring();
      });
      this.#running.add(run);
    }
  }

  #rememberTrace(jobIds: readonly string[]): void {
    const traceparent = currentTraceparent();
    if (traceparent === undefined) return;
    for (const id of jobIds) this.#traceparents.set(id, traceparent);
    for (const id of this.#traceparents.keys()) {
      if (this.#traceparents.size <= MAX_WANTED) return;
      this.#traceparents.delete(id);
    }
  }

  /** The trace of the message that woke this runner; one of its own where another runner's message or the beat led to the job. */
  #inItsTrace({ job: { jobId, model, requestId, attempts } }: ClaimedJob, work: () => Promise<void>): Promise<void> {
    const traceparent = this.#traceparents.get(jobId);
    this.#traceparents.delete(jobId);
    const attributes = {
      'tickwire.job.id': jobId,
      'tickwire.job.attempts': attempts,
      'tickwire.request.id': requestId ?? undefined,
    };
    return withRemoteParent(traceparent, () => inSpan(`run ${model}`, { attributes }, work));
  }

  /** The threads are shared evenly; whoever came first gives way at its next piece. */
  #lanes(): number {
    return Math.floor(this.#options.threads.size / Math.max(1, this.#running.size));
  }

  async #republish(): Promise<void> {
    const { store, log } = this.#options;
    try {
      const waiting = await store.modelJobs.claimUnpublished(REPUBLISH_LIMIT, JOB_PUBLISH_GRACE_SECONDS);
      if (waiting.length > 0 && (await publishJobs(this.#options, waiting, systemClock()))) {
        log.info({ jobs: waiting.length }, 'published jobs that were left in the outbox');
      }
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'the outbox of jobs could not be read');
    } finally {
      this.#republishing = undefined;
    }
  }
}
