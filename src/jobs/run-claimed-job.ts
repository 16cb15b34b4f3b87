import type { Artifacts } from '../artifacts/artifacts';
import type { Bus } from '../bus/bus';
import type { HistoryNeed, ModelDefinition } from '../models/model';
import { messageOf, TickwireError, toTickwireError } from '../platform/errors';
import type { Log } from '../platform/log';
import { type Metrics, silentMetrics } from '../platform/metrics';
import { currentSpan } from '../platform/trace';
import type { ClaimedJob } from '../store/job-store';
import type { Store } from '../store/store';
import { compute } from './compute';
import { type JobTelling, openJobTelling } from './job-telling';
import { keepLease } from './lease-keeper';
import type { Finished, FoundHistory, StoredSeries } from './thread-task';
import type { JobThreads } from './threads';

export interface RunDependencies {
  readonly store: Pick<Store, 'modelJobs'>;
  readonly artifacts: Pick<Artifacts, 'save' | 'removeOthers'>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly log: Log;
  readonly metrics?: Metrics;
  readonly threads: JobThreads;
  /** What a model asks for is read from the store by these. */
  readonly models: readonly Pick<ModelDefinition, 'name' | 'historyOf'>[];
  /** Adjusted daily prices of every symbol needed. @throws SYMBOL_UNKNOWN, STORE_UNAVAILABLE. */
  loadHistory(need: HistoryNeed): Promise<StoredSeries>;
  readonly leaseSeconds: number;
  readonly timeoutSeconds: number;
  /** How many threads one job may use now. */
  lanes(): number;
}

/** A failure that may pass is tried so often in all. */
const MAX_ATTEMPTS = 3;
/** A job that was begun so often and never ended takes its runner down with it: it is not begun again. */
const MAX_BEGINNINGS = 5;

/** Why a run ends before the model does. */
type Ending = 'cancelled' | 'lost' | 'stopping' | 'timeout';

/** What became of an attempt; `lost` also where the end could not be stored. */
type Outcome = Ending | 'completed' | 'failed' | 'retried';

/** Runs one claimed job to its end: completed, failed, to be tried again, given back, or left to whoever has it now. Never rejects. */
export async function runClaimedJob(
  dependencies: RunDependencies,
  claimed: ClaimedJob,
  stopping: AbortSignal,
): Promise<void> {
  const { job } = claimed;
  const log = dependencies.log.child({ jobId: job.jobId, model: job.model, fence: claimed.fence });
  const telling = openJobTelling({ bus: dependencies.bus, log }, job);
  try {
    await new Run({ ...dependencies, log }, claimed, telling).toItsEnd(stopping);
  } catch (error) {
    log.warn(
      { error: messageOf(error) },
      'the end of a job could not be stored; it is claimed again when its lease is over',
    );
  }
  await telling.settled();
}

/** One attempt at one job. */
class Run {
  readonly #deps: RunDependencies;
  readonly #claimed: ClaimedJob;
  readonly #key: { readonly jobId: string; readonly fence: number };
  readonly #telling: JobTelling;
  readonly #ended = new AbortController();
  #ending: Ending | undefined;
  #outcome: Outcome = 'lost';
  #progress = 0;

  constructor(dependencies: RunDependencies, claimed: ClaimedJob, telling: JobTelling) {
    this.#deps = dependencies;
    this.#claimed = claimed;
    this.#key = { jobId: claimed.job.jobId, fence: claimed.fence };
    this.#telling = telling;
  }

  async toItsEnd(stopping: AbortSignal): Promise<void> {
    const { attempts } = this.#claimed.job;
    if (attempts > MAX_BEGINNINGS) return this.#giveUp(attempts - 1);
    const tellEnded = this.#tellBegun();
    this.#telling.tell('running', 0);
    const stop = () => this.#end('stopping');
    stopping.addEventListener('abort', stop, { once: true });
    if (stopping.aborted) stop();
    const timer = setTimeout(() => this.#end('timeout'), this.#deps.timeoutSeconds * 1000);
    const lease = this.#keepLease();
    try {
      const finished = await this.#compute();
      clearTimeout(timer);
      await this.#complete(finished);
    } catch (error) {
      await this.#unfinished(error);
    } finally {
      clearTimeout(timer);
      stopping.removeEventListener('abort', stop);
      await lease.stop();
      tellEnded();
    }
  }

  /** Tells the metrics how long the job has waited; what is returned, what became of this attempt. */
  #tellBegun(): () => void {
    const { metrics = silentMetrics } = this.#deps;
    const { model, attempts, createdAt, startedAt } = this.#claimed.job;
    const waitedMs = (startedAt ?? createdAt).getTime() - createdAt.getTime();
    if (attempts === 1) metrics.histogram('tickwire_model_job_wait_seconds', { model })(waitedMs / 1000);
    const begunMs = performance.now();
    return () => {
      const tell = metrics.histogram('tickwire_model_job_duration_seconds', { model, outcome: this.#outcome });
      tell((performance.now() - begunMs) / 1000);
    };
  }

  #end(ending: Ending): void {
    this.#ending ??= ending;
    this.#ended.abort();
  }

  #keepLease() {
    const { store, leaseSeconds, log } = this.#deps;
    const renew = () => {
      this.#telling.tell('running', this.#progress);
      return store.modelJobs.renew(this.#key, { progress: this.#progress, leaseSeconds });
    };
    return keepLease({ leaseSeconds, renew, log, onOver: (reason) => this.#end(reason) });
  }

  async #compute(): Promise<Finished> {
    const { threads, lanes } = this.#deps;
    const { job } = this.#claimed;
    const history = await this.#history();
    const onProgress = (progress: number) => {
      this.#progress = progress;
    };
    this.#ended.signal.throwIfAborted();
    return compute({ job, history, threads, lanes, onProgress }, this.#ended.signal);
  }

  async #history(): Promise<FoundHistory | null> {
    const { models, loadHistory } = this.#deps;
    const { model: name, params } = this.#claimed.job;
    const model = models.find((one) => one.name === name);
    if (!model) throw new TickwireError('MODEL_UNKNOWN', `model: this runner has no model ${name}`);
    const need = model.historyOf(params);
    return need ? { need, series: await loadHistory(need) } : null;
  }

  /** Files first, then the row that names them, then what earlier attempts left: whatever dies in between, no file of a completed job is missing. */
  async #complete({ output, files }: Finished): Promise<void> {
    const { store, artifacts, log } = this.#deps;
    const { jobId, fence } = this.#key;
    const kept = await artifacts.save(jobId, fence, files);
    if (!(await store.modelJobs.complete(this.#key, { ...output, artifacts: kept }))) return this.#discard();
    this.#outcome = 'completed';
    this.#telling.tell('completed', 1);
    log.info({ artifacts: kept.length }, 'job completed');
    await artifacts.removeOthers(jobId, fence).catch((error: unknown) => {
      log.warn({ error: messageOf(error) }, 'files of earlier attempts could not be removed');
    });
  }

  /** The job is somebody else's by now: our files go, unless its holder is still at work, who removes them with the others. */
  async #discard(): Promise<void> {
    const { store, artifacts, log } = this.#deps;
    const { jobId } = this.#key;
    log.warn({}, 'a late result was refused: the job was cancelled or taken over');
    const job = await store.modelJobs.find(jobId);
    const [first] = job?.artifacts ?? [];
    const kept = first && (await store.modelJobs.findArtifact(jobId, first.name));
    if (kept) await artifacts.removeOthers(jobId, kept.fence);
    // No attempt has the fence 0.
    else if (job?.status === 'cancelled' || job?.status === 'failed') await artifacts.removeOthers(jobId, 0);
  }

  async #unfinished(error: unknown): Promise<void> {
    const { store, log, timeoutSeconds } = this.#deps;
    this.#outcome = this.#ending ?? 'lost';
    switch (this.#ending) {
      case 'cancelled':
      case 'lost':
        log.info({ ending: this.#ending }, 'job given up');
        return;
      case 'stopping':
        if (await store.modelJobs.release(this.#key)) this.#telling.tell('queued', 0);
        return;
      case 'timeout': {
        const sentence = `the job was ended after ${timeoutSeconds} s, the limit that JOB_TIMEOUT_SECONDS sets`;
        return this.#fail(new TickwireError('JOB_TIMEOUT', sentence));
      }
      default:
        return this.#fail(toTickwireError(error));
    }
  }

  async #fail(error: TickwireError): Promise<void> {
    const { store, log } = this.#deps;
    const { attempts } = this.#claimed.job;
    const told = toldOf(error);
    const retryAfterSeconds = error.retryable && attempts < MAX_ATTEMPTS ? 2 ** (attempts - 1) : null;
    const isStored = await store.modelJobs.fail(this.#key, told, retryAfterSeconds);
    if (!isStored) return;
    currentSpan().fail(told.code);
    this.#outcome = this.#ending ?? (retryAfterSeconds === null ? 'failed' : 'retried');
    this.#telling.tell(retryAfterSeconds === null ? 'failed' : 'queued', this.#progress, told);
    log.warn({ ...told, retryAfterSeconds, fault: error.cause && messageOf(error.cause) }, 'job failed');
  }

  #giveUp(deaths: number): Promise<void> {
    const sentence = `its runner died ${deaths} times while it ran, so it is not begun again`;
    return this.#fail(new TickwireError('MODEL_FAILED', sentence));
  }
}

/** What a caller may read of it: of a fault that is not the model's only that there was one. */
function toldOf(error: TickwireError): { code: string; message: string } {
  const { code, message } = error;
  return code === 'INTERNAL'
    ? { code: 'MODEL_FAILED', message: 'the job failed by an unexpected fault; the log of its runner says more' }
    : { code, message };
}
