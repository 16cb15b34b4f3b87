import WebSocket from 'ws';
import type { SnapshotEntry } from '../../src/cache/cache';
import { eventually } from './eventually';

/** A frame as a client reads it. */
export interface TestFrame {
  readonly type: string;
  readonly prices?: Record<string, SnapshotEntry>;
  readonly from?: number;
  readonly sequence?: number;
  readonly reason?: string;
  readonly [field: string]: unknown;
}

/** What a client makes of the frames, and whatever in their numbers is not as promised. */
export class FollowedPrices {
  readonly prices = new Map<string, SnapshotEntry>();
  readonly faults: string[] = [];
  sequence: number | undefined;
  #resumedFrom: number | undefined;

  take(frame: TestFrame): void {
    if (frame.type === 'snapshot') this.#replace(frame);
    else if (frame.type === 'resumed') this.#resumedFrom = frame.from;
    else if (frame.type === 'diff') this.#merge(frame);
  }

  #replace({ prices = {}, sequence }: TestFrame): void {
    this.prices.clear();
    for (const [symbol, entry] of Object.entries(prices)) this.prices.set(symbol, entry);
    this.sequence = sequence;
  }

  #merge({ prices = {}, from = Number.NaN, sequence = Number.NaN }: TestFrame): void {
    const expected = this.#resumedFrom ?? (this.sequence ?? Number.NaN) + 1;
    if (from !== expected) this.faults.push(`a diff from ${from} where ${expected} was next`);
    if (!(sequence >= from)) this.faults.push(`a diff from ${from} to ${sequence}`);
    this.#resumedFrom = undefined;
    for (const [symbol, entry] of Object.entries(prices)) this.prices.set(symbol, entry);
    this.sequence = sequence;
  }

  /** Symbol → price. */
  get truth(): Record<string, number> {
    return Object.fromEntries([...this.prices].map(([symbol, { price }]) => [symbol, price]).sort());
  }
}

/** A WebSocket that remembers what it was told. */
export class LiveClient {
  readonly socket: WebSocket;
  readonly frames: TestFrame[] = [];
  readonly texts: string[] = [];
  readonly followed = new FollowedPrices();
  closedWith: number | undefined;

  constructor(url: string, options: WebSocket.ClientOptions = {}) {
    this.socket = new WebSocket(url, options);
    this.socket.on('message', (data) => this.#take(String(data)));
    this.socket.on('close', (code) => {
      this.closedWith = code;
    });
    this.socket.on('error', () => undefined);
  }

  say(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  ofType(type: string): TestFrame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  /** Waits until it was told that many frames of a type, and gives the last. */
  async told(type: string, count = 1): Promise<TestFrame> {
    await eventually(() => this.ofType(type).length >= count, 10_000, 5);
    return this.ofType(type).at(-1)!;
  }

  async end(): Promise<void> {
    this.socket.terminate();
    await eventually(() => this.socket.readyState === WebSocket.CLOSED, 10_000, 5);
  }

  #take(text: string): void {
    this.texts.push(text);
    if (!text.startsWith('{')) return;
    const frame = JSON.parse(text) as TestFrame;
    this.frames.push(frame);
    this.followed.take(frame);
  }
}
