import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, diagnose, isAtLeast } from '../../src/local/doctor';
import { mayEnter } from '../../src/local/postgres-place';
import { temporaryFolder } from '../support/temporary-folder';

const BARE = { PATH: '/nonexistent', PORT: '0' };

function detailsOf(checks: readonly Check[]) {
  return Object.fromEntries(checks.map((check) => [check.what, check]));
}

describe('diagnose', () => {
  it('names each thing that is missing with what to do, and creates nothing', async () => {
    const home = join(temporaryFolder(), 'home');

    const found = detailsOf(await diagnose({ ...BARE, TICKWIRE_HOME: home }));

    for (const what of ['Java', 'Maven', 'Redis'])
      expect(found[what]).toMatchObject({ ok: false, advice: expect.stringMatching(/install/) });
    for (const what of ['Node', 'PostgreSQL', 'TICKWIRE_HOME'])
      expect(found[what]).toMatchObject({ ok: true, advice: '' });
    expect(existsSync(home)).toBe(false);
  });

  it('needs no Java where a broker is configured, and says when that one does not answer', async () => {
    const environment = { ...BARE, KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1', TICKWIRE_HOME: temporaryFolder() };

    const found = detailsOf(await diagnose(environment));

    expect(found.Java?.ok).toBe(true);
    expect(found.Kafka).toMatchObject({ ok: false, detail: 'nobody answers at 127.0.0.1:1' });
  });

  it('reports a faulty configuration instead of failing', async () => {
    const found = detailsOf(await diagnose({ ...BARE, INTERVAL: 'soon' }));

    expect(found.configuration).toMatchObject({ ok: false, detail: expect.stringContaining('INTERVAL') });
  });
});

it.each([
  ['20.19.0', true],
  ['22.1.0', true],
  ['20.9.0', false],
  ['18.20.4', false],
])('Node %s is new enough: %s', (version, enough) => {
  expect(isAtLeast(version, '20.19')).toBe(enough);
});

describe('mayEnter', () => {
  const stranger = { uid: 4_242_424, gid: 4_242_424 };

  it('is false below a folder that is closed to others', () => {
    const folder = join(temporaryFolder(), 'closed', 'open');
    mkdirSync(folder, { recursive: true });
    chmodSync(join(folder, '..', '..'), 0o755);
    expect(mayEnter(folder, stranger)).toBe(true);

    chmodSync(join(folder, '..'), 0o700);

    expect(mayEnter(folder, stranger)).toBe(false);
  });
});
