import { TickwireError } from '../platform/errors';
import type { RunningSubscription } from './bus';

/** What a bus has subscribed, so that stopping the bus stops them all, those included that are just joining. */
export class Subscriptions {
  readonly #opening = new Set<Promise<RunningSubscription>>();
  #closed = false;

  /** @throws BUS_UNAVAILABLE once the bus is stopped. */
  add(open: () => Promise<RunningSubscription>): Promise<RunningSubscription> {
    if (this.#closed) return Promise.reject(new TickwireError('BUS_UNAVAILABLE', 'the bus is stopped'));
    const opening = open();
    this.#opening.add(opening);
    opening.catch(() => this.#opening.delete(opening));
    return opening;
  }

  /** Every one is stopped, also when another fails to; then the first failure is thrown. */
  async stop(): Promise<void> {
    this.#closed = true;
    const stops = await Promise.allSettled(
      [...this.#opening].map(async (opening) => {
        const running = await opening.catch(() => undefined);
        await running?.stop();
      }),
    );
    for (const stop of stops) if (stop.status === 'rejected') throw stop.reason;
  }
}
