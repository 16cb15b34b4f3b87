import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { claimHome, findLeftovers, findStart, releaseHome, stopLeftovers } from '../../src/local/claim';
import { prepareHome, recordFile } from '../../src/local/home';
import { commandLineOf, writeRunRecord } from '../../src/local/run-record';
import { temporaryFolder } from '../support/temporary-folder';

async function aHomeWith(name: string) {
  const home = temporaryFolder();
  prepareHome(home);
  const child = spawn(process.execPath, ['-e', "setInterval(()=>{},1000);console.log('up')", 'start.js'], {
    detached: true,
  });
  await once(child.stdout, 'data');
  const pid = child.pid!;
  writeRunRecord(recordFile(home, name), { pid, mark: 'start.js', signal: 'SIGTERM', url: 'http://127.0.0.1:8000' });
  return { home, pid, child, ended: once(child, 'exit') };
}

describe('a home', () => {
  it('is refused to a second start, which is told who has it and where', async () => {
    const { home, pid, child, ended } = await aHomeWith('start');

    await expect(claimHome(home, 'start.js')).rejects.toThrow(`as process ${pid} at http://127.0.0.1:8000`);

    child.kill('SIGKILL');
    await ended;
    await expect(claimHome(home, 'start.js')).resolves.toBeUndefined();
  });

  it('is taken from one who only has the number of an earlier start', async () => {
    const home = temporaryFolder();
    prepareHome(home);
    writeRunRecord(recordFile(home, 'start'), { pid: process.ppid, mark: 'no such mark', signal: 'SIGTERM' });

    await claimHome(home, 'start.js');

    expect(await findStart(home)).toBeUndefined();
    releaseHome(home);
  });

  it('is cleared of what a killed start left running', async () => {
    const { home, pid, ended } = await aHomeWith('kafka');
    expect(await findLeftovers(home)).toEqual(['kafka']);

    const stopped = await stopLeftovers(home);

    await ended;
    expect(stopped).toEqual(['kafka']);
    expect(await commandLineOf(pid)).toBeUndefined();
    expect(await findLeftovers(home)).toEqual([]);
  });

  it('that does not exist yet has no leftovers', async () => {
    expect(await findLeftovers('/nonexistent/home')).toEqual([]);
  });
});
