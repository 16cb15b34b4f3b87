import type { BusRecord } from '../../src/bus/bus';
import { openMemoryBus } from '../../src/bus/memory';
import { priceEvents } from '../../src/bus/topics';
import { tracedBus } from '../../src/bus/traced-bus';
import { TickwireError } from '../../src/platform/errors';
import { openLog, silentLog } from '../../src/platform/log';
import {
  causeHeaders,
  currentTraceId,
  currentTraceparent,
  inInnerSpan,
  inSpan,
  isTracing,
  withRemoteParent,
} from '../../src/platform/trace';
import { tracingOf } from '../../src/platform/tracing';
import { keepingExporter } from '../support/collector';
import { eventually } from '../support/eventually';
import { aPriceEvent } from '../support/price-events';
import { REMOTE, tracingInTests } from '../support/tracing';

const { trace, flush, kept } = tracingInTests();

test('without an endpoint there is no tracing, and work runs as it is', async () => {
  expect(tracingOf('test', {}, { log: silentLog })).toEqual([]);

  const result = await inSpan('work', {}, async (span) => {
    span.rename('other');
    return { tracing: isTracing(), traceparent: currentTraceparent(), headers: causeHeaders(null) };
  });

  expect(result).toEqual({ tracing: false, traceparent: undefined, headers: undefined });
});

test('spans nest over awaits, and work that throws fails its span with its code and passes the error on', async () => {
  await trace();
  const refusal = new TickwireError('STORE_UNAVAILABLE', 'the database is away');

  const outer = inSpan('outer', { attributes: { 'tickwire.symbols': ['A', 'B'] } }, async () => {
    await new Promise(setImmediate);
    await inSpan('inner', { kind: 'client' }, () => Promise.reject(refusal));
  });

  await expect(outer).rejects.toBe(refusal);
  await flush();
  const [inner, whole] = [kept.collector.span('inner'), kept.collector.span('outer')];
  expect(inner).toMatchObject({
    kind: 3,
    traceId: whole.traceId,
    parentSpanId: whole.spanId,
    service: 'tickwire-test',
  });
  expect(inner.attributes).toEqual({ 'error.type': 'STORE_UNAVAILABLE' });
  expect(inner.status).toEqual({ code: 2, message: 'the database is away' });
  expect(whole.parentSpanId).toBeUndefined();
});

test("another process's trace is gone on with where its traceparent is one", async () => {
  await trace();

  await withRemoteParent(REMOTE, () => inSpan('goes on', {}, async () => undefined));
  for (const none of [undefined, 'nonsense', REMOTE.replace(/0af\w+-/, `${'0'.repeat(32)}-`), `ff${REMOTE.slice(2)}`])
    await withRemoteParent(none, () => inSpan('begins', {}, async () => undefined));

  await flush();
  expect(kept.collector.span('goes on')).toMatchObject({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    parentSpanId: 'b7ad6b7169203331',
  });
  const begun = kept.collector.spans.filter(({ name }) => name === 'begins');
  expect(begun.map(({ parentSpanId }) => parentSpanId)).toEqual([undefined, undefined, undefined, undefined]);
  expect(new Set(begun.map(({ traceId }) => traceId)).size).toBe(4);
});

test('routine work outside of any span makes none', async () => {
  await trace();

  await inInnerSpan('alone', {}, async () => undefined);
  await inSpan('request', {}, () => inInnerSpan('within', {}, async () => undefined));

  await flush();
  expect(kept.collector.spans.map(({ name }) => name).sort()).toEqual(['request', 'within']);
});

test('the sampler is the one that is asked for, and what it leaves out is told to nobody', async () => {
  await trace({ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' });

  const headers = await inSpan('left out', {}, async () => causeHeaders('r-1'));
  await withRemoteParent(REMOTE, () => inSpan('kept', {}, async () => undefined));

  await flush();
  expect(headers).toEqual({ 'x-request-id': 'r-1' });
  expect(kept.collector.spans.map(({ name }) => name)).toEqual(['kept']);
});

test('no secret of the process leaves it in a span', async () => {
  await trace({ FINNHUB_API_KEY: 'fk-planted-secret' });
  const vendor = {
    kind: 'client',
    attributes: { 'url.path': '/quote/fk-planted-secret', list: ['fk-planted-secret'] },
  } as const;

  const call = inSpan('call', vendor, () => Promise.reject(new Error('GET /quote?token=fk-planted-secret failed')));

  await expect(call).rejects.toThrow('failed');
  await flush();
  expect(kept.collector.span('call').attributes['url.path']).toBe('/quote/[redacted]');
  expect(JSON.stringify(kept.collector.spans)).not.toContain('planted');
});

test('a collector that refuses disturbs nothing, and is told once for many exports', async () => {
  const lines: string[] = [];
  kept.collector = keepingExporter('refused');
  await trace({}, openLog('test', { level: 'warn', destination: { write: (line) => void lines.push(line) } }));

  const works = Array.from({ length: 600 }, (_, index) => index);
  const results = await Promise.all(works.map((each) => inSpan('work', {}, async () => each)));
  await flush();

  expect(results).toEqual(works);
  expect(kept.collector.exports()).toBeGreaterThan(1);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ error: 'refused' }]);
});

test('a log line inside a span carries its trace', async () => {
  const lines: string[] = [];
  const log = openLog('test', { level: 'info', destination: { write: (line) => void lines.push(line) } });
  await trace();

  const traceId = await inSpan('work', {}, async () => {
    log.info({ symbol: 'AAPL' }, 'inside');
    return currentTraceId();
  });
  log.info({}, 'outside');

  expect(lines.map((line) => JSON.parse(line).traceId)).toEqual([traceId, undefined]);
});

describe('the bus', () => {
  const deliver = async (
    handle: (records: readonly BusRecord[]) => Promise<void>,
    bus = tracedBus(openMemoryBus({ partitions: 1 })),
  ) => {
    const delivered: BusRecord[] = [];
    await bus.subscribe({
      group: 'g',
      topic: 'price-events',
      maxBatch: 10,
      handle: async (records) => {
        await handle(records);
        delivered.push(...records);
      },
      onFatal: () => undefined,
    });
    return { bus, delivered };
  };
  const messageOf = (headers?: Record<string, string>) => priceEvents.message(aPriceEvent(), headers);

  test('a batch of one cause goes on with its trace, from the publish', async () => {
    await trace();
    const { bus, delivered } = await deliver(async () => undefined);

    await inSpan('cause', {}, () => bus.publish([messageOf(causeHeaders('r-1')), messageOf(causeHeaders('r-1'))]));
    await eventually(() => delivered.length === 2);
    await bus.stop();
    await flush();

    const [cause, publish, process] = ['cause', 'publish price-events', 'process price-events'].map(
      kept.collector.span,
    );
    expect(publish).toMatchObject({ kind: 4, traceId: cause!.traceId, parentSpanId: cause!.spanId });
    expect(process).toMatchObject({ kind: 5, traceId: cause!.traceId, parentSpanId: publish!.spanId });
    expect(process!.links).toMatchObject([{ spanId: publish!.spanId }]);
    expect(process!.attributes).toMatchObject({
      'messaging.system': 'kafka',
      'messaging.consumer.group.name': 'g',
      'messaging.batch.message_count': 2,
    });
    expect(delivered[0]!.headers).toMatchObject({ 'x-request-id': Buffer.from('r-1') });
  });

  test('a batch of several causes is a trace of its own that links to each once', async () => {
    await trace();
    const bus = tracedBus(openMemoryBus({ partitions: 1 }));
    for (const name of ['first', 'second'])
      await inSpan(name, {}, () => bus.publish([messageOf(causeHeaders(null)), messageOf(causeHeaders(null))]));

    const { delivered } = await deliver(async () => undefined, bus);
    await eventually(() => delivered.length === 4);
    await bus.stop();
    await flush();

    const publishes = kept.collector.spans.filter(({ name }) => name === 'publish price-events');
    const process = kept.collector.span('process price-events');
    expect(process.attributes['messaging.batch.message_count']).toBe(4);
    expect(process.parentSpanId).toBeUndefined();
    expect(process.links.map(({ spanId }) => spanId)).toEqual(publishes.map(({ spanId }) => spanId));
  });

  test('a message without a cause gets no header, and one that came from elsewhere keeps its own', async () => {
    await trace();
    const none = REMOTE.replaceAll(/-\w{32}-/g, `-${'0'.repeat(32)}-`);
    const { bus, delivered } = await deliver(async () => undefined);

    const messages = [messageOf(), messageOf({ traceparent: REMOTE }), messageOf({ traceparent: none })];
    await inSpan('cause', {}, () => bus.publish(messages));
    await eventually(() => delivered.length === 3);
    await bus.stop();
    await flush();

    expect(delivered.map(({ headers }) => headers.traceparent?.toString())).toEqual([undefined, REMOTE, none]);
    expect(kept.collector.span('process price-events').links.map(({ spanId }) => spanId)).toEqual([
      REMOTE.slice(36, 52),
    ]);
  });
});
