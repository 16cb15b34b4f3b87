import type { Bus } from '../../src/bus/bus';
import { priceEvents } from '../../src/bus/topics';
import type { PriceEvent } from '../../src/domain/price-event';
import { pause } from '../../src/platform/clock';
import { eventually } from './eventually';
import type { Fleet } from './fleet';
import { madeTapeEvent } from './made-tape';

/** Events of one publish, and the pause after it: a few hundred events a second. */
const CHUNK = 25;
const BETWEEN_CHUNKS_MS = 50;

/** Work that goes on until it is stopped. */
export interface Load {
  readonly published: PriceEvent[];
  /** Requests by what became of them: answered by the API asked first; by another one, because the first took no connection or was too busy; by none. */
  readonly requests: { first: number; failedOver: number; busy: number; refused: string[] };
  stop(): Promise<void>;
}

/** Publishes a tape of the symbols of `suffix` and asks the APIs for a polled one, a few dozen times a second. */
export function beginLoad({ bus, fleet, suffix }: { bus: Bus; fleet: Fleet; suffix: string }): Load {
  const published: PriceEvent[] = [];
  const requests: Load['requests'] = { first: 0, failedOver: 0, busy: 0, refused: [] };
  let going = true;
  const publish = async () => {
    while (going) {
      const chunk = Array.from({ length: CHUNK }, (_, place) => madeTapeEvent(published.length + place, suffix));
      await eventually(() => bus.publish(chunk.map((event) => priceEvents.message(event))), 60_000);
      published.push(...chunk);
      await pause(BETWEEN_CHUNKS_MS);
    }
  };
  const ask = async () => {
    for (let turn = 0; going; turn++) {
      const urls = fleet.members('api').map(({ url }) => url);
      const [first, ...others] = [...urls.slice(turn % urls.length), ...urls.slice(0, turn % urls.length)];
      const fault = await faultOfAsking(first!, suffix);
      if (!fault) requests.first += 1;
      else if (!(await isAnswered(others, suffix))) requests.refused.push(fault);
      else if (fault.startsWith('503')) requests.busy += 1;
      else requests.failedOver += 1;
      await pause(BETWEEN_CHUNKS_MS);
    }
  };
  const work = Promise.all([publish(), ask()]);
  // Whoever stops it is told.
  work.catch(() => undefined);
  return {
    published,
    requests,
    stop: async () => {
      going = false;
      await work;
    },
  };
}

async function isAnswered(urls: readonly string[], suffix: string): Promise<boolean> {
  for (const url of urls) if (!(await faultOfAsking(url, suffix))) return true;
  return false;
}

async function faultOfAsking(url: string, suffix: string): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(`${url}/prices/latest?symbol=P0.${suffix}&provider=fixture`, { signal });
    return answer.status === 200 ? undefined : `${answer.status} ${await answer.text()}`;
  } catch (error) {
    return String((error as Error).cause ?? error);
  }
}
