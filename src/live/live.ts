import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Caller } from '../domain/access';
import type { TickwireError } from '../platform/errors';
import type { Service } from '../platform/service';

/** Where sockets are opened. */
export const SOCKET_PATHS = ['/ws/prices', '/ws/news'] as const;

/** A wish for prices as server-sent events. */
export interface StreamRequest {
  /** Only these symbols; all when null. */
  readonly symbols: readonly string[] | null;
  /** The last sequence the client has seen, where it comes back. */
  readonly lastSequence: number | undefined;
  /** Of the client, to bound what one of them may open. */
  readonly address: string;
  /** Aborts when the client is gone, and when the server stops. */
  readonly signal: AbortSignal;
}

/**
 * What is told to clients as it happens: sockets and server-sent events. Nothing is read or held while nobody is connected. `stop` closes every socket with
 * 1001 and ends every stream; it comes before the server that carries them closes.
 */
export interface Live extends Service {
  /**
   * Why a request for a socket cannot be granted: NOT_FOUND for another path, ORIGIN_REFUSED for a page of another host, LIVE_FULL past the limits of
   * connections; undefined when it can. `address` is the client's, behind trusted proxies.
   */
  refusalOf(request: IncomingMessage, address: string): TickwireError | undefined;
  /** Takes over a connection that was not refused, and tells it what `caller` may know; closes it with 1008 soon after `isStillGood` says no. */
  accept(
    request: IncomingMessage,
    connection: { socket: Duplex; head: Buffer; address: string; caller: Caller; isStillGood(): Promise<boolean> },
  ): void;
  /** Events `snapshot`, `diff`, `resumed` and `status` with the sequence as id, as text to be sent. @throws LIVE_FULL. */
  openStream(asked: StreamRequest): Promise<AsyncIterable<string>>;
  /** Clients connected now. */
  connections(): number;
}
