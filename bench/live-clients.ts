import WebSocket from 'ws';

/** What the parent asks for: clients of a socket, of which the first `deaf` never read; or what they heard since it last asked. */
export type ClientsTask =
  | {
      readonly do: 'connect';
      readonly url: string;
      readonly clients: number;
      readonly deaf: number;
      readonly perFrame: number;
    }
  | { readonly do: 'report' };

/** What the clients that read have heard since the last report. */
export interface ClientsReport {
  readonly updates: number;
  readonly seconds: number;
  /** Milliseconds from publishing to the client. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The last frame of each. */
  readonly last: readonly string[];
}

let clients: { socket: WebSocket; last: Buffer }[] = [];
let perFrame = 1;
let heard = { frames: 0, sinceMs: performance.now(), latencies: [] as number[] };

const MARK = '"fetched_at":"';

function hear(data: Buffer): void {
  heard.frames += 1;
  const at = data.lastIndexOf(MARK) + MARK.length;
  heard.latencies.push(Date.now() - Date.parse(data.toString('latin1', at, at + 24)));
}

async function connect({ url, clients: count, deaf, ...task }: Extract<ClientsTask, { do: 'connect' }>): Promise<void> {
  for (const { socket } of clients) socket.terminate();
  perFrame = task.perFrame;
  clients = [];
  const opened = Array.from({ length: count }, (_, index) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
    const client: { socket: WebSocket; last: Buffer } = { socket, last: Buffer.alloc(0) };
    if (index >= deaf) clients.push(client);
    socket.on('message', (data: Buffer) => {
      client.last = data;
      if (index >= deaf) hear(data);
    });
    return new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () => {
        if (index < deaf) socket.pause();
        resolve();
      });
    });
  });
  await Promise.all(opened);
}

function report(): ClientsReport {
  const sorted = heard.latencies.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  const seconds = (performance.now() - heard.sinceMs) / 1000;
  const updates = heard.frames * perFrame;
  const told = { updates, seconds, p50Ms: at(0.5), p99Ms: at(0.99), last: clients.map(({ last }) => last.toString()) };
  heard = { frames: 0, sinceMs: performance.now(), latencies: [] };
  return told;
}

process.on('message', (task: ClientsTask) => {
  const done = task.do === 'connect' ? connect(task) : Promise.resolve(report());
  void done.then((answer) => process.send?.(answer ?? 'connected'));
});
process.on('disconnect', () => process.exit(0));
