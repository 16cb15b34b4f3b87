import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { Cache } from '../../src/cache/cache';

/** The broadcast one would write first: for each update and each client, one JSON.stringify and one send. Listens on a port of its own; returns it. */
export async function servePerClient(cache: Cache): Promise<{ port: number; stop(): Promise<void> }> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  const end = await cache.onDiff(({ prices }) => {
    for (const [symbol, entry] of Object.entries(prices)) {
      for (const client of sockets.clients) {
        if (client.readyState === WebSocket.OPEN) client.send(JSON.stringify({ type: 'update', symbol, ...entry }));
      }
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      await end();
      for (const client of sockets.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
