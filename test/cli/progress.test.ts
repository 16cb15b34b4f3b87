import { PassThrough } from 'node:stream';
import { openProgress } from '../../src/cli/progress';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('a pipe gets a plain line every few seconds, with rate and remaining time', () => {
  const output = new PassThrough({ encoding: 'utf8' });
  const progress = openProgress({ output, total: 1_000_000, unit: 'events' });

  progress.update(1_000, 1_000);
  jest.advanceTimersByTime(10_000);
  progress.update(200_000, 150_000);
  progress.update(300_000, 250_000);
  progress.stop();

  expect(output.read()).toBe('20 %  150,000 events  15,000/s  40 s left\n');
});

it('nothing runs on after the bar was stopped', () => {
  const progress = openProgress({
    output: Object.assign(new PassThrough(), { isTTY: true }),
    total: 10,
    unit: 'events',
  });

  progress.update(5, 5);
  progress.stop();

  expect(jest.getTimerCount()).toBe(0);
});
