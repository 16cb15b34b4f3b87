import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf, findRunning, stopLeftover, writeRunRecord } from '../../src/local/run-record';
import { temporaryFolder } from '../support/temporary-folder';

/** A process that runs until it is stopped and has `mark` on its command line. */
async function aProcess(mark: string, code = '') {
  const child = spawn(process.execPath, ['-e', `${code};setInterval(()=>{},1000);console.log('up')`, mark]);
  await once(child.stdout, 'data');
  return { child, pid: child.pid!, ended: once(child, 'exit') };
}

const recordIn = (folder: string) => join(folder, 'engine.json');

describe('a run record', () => {
  it('stops the process it names, cleanly, and is forgotten', async () => {
    const file = recordIn(temporaryFolder());
    const { pid, ended } = await aProcess('mark-of-mine', "process.on('SIGTERM',()=>process.exit(7))");
    writeRunRecord(file, { pid, mark: 'mark-of-mine', signal: 'SIGTERM' });

    const stopped = await stopLeftover(file);

    expect(stopped).toBe(true);
    expect(await ended).toEqual([7, null]);
    expect(existsSync(file)).toBe(false);
  });

  it('leaves a process alone that merely got the number of the one recorded', async () => {
    const file = recordIn(temporaryFolder());
    const { child, pid, ended } = await aProcess('somebody-else');
    writeRunRecord(file, { pid, mark: 'mark-of-mine', signal: 'SIGTERM' });

    const stopped = await stopLeftover(file);

    expect(stopped).toBe(false);
    expect(await commandLineOf(pid)).toContain('somebody-else');
    child.kill('SIGKILL');
    await ended;
  });

  it('finds nothing once the process is gone, nor when the process is this one', async () => {
    const file = recordIn(temporaryFolder());
    const { child, pid, ended } = await aProcess('mark-of-mine');
    child.kill('SIGKILL');
    await ended;

    writeRunRecord(file, { pid, mark: 'mark-of-mine', signal: 'SIGTERM' });
    expect(await findRunning(file)).toBeUndefined();
    writeRunRecord(file, { pid: process.pid, mark: 'node', signal: 'SIGTERM' });
    expect(await findRunning(file)).toBeUndefined();
  });

  it.each(['', 'not json', '{"pid":-1,"mark":"","signal":"SIGTERM"}', '{"pid":1}'])(
    'that is damaged (%j) names nobody',
    async (text) => {
      const file = recordIn(temporaryFolder());
      writeFileSync(file, text);

      expect(await findRunning(file)).toBeUndefined();
      expect(await stopLeftover(file)).toBe(false);
    },
  );
});
