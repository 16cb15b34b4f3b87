import { type AttemptPlace, checkFileNames, describeFile, findPlace, placeOf } from './artifact-names';
import type { Artifacts } from './artifacts';

/** Artifacts in this process's memory, with the semantics of the real ones. */
export function openMemoryArtifacts(): Artifacts {
  const attemptsOfJob = new Map<string, Map<string, ReadonlyMap<string, Uint8Array>>>();
  const attemptsOf = (place: AttemptPlace) => {
    const known = attemptsOfJob.get(place.job) ?? new Map<string, ReadonlyMap<string, Uint8Array>>();
    attemptsOfJob.set(place.job, known);
    return known;
  };

  return {
    name: 'memory',
    start: async () => undefined,
    stop: async () => undefined,
    async save(jobId, fence, files) {
      const place = placeOf(jobId, fence);
      checkFileNames(files);
      attemptsOf(place).set(place.fence, new Map(files.map(({ name, body }) => [name, Uint8Array.from(body)])));
      return files.map(describeFile);
    },
    async read(jobId, fence, name) {
      const place = findPlace(jobId, fence);
      const body = place && attemptsOfJob.get(place.job)?.get(place.fence)?.get(name);
      return body && Uint8Array.from(body);
    },
    async removeOthers(jobId, fence) {
      const place = placeOf(jobId, fence);
      for (const other of [...attemptsOf(place).keys()]) {
        if (other !== place.fence) attemptsOf(place).delete(other);
      }
    },
  };
}
