import type { ClaimedPoll, PollConfig, PollJob } from '../../src/domain/poll-job';
import type { Store } from '../../src/store/store';
import { aSeries } from './series';

const SUCCEEDED = { outcome: 'succeeded', quotes: 1, failures: [] } as const;

/** A configuration no other test has. */
export function aConfig(changes: Partial<PollConfig> = {}): PollConfig {
  return { symbols: [aSeries().symbol], intervalSeconds: 60, provider: 'fixture', ...changes };
}

/** What the tests of a schedule do with it. */
export function pollJobActions(underTest: () => { store: Store; passTime(seconds: number): Promise<void> }) {
  const pollJobs = () => underTest().store.pollJobs;
  const pass = (seconds: number) => underTest().passTime(seconds);
  const create = async (changes: Partial<PollConfig> = {}) => (await pollJobs().create(aConfig(changes), {})).job;
  const claimAll = (leaseSeconds = 30) => pollJobs().claimDue({ owner: 'test', leaseSeconds, limit: 100 });
  const claim = async (job: PollJob, leaseSeconds = 30): Promise<ClaimedPoll | undefined> =>
    (await claimAll(leaseSeconds)).find(({ jobId }) => jobId === job.jobId);
  const find = async (job: PollJob) => (await pollJobs().find(job.jobId))!;
  const complete = async (run: ClaimedPoll | undefined) => run !== undefined && pollJobs().completeRun(run, SUCCEEDED);
  const secondsAfterAnchor = (job: PollJob, at: Date) => (at.getTime() - job.anchorAt.getTime()) / 1000;
  /** A job left behind would be claimed by the next test. */
  const removeAll = async () => {
    for (const { jobId } of await pollJobs().list()) await pollJobs().remove(jobId);
  };
  return { pollJobs, pass, create, claimAll, claim, find, complete, secondsAfterAnchor, removeAll };
}
