import type { Bus, Message } from '../../src/bus/bus';
import { openMemoryBus } from '../../src/bus/memory';
import { reliably } from '../../src/bus/reliably';
import { DEAD_LETTERS, priceEvents, symbolAverages } from '../../src/bus/topics';
import type { PriceEvent } from '../../src/domain/price-event';
import { TickwireError } from '../../src/platform/errors';
import { eventually } from '../support/eventually';
import { aPriceEvent } from '../support/price-events';
import { recordsOf } from '../support/records';
import {
  aContext,
  aGoodRecord,
  anOptions,
  aRecord,
  consume,
  GROUP,
  good,
  lettersOf,
  TOPIC,
  textHeadersOf,
} from '../support/reliable';

let bus: Bus;

beforeEach(() => {
  bus = openMemoryBus({ partitions: 1 });
});

afterEach(() => bus.stop());

describe('a record that cannot be decoded', () => {
  const wire = JSON.parse(String(priceEvents.message(aPriceEvent()).value));
  const poison: Record<string, Omit<Message, 'topic'>> = {
    'malformed JSON': { key: 'AAPL', value: '{"event_id":' },
    'a null value': { key: 'AAPL', value: null },
    'another schema': { key: 'AAPL', value: '{"price":"dear"}' },
    'bytes that are not UTF-8': { key: 'AAPL', value: Buffer.from([0x22, 0xc3, 0x28, 0x22]) },
    '900 kB of something else': { key: 'AAPL', value: Buffer.alloc(900_000, 'x') },
    'no key': { key: null, value: JSON.stringify(wire) },
    'the key of another symbol': { key: 'MSFT', value: JSON.stringify(wire) },
    'a time far ahead': { key: 'AAPL', value: JSON.stringify({ ...wire, timestamp: '2999-01-01T00:00:00.000Z' }) },
  };

  it.each(Object.entries(poison))(
    'for %s is dead-lettered once, as it came, and the good ones around it go on',
    async (_, bad) => {
      const headers = { 'x-request-id': 'r1' };
      await bus.publish([good(1), { topic: TOPIC, ...bad, headers }, good(2)]);
      const { handled } = await consume(bus);

      await eventually(() => handled.length === 2);
      const letters = await eventually(() => lettersOf(bus, 1));

      expect(handled.map(({ sequence }) => sequence)).toEqual([1, 2]);
      expect(letters[0]?.key).toEqual(bad.key === null ? null : Buffer.from(bad.key));
      expect(letters[0]?.value).toEqual(bad.value === null ? null : Buffer.from(bad.value));
      expect(textHeadersOf(letters[0]!)).toEqual({
        'x-request-id': 'r1',
        'x-original-topic': TOPIC,
        'x-original-partition': '0',
        'x-original-offset': '1',
        'x-original-timestamp': expect.stringMatching(/^\d{4}-.*Z$/),
        'x-error-code': 'EVENT_INVALID',
        'x-error-message': expect.stringMatching(/./),
        'x-attempts': '1',
        'x-consumer-group': GROUP,
        'x-first-failed-at': expect.stringMatching(/^\d{4}-.*Z$/),
      });
    },
  );

  it('is dead-lettered by the writer group only; another group counts it and goes on', async () => {
    await bus.publish([{ topic: TOPIC, key: 'AAPL', value: 'garbage' }, good(1)]);

    const { handled, counts } = await consume(bus, { group: 'latest-price' });

    await eventually(() => handled.length === 1);
    expect(counts.undecodable).toBe(1);
    expect(await recordsOf(bus, DEAD_LETTERS)).toEqual([]);
  });

  it('is dead-lettered once although its batch is delivered again', async () => {
    const { handle } = reliably(anOptions(bus));
    const records = [aRecord(0, 'garbage'), aRecord(1, 'rubbish')];

    await handle(records, aContext());
    await handle(records, aContext());
    await handle(records.slice(1), aContext());

    expect(await recordsOf(bus, DEAD_LETTERS)).toHaveLength(2);
  });

  it('is not dead-lettered before the good events of its batch went through', async () => {
    const { handle } = reliably(
      anOptions(bus, {
        handle: async () => {
          throw new TickwireError('STORE_UNAVAILABLE', 'the database does not answer');
        },
      }),
    );
    const leaving = new AbortController();
    const delivery = handle([aRecord(0, 'garbage'), aGoodRecord(1)], aContext(leaving.signal));

    leaving.abort();

    await expect(delivery).rejects.toThrow();
    expect(await recordsOf(bus, DEAD_LETTERS)).toEqual([]);
  });

  it('does not stop the partition when its decoder throws', async () => {
    const topic = {
      ...priceEvents,
      decode: () => {
        throw new RangeError('a mistake in the decoder');
      },
    };

    await reliably(anOptions(bus, { topic })).handle([aGoodRecord(0)], aContext());

    const [letter] = await recordsOf(bus, DEAD_LETTERS);
    expect(textHeadersOf(letter!)).toMatchObject({ 'x-error-message': 'a mistake in the decoder' });
  });
});

describe('an event that cannot be handled', () => {
  it('is found in its batch and dead-lettered; those around it are handled in order', async () => {
    const handled: number[] = [];
    let calls = 0;
    const refuse = async (events: readonly PriceEvent[]) => {
      calls += 1;
      if (events.some(({ sequence }) => sequence === 37)) throw new TypeError('cannot read this one');
      handled.push(...events.map(({ sequence }) => sequence));
      return [];
    };
    await bus.publish(Array.from({ length: 100 }, (_, index) => good(index)));

    const { counts } = await consume(bus, { group: 'moving-average', handle: refuse });

    const [letter] = await eventually(() => lettersOf(bus, 1));
    expect(handled).toEqual(Array.from({ length: 100 }, (_, index) => index).filter((index) => index !== 37));
    expect(calls).toBeLessThan(20);
    expect(counts).toMatchObject({ handled: 99, dead_lettered: 1 });
    expect(textHeadersOf(letter!)).toMatchObject({
      'x-original-offset': '37',
      'x-error-code': 'INTERNAL',
      'x-error-message': 'cannot read this one',
      'x-consumer-group': 'moving-average',
      'x-attempts': '7',
    });
    expect(letter?.value).toEqual(Buffer.from(String(good(37).value)));
  });

  it('is one whose output the broker refuses', async () => {
    const handle = async (events: readonly PriceEvent[]): Promise<readonly Message[]> =>
      events.map(({ sequence }) => ({
        topic: symbolAverages.name,
        key: 'AAPL',
        value: sequence === 2 ? Buffer.alloc(1_100_000) : String(sequence),
      }));
    await bus.publish([good(1), good(2), good(3)]);

    await consume(bus, { handle });

    const [letter] = await eventually(() => lettersOf(bus, 1));
    expect(textHeadersOf(letter!)).toMatchObject({ 'x-original-offset': '1', 'x-error-code': 'BUS_REFUSED' });
    expect((await recordsOf(bus, symbolAverages.name)).map(({ value }) => String(value))).toEqual(['1', '3']);
  });

  it('leaves a letter without its bytes when they leave no room for headers, rather than being tried for ever', async () => {
    const value = Buffer.alloc(1_048_300, 'x');
    await bus.publish([{ topic: TOPIC, key: 'AAPL', value }, good(1)]);

    const { handled } = await consume(bus);

    await eventually(() => handled.length === 1);
    const [letter] = await eventually(() => lettersOf(bus, 1));
    expect(letter?.value).toBeNull();
    expect(textHeadersOf(letter!)).toMatchObject({ 'x-original-offset': '0', 'x-original-size': '1048300' });
  });

  it('is given up, counted and passed over when not even that letter is taken', async () => {
    const counts: Record<string, number> = {};
    const publish = () => Promise.reject(new TickwireError('BUS_REFUSED', 'there is no topic dead-letters'));
    const { handle } = reliably(anOptions(bus, { publish, counts }));

    await handle([aRecord(0, 'garbage')], aContext());

    expect(counts.dead_letters_lost).toBe(1);
  });

  it('has its reason cut to a length that fits', async () => {
    const handle = () => Promise.reject(new Error('long '.repeat(10_000)));
    await reliably(anOptions(bus, { handle })).handle([aGoodRecord(0)], aContext());

    const [letter] = await recordsOf(bus, DEAD_LETTERS);
    expect(letter?.headers['x-error-message']?.length).toBe(500);
  });
});
