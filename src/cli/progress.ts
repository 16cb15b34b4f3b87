import { SingleBar } from 'cli-progress';
import type { Output } from './io';
import { shortDuration, shortNumber } from './printable';

/** How often a pipe gets a line. */
const LINE_EVERY_MS = 3_000;

/** How far a long piece of work has come. */
export interface Progress {
  /** `position` of the total given at the start; `done` pieces of the unit so far. */
  update(position: number, done: number): void;
  /** Leaves the last state to be read. Nothing of it runs afterwards. */
  stop(): void;
}

export interface ProgressOptions {
  readonly output: Output;
  /** Where `position` ends. */
  readonly total: number;
  /** Plural noun of what is counted. */
  readonly unit: string;
}

/** Shows nothing, for machine-readable output. */
export const silentProgress: Progress = { update: () => undefined, stop: () => undefined };

/** A bar with rate and remaining time on a terminal, a plain line every few seconds elsewhere. */
export function openProgress(options: ProgressOptions): Progress {
  return options.output.isTTY ? openBar(options) : openLines(options);
}

function openBar({ output, total, unit }: ProgressOptions): Progress {
  const pace = startPace(total);
  const bar = new SingleBar({
    stream: output,
    format: `[{bar}] {percentage}%  {done} ${unit}  {rate}/s  {remaining} left`,
    barsize: 28,
    hideCursor: true,
    gracefulExit: false,
  });
  bar.start(total, 0, pace(0, 0));
  return {
    update: (position, done) => bar.update(Math.min(position, total), pace(position, done)),
    stop: () => bar.stop(),
  };
}

function openLines({ output, total, unit }: ProgressOptions): Progress {
  const pace = startPace(total);
  let lastMs = Date.now();
  return {
    update: (position, done) => {
      if (Date.now() - lastMs < LINE_EVERY_MS) return;
      lastMs = Date.now();
      const now = pace(position, done);
      output.write(`${now.percentage} %  ${now.done} ${unit}  ${now.rate}/s  ${now.remaining} left\n`);
    },
    stop: () => undefined,
  };
}

/** Rate and remaining time since now, ready to be shown. */
function startPace(total: number) {
  const startMs = Date.now();
  return (position: number, done: number) => {
    const seconds = (Date.now() - startMs) / 1000;
    const remaining = position > 0 ? (Math.max(0, total - position) / position) * seconds : undefined;
    return {
      done: shortNumber(done),
      rate: shortNumber(seconds > 0 ? done / seconds : 0),
      remaining: remaining === undefined ? '?' : shortDuration(remaining),
      percentage: Math.min(100, Math.floor((100 * position) / Math.max(1, total))),
    };
  };
}
