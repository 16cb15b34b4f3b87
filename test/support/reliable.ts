import type { BatchContext, Bus, BusRecord, Message } from '../../src/bus/bus';
import { type ReliablyOptions, reliably } from '../../src/bus/reliably';
import { DEAD_LETTERS, priceEvents } from '../../src/bus/topics';
import type { PriceEvent } from '../../src/domain/price-event';
import { systemClock } from '../../src/platform/clock';
import { silentLog } from '../../src/platform/log';
import { aPriceEvent } from './price-events';
import { recordsOf } from './records';

export const GROUP = 'price-history';
export const TOPIC = priceEvents.name;

export interface Consuming {
  readonly handled: PriceEvent[];
  readonly counts: Record<string, number>;
}

export type Changes = Partial<ReliablyOptions<PriceEvent>> & { readonly counts?: Record<string, number> };

/** Options of `reliably` for price events, with a handler that does nothing and hardly any backoff. */
export function anOptions(bus: Bus, { counts = {}, ...changes }: Changes = {}): ReliablyOptions<PriceEvent> {
  return {
    group: GROUP,
    topic: priceEvents,
    handle: async () => [],
    publish: (messages) => bus.publish(messages),
    log: silentLog,
    count: (name, by) => {
      counts[name] = (counts[name] ?? 0) + by;
    },
    clock: systemClock,
    backoff: { firstMs: 1, maxMs: 5 },
    ...changes,
  };
}

/** Subscribes to price events as they ask, and notes what is handled. */
export async function consume(bus: Bus, changes: Changes = {}): Promise<Consuming> {
  const handled: PriceEvent[] = [];
  const counts: Record<string, number> = {};
  const handle = async (events: readonly PriceEvent[]) => {
    handled.push(...events);
    return [];
  };
  const options = anOptions(bus, { handle, ...changes, counts });
  const subscription = { group: options.group, topic: TOPIC, maxBatch: 1_000, onFatal: () => undefined };
  await bus.subscribe({ ...subscription, handle: reliably(options).handle });
  return { handled, counts };
}

export function good(sequence: number): Message {
  return priceEvents.message(aPriceEvent({ sequence }));
}

export function aRecord(offset: number, value: string): BusRecord {
  const place = { topic: TOPIC, partition: 0, offset: String(offset), timestampMs: 1_700_000_000_000 };
  return { ...place, key: Buffer.from('AAPL'), value: Buffer.from(value), headers: {} };
}

export function aGoodRecord(offset: number): BusRecord {
  return aRecord(offset, String(good(offset).value));
}

export function aContext(signal = new AbortController().signal): BatchContext {
  return { signal, heartbeat: async () => undefined };
}

export async function lettersOf(bus: Bus, count: number): Promise<BusRecord[]> {
  const letters = await recordsOf(bus, DEAD_LETTERS);
  expect(letters).toHaveLength(count);
  return letters;
}

export function textHeadersOf({ headers }: BusRecord): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.toString()]));
}
