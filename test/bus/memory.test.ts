import type { BatchHandler, Bus } from '../../src/bus/bus';
import { openMemoryBus } from '../../src/bus/memory';
import { TOPIC_NAMES } from '../../src/bus/topics';
import { describeBus } from '../contract/bus.contract';
import { eventually } from '../support/eventually';

describeBus('memory', { open: () => openMemoryBus(), longHandlingMs: 600 });

describe('what is special to the memory bus', () => {
  let bus: Bus;

  beforeEach(async () => {
    bus = openMemoryBus({ partitions: 2 });
    await bus.createTopics([{ name: 'small', partitions: 1 }]);
  });

  afterEach(() => bus.stop());

  const publish = async (from: number, count: number) => {
    const value = (index: number) => String(from + index);
    await bus.publish(Array.from({ length: count }, (_, index) => ({ topic: 'small', key: 'A', value: value(index) })));
  };
  const subscribe = (handle: BatchHandler) =>
    bus.subscribe({ group: 'g', topic: 'small', maxBatch: 2_000, handle, onFatal: () => undefined });
  const countAndFirst = async () => {
    const records = [];
    for await (const record of bus.read('small')) records.push(record);
    return { count: records.length, first: records[0]?.offset, value: String(records[0]?.value) };
  };

  it('has the topics of the product from the start', async () => {
    const lag = await bus.lag(['g'], TOPIC_NAMES);

    expect(lag).toHaveLength(TOPIC_NAMES.length * 2);
  });

  it('forgets the oldest records, so that memory is flat, and keeps their offsets', async () => {
    await publish(0, 60_000);
    await publish(60_000, 60_000);

    expect(await countAndFirst()).toEqual({ count: 100_000, first: '20000', value: '20000' });
  });

  it('forgets nothing that a running consumer has not read, and refuses more until it has', async () => {
    const seen = new Set<string>();
    let isOpen = false;
    await subscribe(async (records) => {
      if (!isOpen) throw new Error('not yet');
      for (const { offset } of records) seen.add(offset);
    });
    await publish(0, 120_000);

    await expect(publish(120_000, 1)).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE', retryable: true });
    isOpen = true;
    await eventually(() => seen.size === 120_000);
    await publish(120_000, 1);
    await eventually(() => seen.size === 120_001);
  });
});
