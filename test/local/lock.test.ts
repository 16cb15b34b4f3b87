import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../src/local/lock';
import { pause } from '../../src/platform/clock';
import { temporaryFolder } from '../support/temporary-folder';

describe('a lock file', () => {
  it('lets one work at a time', async () => {
    const file = join(temporaryFolder(), 'lock');
    let working = 0;
    const work = async () => {
      working += 1;
      const together = working;
      await pause(5);
      working -= 1;
      return together;
    };

    const together = await Promise.all([withLock(file, work), withLock(file, work), withLock(file, work)]);

    expect(together).toEqual([1, 1, 1]);
    expect(existsSync(file)).toBe(false);
  });

  it.each(['999999999', ''])('of a holder that is gone (%j) is taken over', async (holder) => {
    const file = join(temporaryFolder(), 'lock');
    writeFileSync(file, holder);

    expect(await withLock(file, async () => 'done')).toBe('done');
  });

  it('is given back when the work fails', async () => {
    const file = join(temporaryFolder(), 'lock');

    await expect(withLock(file, () => Promise.reject(new Error('full')))).rejects.toThrow('full');

    expect(existsSync(file)).toBe(false);
  });

  it('waits no longer than the signal allows', async () => {
    const file = join(temporaryFolder(), 'lock');
    writeFileSync(file, String(process.pid));

    await expect(withLock(file, async () => 'done', AbortSignal.timeout(50))).rejects.toThrow();
  });
});
