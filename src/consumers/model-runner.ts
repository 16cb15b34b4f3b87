import { modelJobs } from '../bus/topics';
import { defineConsumer } from './consumer';

/**
 * Wakes the runner of this process for every job that is published. The row of a job is the truth and the runner looks for due rows by itself as well, so
 * that a message may be committed at once: one that is lost costs a second, one that comes twice costs nothing.
 */
export const modelRunner = defineConsumer({
  name: 'model-runner',
  title: 'Runs model jobs',
  topic: modelJobs,
  maxBatch: 1_000,
  open:
    ({ jobs }) =>
    async (events) => {
      jobs.wake(events.map(({ jobId }) => jobId));
      return [];
    },
});
