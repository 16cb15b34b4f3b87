import { randomUUID } from 'node:crypto';
import type { Bus, BusRecord } from '../../src/bus/bus';
import { pause } from '../../src/platform/clock';
import { eventually } from '../support/eventually';
import { type GivenBus, numbered, on, sortedTexts, textsOf } from '../support/given-bus';
import { recordsOf } from '../support/records';

/** What holds for records: publishing, keeping and reading them. */
export function describeRecords(given: GivenBus): void {
  let bus: Bus;
  let topic: string;
  const { subscribe } = given;

  beforeEach(() => {
    ({ bus, topic } = given);
  });

  describe('publishing', () => {
    it('keeps the order of one key, over many calls and more messages than fit into one send', async () => {
      const seen: BusRecord[] = [];
      const calls = Array.from({ length: 60 }, (_, call) => numbered(call * 100, 100, 'AAPL'));

      await Promise.all(calls.map((messages) => bus.publish(on(topic, messages))));
      await subscribe(async (records) => void seen.push(...records));

      await eventually(() => seen.length >= 6_000);
      expect(textsOf(seen)).toEqual(calls.flat().map(({ value }) => value));
      expect(new Set(seen.map(({ partition }) => partition)).size).toBe(1);
    });

    it('takes one call that is larger than any batch may be', async () => {
      const value = Buffer.alloc(300_000, 'x');

      await bus.publish(Array.from({ length: 10 }, () => ({ topic, key: 'AAPL', value })));

      expect(await recordsOf(bus, topic)).toHaveLength(10);
    });

    it('refuses a message that is too large, and nothing that is published beside it', async () => {
      const tooLarge = bus.publish([{ topic, key: 'AAPL', value: Buffer.alloc(1_100_000) }]);
      const fine = bus.publish([{ topic, key: 'AAPL', value: 'fine' }]);

      await expect(tooLarge).rejects.toMatchObject({ code: 'BUS_REFUSED', retryable: false });
      await fine;
      expect(textsOf(await recordsOf(bus, topic))).toEqual(['fine']);
    });

    it('takes a message of 900 kB with headers', async () => {
      const value = Buffer.alloc(900_000, 7);

      await bus.publish([{ topic, key: 'AAPL', value, headers: { 'x-error-message': 'e'.repeat(500) } }]);

      expect((await recordsOf(bus, topic))[0]?.value?.equals(value)).toBe(true);
    });

    it('refuses a topic that does not exist, and nothing that is published beside it', async () => {
      const unknown = bus.publish([{ topic: `test-${randomUUID()}`, key: 'AAPL', value: 'lost' }]);
      const fine = bus.publish([{ topic, key: 'AAPL', value: 'fine' }]);

      await expect(unknown).rejects.toMatchObject({ code: 'BUS_REFUSED' });
      await fine;
      expect(textsOf(await recordsOf(bus, topic))).toEqual(['fine']);
    });

    it('resolves for no messages at all', async () => {
      await expect(bus.publish([])).resolves.toBeUndefined();
    });

    it('is refused, as unavailable, once the bus is stopped', async () => {
      await bus.stop();

      await expect(bus.publish([{ topic, key: 'AAPL', value: '1' }])).rejects.toMatchObject({
        code: 'BUS_UNAVAILABLE',
      });
    });
  });

  describe('a record', () => {
    it('keeps null keys, null values, any bytes and its headers', async () => {
      const bytes = Buffer.from([0, 255, 254, 0xc3, 0x28]);
      const before = Date.now() - 5_000;

      await bus.publish([
        { topic, key: null, value: bytes, headers: { 'x-request-id': 'r1', binary: bytes } },
        { topic, key: bytes, value: null },
        { topic, key: '', value: '' },
      ]);

      const records = await recordsOf(bus, topic);
      const byValue = (value: Buffer | null) => records.find((record) => String(record.value) === String(value));
      expect(byValue(bytes)).toMatchObject({ key: null, value: bytes, topic });
      expect(byValue(bytes)?.headers).toEqual({ 'x-request-id': Buffer.from('r1'), binary: bytes });
      expect(byValue(null)).toMatchObject({ key: bytes, value: null, headers: {} });
      expect(byValue(Buffer.alloc(0))).toMatchObject({ key: Buffer.alloc(0), value: Buffer.alloc(0) });
      expect(records.every(({ timestampMs }) => timestampMs > before && timestampMs < Date.now() + 5_000)).toBe(true);
    });
  });

  describe('reading a topic', () => {
    it('gives everything, partition by partition in offset order, and ends at what was there when it began', async () => {
      await bus.publish(on(topic, numbered(0, 200)));
      const seen: BusRecord[] = [];

      for await (const record of bus.read(topic)) {
        if (seen.length === 0) {
          await bus.publish(on(topic, numbered(200, 20)));
          await pause(500);
        }
        seen.push(record);
      }

      expect(sortedTexts(seen)).toEqual(
        numbered(0, 200)
          .map(({ value }) => value)
          .toSorted(),
      );
      const places = seen.map(({ partition, offset }) => partition * 1_000_000 + Number(offset));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    });

    it('ends at once when there is nothing', async () => {
      expect(await recordsOf(bus, topic)).toEqual([]);
    });

    it('can be left early and begun again', async () => {
      await bus.publish(on(topic, numbered(0, 20)));
      for await (const record of bus.read(topic)) {
        expect(record.topic).toBe(topic);
        break;
      }

      expect(await recordsOf(bus, topic)).toHaveLength(20);
    });
  });
}
