import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDirectoryArtifacts } from '../../src/artifacts/directory';
import { anArtifactFile, describeArtifacts } from '../contract/artifacts.contract';
import { temporaryFolder } from '../support/temporary-folder';

const artifacts = openDirectoryArtifacts({ folder: join(temporaryFolder(), 'not', 'made', 'yet') });
beforeAll(() => artifacts.start());
afterAll(() => artifacts.stop());

describeArtifacts(() => artifacts);

async function givenFolder() {
  const folder = temporaryFolder();
  const opened = openDirectoryArtifacts({ folder });
  await opened.start();
  return { folder, opened, unfinished: join(folder, '.unfinished') };
}

/** What a writer leaves that was killed while it wrote. */
function leaveHalfWritten(unfinished: string, jobId: string, fence: number): string {
  const name = `${jobId}.${fence}.${randomUUID()}`;
  mkdirSync(join(unfinished, name));
  writeFileSync(join(unfinished, name, 'result.json'), '{"half":');
  return name;
}

test('the files stand under job, fence and name, and nothing unfinished stays', async () => {
  const { folder, opened, unfinished } = await givenFolder();
  const jobId = randomUUID();

  await opened.save(jobId, 7, [anArtifactFile(), anArtifactFile({ name: 'a.csv' })]);

  expect(readdirSync(join(folder, jobId, '7')).sort()).toEqual(['a.csv', 'result.json']);
  expect(readdirSync(unfinished)).toEqual([]);
});

test('an attempt that died while writing is not seen, and the next one of the same fence succeeds', async () => {
  const { opened, unfinished } = await givenFolder();
  const jobId = randomUUID();
  leaveHalfWritten(unfinished, jobId, 1);

  const before = await opened.read(jobId, 1, 'result.json');
  await opened.save(jobId, 1, [anArtifactFile({ text: 'whole' })]);

  expect(before).toBeUndefined();
  expect(Buffer.from((await opened.read(jobId, 1, 'result.json'))!).toString()).toBe('whole');
});

test('while an attempt is saved again, its files are always there and whole', async () => {
  const { opened } = await givenFolder();
  const jobId = randomUUID();
  const texts = ['a'.repeat(200_000), 'b'.repeat(200_000)];
  await opened.save(jobId, 1, [anArtifactFile({ text: texts[0]! })]);

  let saving = true;
  const saves = (async () => {
    for (let round = 1; round <= 20; round += 1)
      await opened.save(jobId, 1, [anArtifactFile({ text: texts[round % 2]! })]);
    saving = false;
  })();
  const seen = new Set<string>();
  while (saving) seen.add(Buffer.from((await opened.read(jobId, 1, 'result.json')) ?? 'absent').toString());
  await saves;

  expect([...seen].filter((text) => !texts.includes(text))).toEqual([]);
});

test('the start removes what was left unfinished more than a day ago, and nothing younger', async () => {
  const { folder, unfinished } = await givenFolder();
  const old = leaveHalfWritten(unfinished, randomUUID(), 1);
  const young = leaveHalfWritten(unfinished, randomUUID(), 1);
  const dayAndMinuteAgo = new Date(Date.now() - (24 * 60 + 1) * 60_000);
  const almostDayAgo = new Date(Date.now() - (24 * 60 - 5) * 60_000);
  utimesSync(join(unfinished, old), dayAndMinuteAgo, dayAndMinuteAgo);
  utimesSync(join(unfinished, young), almostDayAgo, almostDayAgo);

  await openDirectoryArtifacts({ folder }).start();

  expect(readdirSync(unfinished)).toEqual([young]);
});

test('a failed save leaves nothing behind', async () => {
  const { folder, opened, unfinished } = await givenFolder();
  const jobId = randomUUID();
  writeFileSync(join(folder, jobId), 'a file where the job wants a folder');

  const saving = opened.save(jobId, 1, [anArtifactFile()]);

  await expect(saving).rejects.toMatchObject({ code: 'ARTIFACTS_UNAVAILABLE', retryable: true });
  expect(readdirSync(unfinished)).toEqual([]);
});

test.each([
  ['save', (folder: string, jobId: string) => openDirectoryArtifacts({ folder }).save(jobId, 1, [anArtifactFile()])],
  ['read', (folder: string, jobId: string) => openDirectoryArtifacts({ folder }).read(jobId, 1, 'result.json')],
  ['removeOthers', (folder: string, jobId: string) => openDirectoryArtifacts({ folder }).removeOthers(jobId, 1)],
  ['start', (folder: string) => openDirectoryArtifacts({ folder }).start()],
])('%s says what the disk refused without a path of this machine', async (_, call) => {
  const parent = temporaryFolder();
  const folder = join(parent, 'folder');
  writeFileSync(folder, 'not a folder');

  const refused = await call(folder, randomUUID()).catch((error) => error);

  expect(refused).toMatchObject({ code: 'ARTIFACTS_UNAVAILABLE', retryable: true });
  expect(refused.message).toMatch(/^artifacts: .+ failed: (ENOTDIR, not a directory|EEXIST, file already exists)$/);
  expect(refused.message).not.toContain(parent);
});

test('a folder that cannot be written to fails the start', async () => {
  const folder = temporaryFolder();
  const unfinished = join(folder, '.unfinished');
  // Root may write to any folder, but not into the kernel's.
  if (process.getuid?.() === 0) symlinkSync('/proc', unfinished);
  else mkdirSync(unfinished, { mode: 0o555 });

  await expect(openDirectoryArtifacts({ folder }).start()).rejects.toMatchObject({ code: 'ARTIFACTS_UNAVAILABLE' });
});
