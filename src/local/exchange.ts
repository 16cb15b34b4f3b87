import { connect } from 'node:net';

/** How long a service on this machine may take to answer a few bytes. */
const ANSWER_WITHIN_MS = 2_000;

/** Sends `question` to a port and returns the first bytes answered; undefined when nobody listens or answers in time. */
export function exchange(port: number, question: Buffer, host = '127.0.0.1'): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const settle = (answer?: Buffer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_WITHIN_MS, settle);
    socket.once('connect', () => socket.write(question));
    socket.once('data', settle);
    socket.once('error', () => settle());
    socket.once('close', () => settle());
  });
}

/** True when somebody takes a connection there within two seconds. */
export function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (reached: boolean) => {
      socket.destroy();
      resolve(reached);
    };
    socket.setTimeout(ANSWER_WITHIN_MS, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
