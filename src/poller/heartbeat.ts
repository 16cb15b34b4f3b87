import cron from 'node-cron';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';
import type { Service } from '../platform/service';

/** How long a stop waits for running work before it aborts it. */
const GRACE_MS = 5_000;

/** Work to be begun at a bell. */
export interface Beat {
  readonly name: string;
  /** Rung every so many seconds. */
  readonly everySeconds: number;
  /** Whether a bell may begin the work while earlier work still runs. */
  readonly mode: 'overlapping' | 'one-at-a-time';
  run(signal: AbortSignal): Promise<unknown>;
}

/**
 * The clock of the poller: node-cron rings once a second, and the bell begins the beats that are due. It schedules nothing itself: what is to be done is in
 * the database. Work that fails is logged and tried again at the next bell.
 */
export function heartbeat({ beats, log }: { beats: readonly Beat[]; log: Log }): Service {
  const stopping = new AbortController();
  const running = new Map<Promise<void>, Beat>();
  let seconds = 0;

  const begin = (beat: Beat) => {
    if (beat.mode === 'one-at-a-time' && [...running.values()].includes(beat)) return;
    const work = beat
      .run(stopping.signal)
      .catch((error: unknown) => log.warn({ beat: beat.name, error: messageOf(error) }, 'beat failed'))
      .then(() => void running.delete(work));
    running.set(work, beat);
  };
  const ring = () => {
    for (const beat of beats) if (seconds % beat.everySeconds === 0) begin(beat);
    seconds += 1;
  };
  const bell = cron.createTask('* * * * * *', ring, { suppressMissedWarning: true });

  return {
    name: 'heartbeat',
    async start() {
      await bell.start();
    },
    async stop() {
      await bell.destroy();
      const grace = setTimeout(() => stopping.abort(), GRACE_MS);
      await Promise.all(running.keys());
      clearTimeout(grace);
    },
  };
}
