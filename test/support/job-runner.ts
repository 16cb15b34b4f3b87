import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Artifacts } from '../../src/artifacts/artifacts';
import { openMemoryArtifacts } from '../../src/artifacts/memory';
import { openMemoryBus } from '../../src/bus/memory';
import { modelJobEvents } from '../../src/bus/topics';
import type { ModelJob } from '../../src/domain/model-job';
import type { ModelJobEvent } from '../../src/domain/model-job-event';
import { type JobRunnerOptions, openJobRunner } from '../../src/jobs/open-job-runner';
import { type JobThreads, openJobThreads } from '../../src/jobs/threads';
import { silentLog } from '../../src/platform/log';
import { openMemoryStore } from '../../src/store/memory';
import type { Store } from '../../src/store/store';
import { eventually } from './eventually';
import { TEST_MODELS } from './job-models';

/** Threads of the product with the models of the tests. */
export function testThreads(size = 2): JobThreads {
  return openJobThreads({ size, worker: join(__dirname, 'job-worker.ts'), execArgv: ['-r', 'esbuild-register'] });
}

/** A runner over memory adapters that is stopped with {@link TestRunner.stop}. */
export interface TestRunner {
  readonly store: Store;
  readonly artifacts: Artifacts;
  readonly bus: ReturnType<typeof openMemoryBus>;
  readonly runner: ReturnType<typeof openJobRunner>;
  /** Stores a job of the obedient model and wakes the runner. */
  submit(params?: object): Promise<string>;
  /** The job once `is` holds for it. */
  when(jobId: string, is: (job: ModelJob) => boolean): Promise<ModelJob>;
  /** Everything told about a job so far, in order. */
  told(jobId: string): Promise<ModelJobEvent[]>;
}

export function aRunner(changes: Partial<JobRunnerOptions & { store: Store; artifacts: Artifacts }> = {}): TestRunner {
  const store = changes.store ?? openMemoryStore();
  const artifacts = changes.artifacts ?? openMemoryArtifacts();
  const bus = openMemoryBus({});
  const threads = changes.threads ?? testThreads();
  const runner = openJobRunner({
    bus,
    log: silentLog,
    models: TEST_MODELS,
    loadHistory: async () => new Map(),
    owner: randomUUID(),
    maxRunning: 10,
    leaseSeconds: 5,
    timeoutSeconds: 60,
    ...changes,
    store,
    artifacts,
    threads,
  });
  const submit = async (params: object = {}) => {
    const jobId = randomUUID();
    const filled = { parts: 1, busy_ms: 0, mode: 'sum', symbols: [], ...params };
    await store.modelJobs.create([{ jobId, model: 'obedient', params: filled, requestId: 'r-7' }], {
      graceSeconds: 60,
    });
    runner.wake([jobId]);
    return jobId;
  };
  const when = (jobId: string, is: (job: ModelJob) => boolean) =>
    eventually(async () => {
      const job = await store.modelJobs.find(jobId);
      return job && is(job) ? job : false;
    }, 20_000) as Promise<ModelJob>;
  const told = async (jobId: string) => {
    const events: ModelJobEvent[] = [];
    for await (const record of bus.read(modelJobEvents.name)) {
      const decoded = modelJobEvents.decode(record, new Date());
      if (decoded.ok && decoded.event.jobId === jobId) events.push(decoded.event);
    }
    return events;
  };
  return { store, artifacts, bus, runner, submit, when, told };
}
