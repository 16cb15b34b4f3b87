import type { IngestProgress, IngestProgresses } from '../history-store';

/** `history_ingests` in memory. */
export function openMemoryIngestProgress(): IngestProgresses {
  const stored = new Map<string, IngestProgress>();
  return {
    find: async (key) => stored.get(nameOf(key)),
    async save(progress) {
      stored.set(nameOf(progress), { ...progress });
    },
  };
}

function nameOf({ source, symbol, interval, start, end }: Omit<IngestProgress, 'next'>): string {
  return [source, symbol, interval, start.getTime(), end.getTime()].join(' ');
}
