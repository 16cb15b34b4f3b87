import type { IncomingMessage } from 'node:http';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';
import type { Admitted } from './admission';

/** One line for a request that was not let in, with the reason that its sender is not told. Never a key, nor a query, where one may stand. */
export function logRefusal(
  log: Log,
  { method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>,
  { requestId, refused }: { requestId: string; refused: Extract<Admitted, { ok: false }> },
): void {
  const { address, error } = refused;
  const [path] = url.split('?', 1);
  const reason = error.cause === undefined ? error.message : messageOf(error.cause);
  log.info({ requestId, method, path, address, code: error.code, reason }, 'request refused');
}
