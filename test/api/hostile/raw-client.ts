import { connect, type Socket } from 'node:net';
import { type HttpServer, httpServer } from '../../../src/api/server';
import { anApi, type TestApi } from '../../support/api';

type Limits = Parameters<typeof httpServer>[0]['limits'];

export interface Served {
  readonly api: TestApi;
  readonly server: HttpServer;
  readonly port: number;
  readonly url: string;
}

const opened: { stop(): Promise<void> }[] = [];

/** Serves an API on a port of its own until {@link stopServed}. */
export async function serve(limits: Limits = {}, api: TestApi = anApi()): Promise<Served> {
  const { dependencies } = api;
  const server = httpServer({ dependencies, host: '127.0.0.1', port: 0, ...(limits && { limits }) });
  opened.push(server);
  await server.start();
  return { api, server, port: server.port(), url: `http://127.0.0.1:${server.port()}` };
}

export async function stopServed(): Promise<void> {
  for (const server of opened.splice(0)) await server.stop();
}

/** A connection that sends what it is told, and keeps what it is told. */
export interface RawConnection {
  readonly socket: Socket;
  text(): string;
  /** Everything that was answered, once the other side has ended the connection. */
  readonly ended: Promise<string>;
}

export function open(port: number, bytes: string | Buffer = ''): RawConnection {
  let text = '';
  const socket = connect(port, '127.0.0.1', () => {
    if (bytes.length > 0) socket.write(bytes);
  });
  socket.setEncoding('latin1').on('data', (part) => (text += part));
  const ended = new Promise<string>((resolve) => {
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
  return { socket, text: () => text, ended };
}

/** What comes back for these bytes until the other side ends the connection. */
export function exchange(port: number, bytes: string | Buffer): Promise<string> {
  return open(port, bytes).ended;
}

/** One request as text; it asks for the connection to be ended. */
export function aRequest(line: string, headers: readonly string[] = [], body = ''): string {
  return [`${line} HTTP/1.1`, 'Host: x', 'Connection: close', ...headers, '', body].join('\r\n');
}

/** Status lines in the order in which they came. */
export function statusesOf(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}
