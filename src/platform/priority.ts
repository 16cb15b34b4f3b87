import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { messageOf } from './errors';
import type { Log } from './log';

/**
 * Lowers the priority of this process where processors are short; `nice` is 1 to 19, the lowest. Linux may weigh whole sessions against each other
 * (sched(7), autogroup), and then a nice value counts inside its session only: a process that leads a session of its own lowers the session too.
 */
export function giveWay(nice: number, log: Log): void {
  try {
    setPriority(nice);
    if (leadsItsSession()) writeFileSync('/proc/self/autogroup', String(nice));
  } catch (error) {
    log.debug({ nice, error: messageOf(error) }, 'priority left as it was');
  }
}

/**
 * Has this thread run only where nothing else wants to (SCHED_IDLE, sched(7)): whoever wakes up takes its processor at once, while a thread at nice 19 is first
 * run to the end of its slice, milliseconds that the others' slowest answers show. Linux only, by util-linux's chrt; elsewhere nothing changes.
 */
export function runWhenIdle(): void {
  const thread = threadId();
  if (thread !== undefined) spawnSync('chrt', ['--idle', '--pid', '0', thread], { stdio: 'ignore' });
}

/** As the system counts threads; undefined where it has no such list. */
function threadId(): string | undefined {
  try {
    return readlinkSync('/proc/thread-self').split('/').at(-1);
  } catch {
    return undefined;
  }
}

/** The session is the sixth field, and the second, a name in brackets, may hold anything. */
function leadsItsSession(): boolean {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const [, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return session === String(process.pid);
}
