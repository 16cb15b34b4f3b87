import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const KEEP_ALIVE_DELAY_MS = 60_000;
/** The first bytes of an alert in every version of TLS; as the length of an answer they would be 352 MB. */
const TLS_ALERT = Buffer.from([0x15, 0x03]);

/** Code of the error that ends a connection without TLS to a port that wants it. */
export const TLS_WANTED = 'KAFKA_TLS_WANTED';

/** Sockets as kafkajs opens them itself, which also notice that a broker answers in TLS: kafkajs would wait for the rest of that answer. */
export const openKafkaSocket: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl
    ? connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }), ...ssl }, onConnect)
    : watched(connectPlain({ host, port }, onConnect));
  return socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
};

function watched(socket: Socket): Socket {
  return socket.once('data', (first: Buffer) => {
    if (!first.subarray(0, TLS_ALERT.length).equals(TLS_ALERT)) return;
    socket.destroy(Object.assign(new Error('the broker answers in TLS'), { code: TLS_WANTED }));
  });
}
