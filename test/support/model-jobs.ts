import { randomUUID } from 'node:crypto';
import type { ModelArtifact } from '../../src/domain/model-job';
import type { NewModelJob } from '../../src/store/job-store';
import type { Store } from '../../src/store/store';

/** A job as a submission stores it. */
export function aNewJob(changes: Partial<NewModelJob> = {}): NewModelJob {
  const job = {
    jobId: randomUUID(),
    model: 'test',
    params: { spot: 42.1, nested: [1e-7] },
    requestId: 'r-1',
  };
  return { ...job, ...changes };
}

/** A file as the artifacts port tells of it. */
export function anArtifact(name: string): ModelArtifact {
  return { name, contentType: 'application/json', bytes: 17, sha256: 'ab'.repeat(32) };
}

export const NO_RESULT = { result: {}, metrics: {}, warnings: [], artifacts: [] };

/** What the tests of model jobs do with them. */
export function modelJobActions(underTest: () => { store: Store; passTime(seconds: number): Promise<void> }) {
  const jobs = () => underTest().store.modelJobs;
  const pass = (seconds: number) => underTest().passTime(seconds);
  const create = async (...wanted: NewModelJob[]) => {
    const [job] = (await jobs().create(wanted.length ? wanted : [aNewJob()], { graceSeconds: 10 })).jobs;
    return job!;
  };
  const claim = (changes: Partial<Parameters<ReturnType<typeof jobs>['claim']>[0]> = {}) =>
    jobs().claim({ owner: 'test', leaseSeconds: 30, maxRunning: 100, limit: 100, wanted: [], ...changes });
  /** A new job, claimed by one runner. */
  const claimed = async (leaseSeconds = 30) => {
    const { jobId } = await create();
    const mine = (await claim({ leaseSeconds })).find(({ job }) => job.jobId === jobId);
    return { jobId, fence: mine!.fence };
  };
  const find = async (jobId: string) => (await jobs().find(jobId))!;
  /** A job left behind would be claimed by the next test. */
  const endAll = async () => {
    for (const status of ['queued', 'running'] as const) {
      for (const { jobId } of await jobs().list({ status, limit: 10_000 })) await jobs().cancel(jobId);
    }
  };
  return { jobs, pass, create, claim, claimed, find, endAll };
}
