import { TickwireError } from '../platform/errors';
import type { Message } from './bus';
import { MemoryLog } from './memory-log';

/** Records of one partition that are kept, and the most that can lie unread before a running consumer. */
export const RETAINED_RECORDS = 100_000;

/** Dropping copies the rest of a partition, so it is done for many records at a time. */
const DROP_AT_LEAST = 10_000;

/** A topic in memory. */
export class MemoryTopic {
  readonly name: string;
  readonly partitions: readonly MemoryLog[];
  #nextKeyless = 0;

  constructor(name: string, partitions: number) {
    this.name = name;
    this.partitions = Array.from({ length: partitions }, () => new MemoryLog());
  }

  /** The partition of a message: one for each key, in turn for those without. */
  partitionOf({ key }: Message): number {
    if (key === null) return this.#nextKeyless++ % this.partitions.length;
    return hash(Buffer.from(key)) % this.partitions.length;
  }

  append(partition: number, { key, value, headers = {} }: Message): void {
    const copies = Object.entries(headers).map(([name, header]) => [name, Buffer.from(header)] as const);
    this.partitions[partition]?.append({
      topic: this.name,
      partition,
      timestampMs: Date.now(),
      key: key === null ? null : Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      headers: Object.fromEntries(copies),
    });
  }

  /** @throws BUS_UNAVAILABLE when a running consumer is so far behind that a further record would push out one it has not read. */
  refuseWhenFull(partition: number, slowest: number): void {
    const unread = (this.partitions[partition]?.end ?? 0) - slowest;
    if (unread < RETAINED_RECORDS) return;
    throw new TickwireError(
      'BUS_UNAVAILABLE',
      `${this.name}, partition ${partition}, is full: a consumer is ${unread} records behind`,
    );
  }

  /** Drops the oldest beyond what is retained, but nothing that a running consumer has not read. */
  drop(partition: number, slowest: number): void {
    const log = this.partitions[partition];
    if (!log || log.end - log.low < RETAINED_RECORDS + DROP_AT_LEAST) return;
    log.dropBefore(Math.min(slowest, log.end - RETAINED_RECORDS));
  }
}

/** FNV-1a, 32 bits: which partition a key has here says nothing about Kafka. */
function hash(bytes: Buffer): number {
  let value = 0x811c9dc5;
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
