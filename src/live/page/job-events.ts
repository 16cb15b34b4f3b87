import { heldKey } from './access';
import { ticketed } from './ticket';

/** How far a job is. */
export interface JobProgress {
  readonly status: string;
  readonly progress: number;
}

export interface JobEvents {
  /** Begins to listen; nothing where it already does. */
  follow(): void;
  /** True while what is told is newer than any answer. */
  isOpen(): boolean;
  close(): void;
}

/** The events of one job. `ended` is told last, once the job is. */
export function openJobEvents(
  jobId: string,
  told: { progress(now: JobProgress): void; ended(last: JobProgress): void },
): JobEvents {
  let stream: EventSource | undefined;
  /** The opening that counts: one that was closed while it waited for a ticket opens nothing. */
  let current: symbol | undefined;

  const close = () => {
    current = undefined;
    stream?.close();
    stream = undefined;
  };
  const open = (address: string) => {
    stream = new EventSource(address);
    // By itself it would come back with a ticket that is used up; whoever follows next opens it with another.
    if (heldKey() !== undefined) stream.addEventListener('error', close);
    stream.addEventListener('progress', ({ data }) => told.progress(JSON.parse(data)));
    stream.addEventListener('end', ({ data }) => {
      close();
      told.ended(JSON.parse(data));
    });
  };
  return {
    follow: () => {
      if (current) return;
      const mine = Symbol(jobId);
      current = mine;
      const ifCurrent = (act: (address: string) => void) => (address: string) => {
        if (current === mine) act(address);
      };
      const url = new URL(`/api/v1/jobs/${encodeURIComponent(jobId)}/events`, location.href);
      void ticketed(url).then(ifCurrent(open), ifCurrent(close));
    },
    isOpen: () => stream?.readyState === EventSource.OPEN,
    close,
  };
}
