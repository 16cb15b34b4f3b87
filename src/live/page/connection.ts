import { isLocked } from './access';
import { now } from './api';
import { backoffMs } from './backoff';
import { ticketed } from './ticket';
import { type PriceFrame, parseFrame } from './wire';

const PING_EVERY_MS = 15_000;
/** A socket that stays silent for so long after a ping is taken for dead. */
const SILENCE_MS = 5_000;

export interface ConnectionListener {
  frame(frame: PriceFrame): void;
  opened(): void;
  /** `heardAtMs` is when the service was last heard, in its own time. */
  lost(heardAtMs: number): void;
  /** The last change this page has; undefined where it has none. */
  sequence(): number | undefined;
}

export interface Connection {
  /** Asks for everything after the last change this page has. */
  resume(): void;
  /** Tries now in place of later. */
  retry(): void;
}

/** The socket of prices, opened again and again with growing pauses; what was missed meanwhile is asked for, and one that went silent is given up. */
export function openConnection(listener: ConnectionListener): Connection {
  let socket: WebSocket | undefined;
  let attempt = 0;
  /** Counts openings, so that a ticket that took its time opens nothing beside a later one. */
  let opening = 0;
  let heardAtMs = now();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const say = (text: string) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(text);
  };
  const resume = () => {
    const sequence = listener.sequence();
    if (sequence !== undefined) say(JSON.stringify({ resume: sequence }));
  };
  const failed = () => {
    socket = undefined;
    attempt += 1;
    listener.lost(heardAtMs);
    timer = setTimeout(open, backoffMs(attempt, Math.random()));
  };
  const open = () => {
    clearTimeout(timer);
    if (isLocked()) return;
    const mine = ++opening;
    const whenLast = (act: (address: string) => void) => (address: string) => {
      if (mine === opening) act(address);
    };
    void ticketed(addressOf(listener.sequence())).then(whenLast(connect), whenLast(failed));
  };
  const connect = (address: string) => {
    const made = new WebSocket(address);
    socket = made;
    const silence = watchSilence(
      () => say('ping'),
      () => made.close(),
    );
    made.onopen = () => {
      attempt = 0;
      listener.opened();
      say(JSON.stringify({ subscribe: ['averages'] }));
    };
    made.onmessage = ({ data }) => {
      heardAtMs = now();
      silence.heard();
      const frame = parseFrame(String(data));
      if (frame && socket === made) listener.frame(frame);
    };
    made.onclose = () => {
      silence.end();
      if (socket === made) failed();
    };
  };
  window.addEventListener('online', () => {
    if (!socket) open();
  });
  open();
  return {
    resume,
    retry: () => {
      if (socket?.readyState === WebSocket.OPEN) return;
      const given = socket;
      socket = undefined;
      given?.close();
      open();
    },
  };
}

/** A page that comes back names what it has, and is told what it missed or everything. */
function addressOf(sequence: number | undefined): URL {
  const url = new URL('/ws/prices', location.href);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  if (sequence !== undefined) url.searchParams.set('resume', String(sequence));
  return url;
}

function watchSilence(ping: () => void, give: () => void): { heard(): void; end(): void } {
  let timer: ReturnType<typeof setTimeout>;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      ping();
      timer = setTimeout(give, SILENCE_MS);
    }, PING_EVERY_MS);
  };
  heard();
  return { heard, end: () => clearTimeout(timer) };
}
