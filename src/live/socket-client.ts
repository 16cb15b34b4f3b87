import type { WebSocket } from 'ws';
import { parseClientFrame } from './client-frame';
import { errorFrame, Frame } from './frame';
import type { Hub } from './hub';
import type { LiveLimits } from './limits';
import type { JoinRequest, Seat } from './seat';
import type { SideSource } from './source';

/** Of a connection that is against the rules by now. */
const NOT_ALLOWED = 1008;
/** The peer will not be told more: it is to come back. */
const TRY_AGAIN_LATER = 1013;
/** How long a peer may take to answer a close before it is cut off. */
const CLOSE_PATIENCE_MS = 2_000;
const WINDOW_MS = 1_000;

const PONG = new Frame('pong', 'pong');

export interface SocketClientOptions {
  readonly hub: Hub;
  readonly request: JoinRequest;
  /** What it may subscribe to, by name; none where the socket has nothing but its own. */
  readonly sides: Readonly<Record<string, SideSource>>;
  readonly limits: LiveLimits;
  /** Whether its key still is; asked with every heartbeat. Never rejects. */
  isStillGood(): Promise<boolean>;
}

/** One WebSocket: its frames in, those of its hub out, and what it may cost. */
export class SocketClient {
  readonly #socket: WebSocket;
  readonly #options: SocketClientOptions;
  #seat: Seat | undefined;
  #heardMs = performance.now();
  #pingedMs = 0;
  #judgedMs = performance.now();
  #behindSinceMs: number | undefined;
  #window = { startMs: 0, frames: 0 };
  #waking: NodeJS.Timeout | undefined;
  #cutting: NodeJS.Timeout | undefined;
  #isGone = false;
  readonly #sent = () => this.#seat?.drained();

  /** Joins the hub; until it was told where things stand, what it says waits in its socket. */
  constructor(socket: WebSocket, options: SocketClientOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.on('message', (data, isBinary) => this.#hear(data, isBinary));
    socket.on('pong', () => this.#heard());
    socket.on('close', () => this.#leave());
    // What is wrong with a connection ends it; 'close' follows.
    socket.on('error', () => undefined);
    socket.pause();
    void this.#join();
  }

  /** To be called about once a second: drops a peer that is dead, closes one that takes nothing or whose key is void. */
  look(): void {
    const { heartbeatMs, maxBehindMs } = this.#options.limits;
    const now = performance.now();
    if (now - this.#heardMs > 2 * heartbeatMs) this.#socket.terminate();
    else if (now - Math.max(this.#heardMs, this.#pingedMs) > heartbeatMs) {
      this.#pingedMs = now;
      this.#socket.ping();
    }
    if (now - this.#judgedMs > heartbeatMs) {
      this.#judgedMs = now;
      void this.#judge();
    }
    if (!this.#isFull()) this.#behindSinceMs = undefined;
    if (this.#behindSinceMs !== undefined && now - this.#behindSinceMs > maxBehindMs) {
      this.close(TRY_AGAIN_LATER, 'read too slowly');
    }
  }

  /** Tells the peer to go, and makes it go when it does not listen. */
  close(code: number, reason: string): void {
    if (this.#cutting || this.#isGone) return;
    this.#seat?.leave();
    // A paused socket would not see the answer to the close.
    this.#socket.resume();
    this.#socket.close(code, reason);
    this.#cutting = setTimeout(() => this.#socket.terminate(), CLOSE_PATIENCE_MS);
  }

  /** Cuts the connection. */
  cut(): void {
    this.#socket.terminate();
  }

  async #judge(): Promise<void> {
    if (!(await this.#options.isStillGood())) this.close(NOT_ALLOWED, 'the key is no longer valid');
  }

  async #join(): Promise<void> {
    const sink = { isReady: () => this.#isReady(), send: (frame: Frame) => this.#send(frame) };
    const seat = await this.#options.hub.join(sink, this.#options.request);
    this.#seat = seat;
    if (this.#isGone || this.#cutting) seat.leave();
    else this.#socket.resume();
  }

  #leave(): void {
    this.#isGone = true;
    clearTimeout(this.#waking);
    clearTimeout(this.#cutting);
    this.#seat?.leave();
  }

  #isFull(): boolean {
    return this.#socket.bufferedAmount > this.#options.limits.maxUnsentBytes;
  }

  #isReady(): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false;
    if (!this.#isFull()) return true;
    this.#behindSinceMs ??= performance.now();
    return false;
  }

  #send(frame: Frame): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(frame.bytes, { binary: false, compress: false }, this.#sent);
  }

  #heard(): void {
    this.#heardMs = performance.now();
  }

  #hear(data: unknown, isBinary: boolean): void {
    this.#heard();
    if (this.#cutting || this.#isOverRate()) return;
    if (isBinary || !Buffer.isBuffer(data)) {
      this.#send(errorFrame('INVALID_INPUT', 'expected a text frame, got a binary one'));
    } else if (data.length > this.#options.limits.maxReadBytes) {
      const expected = `expected at most ${this.#options.limits.maxReadBytes} bytes in a frame`;
      this.#send(errorFrame('FRAME_TOO_LARGE', `${expected}, got ${data.length}`));
    } else this.#obey(data.toString());
  }

  #obey(text: string): void {
    const frame = parseClientFrame(text);
    if (frame.kind === 'ping') this.#send(PONG);
    else if (frame.kind === 'watchlist') this.#seat?.watch(frame.symbols);
    else if (frame.kind === 'resume') this.#seat?.resume(frame.sequence);
    else if (frame.kind === 'invalid') this.#send(errorFrame('INVALID_INPUT', frame.detail));
    else this.#subscribe(frame.topics);
  }

  #subscribe(topics: readonly string[]): void {
    const { sides } = this.#options;
    const unknown = topics.filter((topic) => !sides[topic]);
    const offered = Object.keys(sides).join(', ') || 'none';
    if (unknown.length > 0) {
      const detail = `subscribe: expected some of ${offered} on this socket, got ${unknown.join(', ')}`;
      this.#send(errorFrame('INVALID_INPUT', detail));
      return;
    }
    this.#seat?.subscribe(topics.flatMap((topic) => sides[topic] ?? []));
  }

  /** Past the rate it is told so once, and not heard for the rest of the second. */
  #isOverRate(): boolean {
    const { framesPerSecond } = this.#options.limits;
    const now = performance.now();
    if (now - this.#window.startMs >= WINDOW_MS) this.#window = { startMs: now, frames: 0 };
    this.#window.frames += 1;
    if (this.#window.frames <= framesPerSecond) return false;
    if (this.#waking) return true;
    const detail = `expected at most ${framesPerSecond} frames a second; those beyond were not read`;
    this.#send(errorFrame('RATE_LIMITED', detail));
    this.#socket.pause();
    this.#waking = setTimeout(() => this.#wake(), this.#window.startMs + WINDOW_MS - now);
    return true;
  }

  #wake(): void {
    this.#waking = undefined;
    this.#window = { startMs: performance.now(), frames: 0 };
    if (!this.#isGone) this.#socket.resume();
  }
}
