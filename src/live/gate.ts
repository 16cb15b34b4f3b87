import type { IncomingMessage } from 'node:http';
import { TickwireError } from '../platform/errors';
import { clientNetworkOf } from '../platform/ip-address';
import type { LiveLimits } from './limits';
import { SOCKET_PATHS } from './live';

export interface GateOptions {
  readonly limits: Pick<LiveLimits, 'connections' | 'connectionsPerAddress'>;
  /** Origins of pages that may connect besides those of this host, as `https://example.com`. */
  readonly origins: readonly string[];
}

/** Decides who may connect, and counts who has. */
export class Gate {
  readonly #options: GateOptions;
  readonly #byAddress = new Map<string, number>();
  #count = 0;
  #isClosed = false;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#count;
  }

  /** Addresses that are connected. */
  get addresses(): number {
    return this.#byAddress.size;
  }

  close(): void {
    this.#isClosed = true;
  }

  /** As {@link Live.refusalOf}. */
  refusalOf(request: IncomingMessage, address: string): TickwireError | undefined {
    const path = request.url?.split('?', 1)[0] ?? '';
    if (!SOCKET_PATHS.some((known) => known === path)) {
      return new TickwireError(
        'NOT_FOUND',
        `there is no socket ${path.slice(0, 200)}; there are ${SOCKET_PATHS.join(' and ')}`,
      );
    }
    return this.#originRefusalOf(request) ?? this.fullnessOf(address);
  }

  /** LIVE_FULL when there is no place for another one of this address. */
  fullnessOf(address: string): TickwireError | undefined {
    const { connections, connectionsPerAddress } = this.#options.limits;
    if (this.#isClosed) return new TickwireError('LIVE_FULL', 'the service is stopping and takes no more connections');
    if (this.#count >= connections) return new TickwireError('LIVE_FULL', `all ${connections} connections are taken`);
    if ((this.#byAddress.get(clientNetworkOf(address)) ?? 0) < connectionsPerAddress) return undefined;
    return new TickwireError('LIVE_FULL', `this address has its ${connectionsPerAddress} connections`);
  }

  /** Returns the way to leave; safe twice. */
  enter(address: string): () => void {
    const network = clientNetworkOf(address);
    let isIn = true;
    this.#count += 1;
    this.#byAddress.set(network, (this.#byAddress.get(network) ?? 0) + 1);
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#count -= 1;
      const left = (this.#byAddress.get(network) ?? 1) - 1;
      if (left > 0) this.#byAddress.set(network, left);
      else this.#byAddress.delete(network);
    };
  }

  /** Only browsers send an origin, and cannot leave it out: a page of another host is not to read prices with this user's network. */
  #originRefusalOf({ headers }: IncomingMessage): TickwireError | undefined {
    const { origin, host } = headers;
    if (origin === undefined || this.#options.origins.includes(origin)) return undefined;
    if (URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()) return undefined;
    const expected = 'expected a page of this host, or one of ALLOWED_ORIGINS';
    return new TickwireError('ORIGIN_REFUSED', `Origin: ${expected}, got ${origin.slice(0, 100)}`);
  }
}
