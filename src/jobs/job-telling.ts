import type { Bus } from '../bus/bus';
import type { ModelJob, ModelJobStatus } from '../domain/model-job';
import { systemClock } from '../platform/clock';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';
import { jobEventMessage } from './jobs';

/** Tells on `model-job-events` what becomes of one job, in order and as well as it can: the row is the truth. */
export interface JobTelling {
  tell(status: ModelJobStatus, progress: number, error?: ModelJob['error']): void;
  /** Settles when what was told is out or lost. Never rejects. */
  settled(): Promise<void>;
}

/** Progress by less than this is not worth an event. */
const STEP = 0.05;

export function openJobTelling(
  { bus, log }: { bus: Pick<Bus, 'publish'>; log: Log },
  job: Pick<ModelJob, 'jobId' | 'requestId' | 'owner'>,
): JobTelling {
  let last: { status: ModelJobStatus; progress: number } | undefined;
  let publishing = Promise.resolve();
  return {
    tell(status, progress, error) {
      if (last?.status === status && progress - last.progress < STEP) return;
      last = { status, progress };
      const message = jobEventMessage(job, { status, progress, error: error ?? null }, systemClock());
      publishing = publishing.then(() =>
        bus
          .publish([message])
          .catch((failure: unknown) =>
            log.debug({ jobId: job.jobId, error: messageOf(failure) }, 'event not published'),
          ),
      );
    },
    settled: () => publishing,
  };
}
