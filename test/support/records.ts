import type { Bus, BusRecord } from '../../src/bus/bus';

/** Everything a topic holds now. */
export async function recordsOf(bus: Bus, topic: string): Promise<BusRecord[]> {
  const records: BusRecord[] = [];
  for await (const record of bus.read(topic)) records.push(record);
  return records;
}
