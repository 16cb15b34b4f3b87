import { TickwireError, toTickwireError } from '../platform/errors';
import type { Message } from './bus';
import { MAX_MESSAGE_BYTES, refuseTooLarge, sizeOf } from './message-size';

/** Most messages of one send: what a consumer makes of one batch. A send is bounded by its bytes first. */
const MAX_SEND_MESSAGES = 4_000;

/** With so many waiting, collecting more gains nothing. */
const ENOUGH_MESSAGES = 500;

export interface SendQueueOptions {
  /** Sends once. @throws BUS_REFUSED or BUS_UNAVAILABLE. */
  send(messages: readonly Message[]): Promise<void>;
  /** How long a lone message waits for company. */
  readonly lingerMs: number;
  /** When nothing was acknowledged for so long, all that waits is rejected. */
  readonly deadlineMs: number;
}

/** One publish call. */
interface Call {
  left: number;
  settled: boolean;
  resolve(): void;
  reject(error: Error): void;
}

/** Part of one call that fits into one send. */
interface Slice {
  readonly messages: readonly Message[];
  readonly bytes: number;
  readonly call: Call;
  /** Was refused in company, and is sent again without, so that a refused message takes only its own call with it. */
  readonly alone: boolean;
}

type Part = Pick<Slice, 'messages' | 'bytes'>;

/**
 * Collects what concurrent callers publish and sends it together, one send at a time, so that the order of calls is the order on the topic.
 * A send that was given up at the deadline is still waited for before the next one starts, for the same reason.
 */
export class SendQueue {
  readonly #options: SendQueueOptions;
  readonly #calls = new Set<Promise<void>>();
  #waiting: Slice[] = [];
  #inFlight: readonly Slice[] = [];
  #sending = false;
  #closed = false;
  #linger: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;

  constructor(options: SendQueueOptions) {
    this.#options = options;
  }

  /** Resolves when every message was acknowledged. When a part of a call fails, the parts behind it are not sent. */
  publish(messages: readonly Message[]): Promise<void> {
    const call = new Promise<void>((resolve, reject) => {
      if (this.#closed) throw new TickwireError('BUS_UNAVAILABLE', 'the bus is stopped and takes no more messages');
      const parts = split(messages);
      if (parts.length === 0) return resolve();
      const entry: Call = { left: parts.length, settled: false, resolve, reject };
      for (const part of parts) this.#waiting.push({ ...part, call: entry, alone: false });
      this.#deadline ??= setTimeout(() => this.#giveUp(), this.#options.deadlineMs);
      this.#schedule();
    });
    this.#calls.add(call);
    const forget = () => this.#calls.delete(call);
    call.then(forget, forget);
    return call;
  }

  /** Takes no more, and resolves when every call so far is settled: at the latest when the deadline strikes. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#calls);
  }

  #schedule(): void {
    if (this.#sending) return;
    if (this.#waiting.reduce((sum, slice) => sum + slice.messages.length, 0) >= ENOUGH_MESSAGES)
      return void this.#run();
    this.#linger ??= setTimeout(() => void this.#run(), this.#options.lingerMs);
  }

  async #run(): Promise<void> {
    clearTimeout(this.#linger);
    this.#linger = undefined;
    this.#sending = true;
    while (this.#waiting.length > 0) await this.#send(this.#take());
    this.#sending = false;
    this.#rest();
  }

  #take(): readonly Slice[] {
    let messages = 0;
    let bytes = 0;
    const end = this.#waiting.findIndex((slice, index) => {
      messages += slice.messages.length;
      bytes += slice.bytes;
      const full = messages > MAX_SEND_MESSAGES || bytes > MAX_MESSAGE_BYTES;
      return index > 0 && (full || slice.alone || this.#waiting[0]?.alone);
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #send(taken: readonly Slice[]): Promise<void> {
    const slices = taken.filter(({ call }) => !call.settled);
    if (slices.length === 0) return;
    this.#inFlight = slices;
    try {
      await this.#options.send(slices.flatMap(({ messages }) => messages));
      for (const { call } of slices) accept(call);
      this.#deadline?.refresh();
    } catch (error) {
      const reason = toTickwireError(error);
      if (reason.code === 'BUS_REFUSED' && slices.length > 1) this.#separate(slices);
      else for (const { call } of slices) fail(call, reason);
    } finally {
      this.#inFlight = [];
    }
  }

  #separate(slices: readonly Slice[]): void {
    const open = slices.filter(({ call }) => !call.settled);
    this.#waiting.unshift(...open.map((slice) => ({ ...slice, alone: true })));
  }

  #giveUp(): void {
    const { deadlineMs } = this.#options;
    const given = [...this.#inFlight, ...this.#waiting];
    this.#waiting = [];
    this.#rest();
    const late = new TickwireError('BUS_UNAVAILABLE', `the broker acknowledged nothing for ${deadlineMs} ms`);
    for (const { call } of given) fail(call, late);
  }

  #rest(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }
}

function accept(call: Call): void {
  call.left -= 1;
  if (call.left > 0 || call.settled) return;
  call.settled = true;
  call.resolve();
}

function fail(call: Call, error: Error): void {
  call.settled = true;
  call.reject(error);
}

/** @throws BUS_REFUSED when one message alone is too large. */
function split(messages: readonly Message[]): Part[] {
  const parts: Part[] = [];
  let from = 0;
  let bytes = 0;
  messages.forEach((message, index) => {
    const size = sizeOf(message);
    refuseTooLarge(message, size);
    if (index - from === MAX_SEND_MESSAGES || bytes + size > MAX_MESSAGE_BYTES) {
      parts.push({ messages: messages.slice(from, index), bytes });
      from = index;
      bytes = 0;
    }
    bytes += size;
  });
  if (messages.length > 0) parts.push({ messages: messages.slice(from), bytes });
  return parts;
}
