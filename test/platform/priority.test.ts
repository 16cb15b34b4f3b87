import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = join(__dirname, '..', '..', 'dist', 'src', 'platform', 'priority.js');

/** What `code` prints, run as a process that leads a session of its own; `priority` is the module under test. */
function printed(code: string): Promise<string> {
  const script = `const priority = require(${JSON.stringify(BUILT)}); const log = { debug: console.error }; ${code}`;
  const child = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (piece) => {
      text += String(piece);
    });
    child.once('error', reject);
    child.once('close', () => resolve(text.trim()));
  });
}

const hasThreadPolicies = existsSync('/proc/thread-self') && existsSync('/usr/bin/chrt');
const weighsSessions = existsSync('/proc/self/autogroup');
const onLinux = hasThreadPolicies ? test : test.skip;
const onSessions = weighsSessions ? test : test.skip;

/** The scheduling policy is the 41st field of a thread's stat, and 5 is SCHED_IDLE: proc_pid_stat(5), sched(7). */
const POLICY = `require('fs').readFileSync('/proc/thread-self/stat', 'utf8').split(') ')[1].split(' ')[38]`;

onLinux('a thread that asks for it runs only while nothing else wants to, and no other thread with it', async () => {
  const thread = `require(${JSON.stringify(BUILT)}).runWhenIdle(); require('worker_threads').parentPort.postMessage(${POLICY})`;

  const policies = await printed(
    `new (require('worker_threads').Worker)(${JSON.stringify(thread)}, { eval: true })
      .once('message', (ofThread) => console.log(ofThread, ${POLICY}))`,
  );

  expect(policies).toBe('5 0');
});

test('a process that gives way has the nice value it asked for', async () => {
  expect(await printed(`priority.giveWay(7, log); console.log(require('os').getPriority())`)).toBe('7');
});

onSessions('and its session too, where it leads one and the system weighs sessions', async () => {
  const session = await printed(
    `priority.giveWay(7, log); console.log(require('fs').readFileSync('/proc/self/autogroup', 'utf8'))`,
  );

  expect(session).toMatch(/nice 7$/);
});
