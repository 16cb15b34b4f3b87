import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Log, silentLog } from '../platform/log';
import { type AttemptPlace, checkFileNames, describeFile, findPlace, isFileName, placeOf } from './artifact-names';
import type { ArtifactFile, Artifacts } from './artifacts';
import { isSystemError, whenAnswering } from './disk-error';

/** Where attempts are written before they are complete; no job has this name. On the same file system, so that a rename is atomic. */
const UNFINISHED = '.unfinished';
/** Longer than any job may run: whoever wrote this is dead. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Artifacts in a folder, as `<job_id>/<fence>/<name>`. An attempt is written and flushed to disk elsewhere in the folder and then renamed to its
 * place, so what can be read is complete whenever a writer dies. The start makes the folder and removes unfinished attempts older than a day.
 */
export function openDirectoryArtifacts({ folder, log = silentLog }: { folder: string; log?: Log }): Artifacts {
  const pathOf = ({ job, fence }: AttemptPlace) => join(folder, job, fence);

  return {
    name: 'directory',
    start: () => whenAnswering('preparing the folder ARTIFACT_DIR', () => prepare(folder, log)),
    stop: async () => undefined,
    async save(jobId, fence, files) {
      const place = placeOf(jobId, fence);
      checkFileNames(files);
      const part = join(folder, UNFINISHED, `${place.job}.${place.fence}.${randomUUID()}`);
      return whenAnswering(`saving the files of job ${place.job}`, async () => {
        try {
          await writeAttempt(part, files);
          await putInPlace(part, pathOf(place));
        } finally {
          await rm(part, { recursive: true, force: true });
        }
        return files.map(describeFile);
      });
    },
    async read(jobId, fence, name) {
      const place = findPlace(jobId, fence);
      if (!place || !isFileName(name)) return undefined;
      return whenAnswering(`reading ${name} of job ${place.job}`, () => readIfThere(join(pathOf(place), name)));
    },
    async removeOthers(jobId, fence) {
      const place = placeOf(jobId, fence);
      const ofJob = join(folder, place.job);
      await whenAnswering(`removing old files of job ${place.job}`, async () => {
        for (const other of await namesIn(ofJob)) {
          if (other !== place.fence) await rm(join(ofJob, other), { recursive: true, force: true });
        }
      });
    },
  };
}

async function prepare(folder: string, log: Log): Promise<void> {
  const unfinished = join(folder, UNFINISHED);
  await mkdir(unfinished, { recursive: true });
  // A folder that cannot be written to is to be found now, not after an hour of computing.
  const probe = join(unfinished, randomUUID());
  await mkdir(probe);
  await rm(probe, { recursive: true });
  const removed = await removeAbandoned(unfinished);
  if (removed > 0) log.info({ removed }, 'unfinished artifacts of dead writers removed');
}

/** Removes what no living writer can still be at, and returns how many that were. Another process may do the same at the same time. */
async function removeAbandoned(unfinished: string): Promise<number> {
  let removed = 0;
  for (const name of await namesIn(unfinished)) {
    const part = join(unfinished, name);
    const changedMs = await stat(part).then(({ mtimeMs }) => mtimeMs, orUndefinedWhenGone);
    if (changedMs === undefined || Date.now() - changedMs < ABANDONED_AFTER_MS) continue;
    await rm(part, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

async function writeAttempt(part: string, files: readonly ArtifactFile[]): Promise<void> {
  await mkdir(part, { recursive: true });
  for (const { name, body } of files) {
    const file = await open(join(part, name), 'wx');
    try {
      await file.writeFile(body);
      await file.sync();
    } finally {
      await file.close();
    }
  }
  await flushFolder(part);
}

/** Renames a complete attempt to its place. Where the same attempt already stands, each file takes its predecessor's place, and no name is ever absent. */
async function putInPlace(part: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  try {
    await rename(part, place);
  } catch (error) {
    if (!isSystemError(error, 'ENOTEMPTY', 'EEXIST')) throw error;
    await replaceFiles(part, place);
  }
  await flushFolder(dirname(place));
  await flushFolder(dirname(dirname(place)));
}

async function replaceFiles(part: string, place: string): Promise<void> {
  const names = await namesIn(part);
  for (const name of names) await rename(join(part, name), join(place, name));
  for (const name of await namesIn(place)) {
    if (!names.includes(name)) await rm(join(place, name), { force: true });
  }
  await flushFolder(place);
}

/** The names in a folder are on disk once this resolves. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(orUndefinedWhenGone)) ?? [];
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  return readFile(file).catch(orUndefinedWhenGone);
}

function orUndefinedWhenGone(error: unknown): undefined {
  if (!isSystemError(error, 'ENOENT')) throw error;
}
