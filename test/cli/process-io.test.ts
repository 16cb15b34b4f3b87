import { EventEmitter } from 'node:events';
import { READER_GONE } from '../../src/cli/io';
import { ioOf } from '../../src/cli/process-io';

/** As much of a process as the command line touches. */
function aProcess() {
  const killed: string[] = [];
  const owner = Object.assign(new EventEmitter(), {
    pid: 1,
    stdout: new EventEmitter(),
    stderr: new EventEmitter(),
    kill: (_: number, signal: string) => killed.push(signal),
  });
  return { owner, killed, io: ioOf(owner as unknown as NodeJS.Process) };
}

afterEach(() => jest.useRealTimers());

it.each(['SIGINT', 'SIGTERM'])('%s asks the command to end, also when npm passes it on a second time', (signal) => {
  const { owner, killed, io } = aProcess();

  owner.emit(signal, signal);
  owner.emit(signal, signal);

  expect(io.signal.aborted).toBe(true);
  expect(io.signal.reason).not.toBe(READER_GONE);
  expect(killed).toEqual([]);
});

it('a second interrupt a moment later ends the process at once', () => {
  jest.useFakeTimers();
  const { owner, killed } = aProcess();

  owner.emit('SIGINT', 'SIGINT');
  jest.advanceTimersByTime(600);
  owner.emit('SIGINT', 'SIGINT');

  expect(killed).toEqual(['SIGINT']);
  expect(owner.listenerCount('SIGINT')).toBe(0);
});

it('a closed pipe ends the command quietly; any other failure of the output is not swallowed', () => {
  const { owner, io } = aProcess();

  owner.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));

  expect(io.signal.reason).toBe(READER_GONE);
  expect(() => owner.stdout.emit('error', new Error('disk full'))).toThrow('disk full');
});
