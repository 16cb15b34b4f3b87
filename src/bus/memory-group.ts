import { Bell } from './bell';
import type { MemoryMember } from './memory-member';
import type { MemoryTopic } from './memory-topic';

/** A group on one topic in memory: its offsets, and which member has which partition. */
export class MemoryGroup {
  readonly name: string;
  readonly topic: MemoryTopic;
  /** Rings when there may be something to do for a member. */
  readonly bell = new Bell();
  /** Next offset to read, by partition. */
  readonly #committed = new Map<number, number>();
  /** Partitions whose chunk is being handled: the next owner waits until the last one has let go. */
  readonly #busy = new Set<number>();
  #members: readonly MemoryMember[] = [];

  constructor(name: string, topic: MemoryTopic) {
    this.name = name;
    this.topic = topic;
  }

  get size(): number {
    return this.#members.length;
  }

  join(member: MemoryMember): void {
    this.#rebalance([...this.#members, member]);
  }

  leave(member: MemoryMember): void {
    this.#rebalance(this.#members.filter((other) => other !== member));
  }

  owns(member: MemoryMember, partition: number): boolean {
    return this.#members[partition % this.#members.length] === member;
  }

  committed(partition: number): number | undefined {
    return this.#committed.get(partition);
  }

  /** The next offset to read that is still there. */
  position(partition: number): number {
    return Math.max(this.#committed.get(partition) ?? 0, this.topic.partitions[partition]?.low ?? 0);
  }

  commit(partition: number, offset: number): void {
    this.#committed.set(partition, offset);
  }

  reset(): void {
    this.#committed.clear();
  }

  /** True when the partition has something to read and nobody is at it. */
  isReady(partition: number): boolean {
    const end = this.topic.partitions[partition]?.end ?? 0;
    return !this.#busy.has(partition) && this.position(partition) < end;
  }

  take(partition: number): void {
    this.#busy.add(partition);
  }

  release(partition: number): void {
    this.#busy.delete(partition);
    this.bell.ring();
  }

  #rebalance(members: readonly MemoryMember[]): void {
    this.#members = members;
    for (const member of members) member.leaveWhatIsLost();
    this.bell.ring();
  }
}
