import { pause } from '../platform/clock';
import type { Frame } from './frame';
import type { Hub } from './hub';
import type { JoinRequest } from './seat';

/** What a stream says where nothing happens, so that no proxy takes it for dead. */
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 3_000;

export interface EventStreamOptions {
  readonly hub: Hub;
  readonly request: JoinRequest;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** A client that has taken nothing for so long is left; it may come back and resume. */
  readonly maxBehindMs: number;
}

/** What a hub tells, as server-sent events with the sequence as id, taken as fast as the client reads: the hub waits with the next one and merges meanwhile. */
export async function openEventStream(options: EventStreamOptions): Promise<AsyncIterable<string>> {
  const { hub, request, signal } = options;
  const frames: Frame[] = [];
  let awaken: () => void = () => undefined;
  const sink = {
    isReady: () => frames.length === 0 && !signal.aborted,
    send: (frame: Frame) => {
      frames.push(frame);
      awaken();
    },
  };
  const seat = await hub.join(sink, request);
  const end = () => {
    seat.leave();
    awaken();
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });

  const somethingNew = async () => {
    const waiting = new AbortController();
    awaken = () => waiting.abort();
    if (frames.length === 0 && !signal.aborted) await pause(HEARTBEAT_MS, waiting.signal);
  };

  async function* events() {
    yield `retry: ${RETRY_MS}\n\n`;
    while (!signal.aborted) {
      const told = frames.splice(0);
      if (told.length === 0) {
        await somethingNew();
        if (frames.length === 0 && !signal.aborted) yield ': still there\n\n';
        continue;
      }
      const beganMs = performance.now();
      yield told.map(eventOf).join('');
      if (performance.now() - beganMs > options.maxBehindMs) break;
      seat.drained();
    }
    seat.leave();
  }
  return events();
}

function eventOf({ event, text, sequence }: Frame): string {
  const id = sequence === undefined ? '' : `id: ${sequence}\n`;
  return `${id}event: ${event}\ndata: ${text}\n\n`;
}
