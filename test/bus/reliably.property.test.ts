import * as fc from 'fast-check';
import type { Message } from '../../src/bus/bus';
import { openMemoryBus } from '../../src/bus/memory';
import { reliably } from '../../src/bus/reliably';
import { DEAD_LETTERS, priceEvents, symbolAverages } from '../../src/bus/topics';
import type { PriceEvent } from '../../src/domain/price-event';
import { TickwireError } from '../../src/platform/errors';
import { eventually } from '../support/eventually';
import { aPriceEvent } from '../support/price-events';
import { recordsOf } from '../support/records';
import { anOptions, GROUP, TOPIC } from '../support/reliable';

describe('whatever fails in whatever order', () => {
  const outcome = fc.constantFrom('ok', 'ok', 'retryable', 'retryable after its effect', 'broken', 'move member');
  const scenario = fc.record({
    keys: fc.array(fc.constantFrom('AAPL', 'MSFT', 'IBM'), { minLength: 1, maxLength: 40 }),
    garbageAt: fc.uniqueArray(fc.nat(39), { maxLength: 5 }),
    unhandleable: fc.uniqueArray(fc.nat(39), { maxLength: 4 }),
    outcomes: fc.array(outcome, { maxLength: 30 }),
    publishFailures: fc.array(fc.boolean(), { maxLength: 10 }),
    maxBatch: fc.integer({ min: 1, max: 20 }),
  });

  it('nothing is lost, each letter is sent once, and the order per key is kept', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ keys, garbageAt, unhandleable, outcomes, publishFailures, maxBatch }) => {
        const own = openMemoryBus({ partitions: 2 });
        const script = [...outcomes];
        const failures = [...publishFailures];
        const handled: PriceEvent[] = [];
        // Given up in a delivery that never came to its end, and so delivered again with those behind them.
        const givenUp = new Set<number>();
        let moves = 0;
        const handle = async (events: readonly PriceEvent[]): Promise<readonly Message[]> => {
          const next = script.shift() ?? 'ok';
          if (next === 'move member') moves += 1;
          if (next === 'retryable') throw new TickwireError('STORE_UNAVAILABLE', 'away');
          if (next === 'broken') {
            if (events.length === 1) givenUp.add(events[0]?.sequence ?? -1);
            throw new Error('broken');
          }
          if (events.some(({ sequence }) => unhandleable.includes(sequence))) throw new TypeError('not this one');
          handled.push(...events);
          if (next === 'retryable after its effect') throw new TickwireError('STORE_UNAVAILABLE', 'away');
          return events.map(({ symbol, sequence }) => ({
            topic: symbolAverages.name,
            key: symbol,
            value: `${sequence}`,
          }));
        };
        const publish = async (messages: readonly Message[]) => {
          if (failures.shift()) throw new TickwireError('BUS_UNAVAILABLE', 'away');
          await own.publish(messages);
        };
        const reliable = reliably({ ...anOptions(own, { handle, publish }), backoff: { firstMs: 0, maxMs: 1 } });
        const subscription = {
          group: GROUP,
          topic: TOPIC,
          maxBatch,
          handle: reliable.handle,
          onFatal: () => undefined,
        };
        const messages = keys.map((symbol, sequence) =>
          garbageAt.includes(sequence)
            ? { topic: TOPIC, key: symbol, value: `garbage ${sequence}` }
            : priceEvents.message(aPriceEvent({ symbol, sequence })),
        );

        await own.publish(messages);
        let member = await own.subscribe(subscription);
        await eventually(
          async () => {
            if (moves > 0) {
              moves -= 1;
              const other = await own.subscribe(subscription);
              await member.stop();
              member = other;
            }
            return (await own.lag([GROUP], [TOPIC])).every(({ lag }) => lag === 0);
          },
          10_000,
          1,
        );
        await own.stop();

        const letters = (await recordsOf(own, DEAD_LETTERS)).map(
          ({ headers }) => `${headers['x-original-partition']}:${headers['x-original-offset']}`,
        );
        const outputs = new Set((await recordsOf(own, symbolAverages.name)).map(({ value }) => Number(value)));
        const lettered = (await recordsOf(own, DEAD_LETTERS)).map(({ value }) => sequenceOf(String(value)));
        expect(new Set(letters).size).toBe(letters.length);
        expect(new Set([...outputs, ...lettered])).toEqual(new Set(keys.keys()));
        for (const bad of [...garbageAt, ...unhandleable].filter((index) => index < keys.length))
          expect(lettered).toContain(bad);
        for (const key of new Set(keys)) {
          const kept = handled.filter(({ symbol, sequence }) => symbol === key && !givenUp.has(sequence));
          const order = firstHandlings(kept);
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

function sequenceOf(value: string): number {
  return value.startsWith('garbage') ? Number(value.slice('garbage '.length)) : JSON.parse(value).sequence;
}

/** Sequences in the order in which each was first handled. */
function firstHandlings(events: readonly PriceEvent[]): number[] {
  return [...new Set(events.map(({ sequence }) => sequence))];
}
