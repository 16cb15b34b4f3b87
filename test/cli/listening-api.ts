import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anApi } from '../support/api';
import { type RunOptions, runCommand } from './run-command';

/** The API itself, listening, on memory adapters, and the command line as its client, also with a key. */
export async function listeningApi(changes: Parameters<typeof anApi>[0] = () => ({})) {
  const api = anApi(changes);
  const server = createServer(api.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...api,
    tickwire: (...argv: string[]) => runCommand([...argv, '--api', url]),
    tickwireWith: (options: RunOptions, ...argv: string[]) => runCommand([...argv, '--api', url], options),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
