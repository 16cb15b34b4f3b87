import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openKafkaBus } from '../../src/bus/kafka';
import { TOPIC_NAMES } from '../../src/bus/topics';
import { findFreePort } from '../../src/local/port';
import { silentLog } from '../../src/platform/log';
import { type CollectedSpan, type Collector, startCollector } from '../support/collector';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type ProductProcess, startProcess } from '../support/product-process';
import { describeWithKafka, testServices } from '../support/services';

jest.setTimeout(120_000);

const SERVER = 2;
const PRODUCER = 4;
const CONSUMER = 5;

/** A caller's trace, and its header. */
function aTrace() {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` };
}

describeWithKafka('traces on real services', () => {
  const { redisUrl, kafkaBrokers } = testServices();
  const running: ProductProcess[] = [];
  let database: TestDatabase;
  let collector: Collector;
  let environment: Record<string, string>;

  const start = async (script: string, changes: Record<string, string> = {}) => {
    const process = await startProcess(script, { ...environment, ...changes });
    running.push(process);
    return process;
  };
  const post = async (path: string, headers: Record<string, string> = {}, body: unknown = {}) => {
    const answer = await fetch(`http://127.0.0.1:${environment.PORT}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    expect(answer.ok).toBe(true);
    return (await answer.json()) as Record<string, unknown>;
  };
  /** The span of a trace with this name, waited for. */
  const spanOf = (traceId: string, name: string, matches: (span: CollectedSpan) => boolean = () => true) =>
    eventually(() => {
      const ofTrace = collector.spans.filter((span) => span.traceId === traceId);
      const found = ofTrace.find((span) => span.name === name && matches(span));
      if (found) return found;
      throw new Error(`no ${name} in trace ${traceId}: ${ofTrace.map((span) => span.name).join(', ')}`);
    }, 30_000);
  const ofGroup = (group: string) => (span: CollectedSpan) =>
    span.attributes['messaging.consumer.group.name'] === group;

  beforeAll(async () => {
    const bus = openKafkaBus({ brokers: kafkaBrokers, ssl: false, clientId: 'traces-test', log: silentLog });
    await bus.createTopics(TOPIC_NAMES.map((name) => ({ name, partitions: 6 })));
    await bus.stop();
    [database, collector] = await Promise.all([createTestDatabase(), startCollector()]);
    environment = {
      DATABASE_URL: database.databaseUrl,
      REDIS_URL: redisUrl,
      KAFKA_BOOTSTRAP_SERVERS: kafkaBrokers.join(','),
      USE_FIXTURE: 'true',
      NEWS_INTERVAL: '0',
      PORT: String(await findFreePort()),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20of-the-collector',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    };
    await Promise.all([start('api'), start('consumer'), start('run-polling-jobs')]);
  });
  afterAll(async () => {
    await Promise.all(running.splice(0).map((process) => process.end('SIGTERM')));
    await Promise.all([database.drop(), collector.stop()]);
  });

  test('an update is one trace from the caller over HTTP and Kafka to the rows and the cache', async () => {
    const { traceId, spanId, traceparent } = aTrace();

    await post('/trigger-update/TRACED', { traceparent, 'X-Request-Id': 'r-traced' });

    const server = await spanOf(traceId, 'POST /trigger-update/{ticker}');
    const ingest = await spanOf(traceId, 'ingest');
    const publish = await spanOf(traceId, 'publish price-events');
    const stored = await spanOf(traceId, 'process price-events', ofGroup('price-history'));
    const cached = await spanOf(traceId, 'process price-events', ofGroup('latest-price'));
    expect(server).toMatchObject({ kind: SERVER, parentSpanId: spanId, service: 'tickwire-api' });
    expect(server.attributes).toMatchObject({
      'tickwire.request.id': 'r-traced',
      'http.route': '/trigger-update/{ticker}',
    });
    expect(ingest.parentSpanId).toBe(server.spanId);
    expect(publish).toMatchObject({ kind: PRODUCER, parentSpanId: ingest.spanId });
    for (const process of [stored, cached]) {
      expect(process).toMatchObject({ kind: CONSUMER, parentSpanId: publish.spanId, service: 'tickwire-consumers' });
      expect(process.links).toMatchObject([{ traceId, spanId: publish.spanId }]);
    }
    const within = (parent: CollectedSpan) => (span: CollectedSpan) => span.parentSpanId === parent.spanId;
    const statements = () =>
      collector.spans.filter(within(stored)).map(({ attributes }) => attributes['db.system.name']);
    await eventually(() => expect(statements()).toContain('postgresql'));
    await spanOf(traceId, 'write_latest', within(cached));
    expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer of-the-collector' });
  });

  test('a poll run is a trace from the tick to the rows', async () => {
    await post('/prices/poll', {}, { symbols: ['TICKED'], interval: 3600 });

    const poll = await collector.span('poll', 'tickwire-poller');
    const publish = await spanOf(poll.traceId, 'publish price-events');
    const stored = await spanOf(poll.traceId, 'process price-events', ofGroup('price-history'));
    expect(poll.parentSpanId).toBeUndefined();
    expect(poll.attributes).toMatchObject({ 'tickwire.provider': 'fixture' });
    expect(stored.parentSpanId).toBe(publish.spanId);
    expect(stored.links).toMatchObject([{ spanId: publish.spanId }]);
  });

  test('a model job runs in the trace of the request that submitted it', async () => {
    const { traceId, traceparent } = aTrace();

    await post(
      '/api/v1/blackscholes?wait=20',
      { traceparent },
      { spot: 42, strike: 40, rate: 0.1, volatility: 0.2, time_to_expiry: 0.5, option_type: 'call' },
    );

    const publish = await spanOf(traceId, 'publish model-jobs, model-job-events');
    const taken = await spanOf(traceId, 'process model-jobs');
    const run = await spanOf(traceId, 'run blackscholes');
    expect(taken.parentSpanId).toBe(publish.spanId);
    expect(run).toMatchObject({ parentSpanId: taken.spanId, service: 'tickwire-consumers' });
  });

  test.each([
    ['is away', false],
    ['never answers', true],
  ])('a process whose collector %s answers, says so, and stops as clean as ever', async (_, hang) => {
    const hanging = hang ? await startCollector({ hang }) : undefined;
    const port = String(await findFreePort());
    const endpoint = hanging?.endpoint ?? `http://127.0.0.1:${await findFreePort()}`;
    const api = await start('api', { PORT: port, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    let said = '';
    api.child.stdout?.on('data', (data: Buffer) => {
      said += data.toString();
    });

    const answers = await Promise.all([1, 2, 3].map(() => fetch(`http://127.0.0.1:${port}/readyz`)));
    const code = await api.end('SIGTERM');
    await hanging?.stop();

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(code).toBe(0);
    expect(said).toContain('the last spans could not be sent');
  });
});

// The API alone comes with prom-client, and does nothing.
test('a process that does not trace loads no SDK of OpenTelemetry', () => {
  const load = ['api', 'poller', 'consumers', 'all']
    .map((name) => `require('./dist/src/processes/${name}.js');`)
    .join('');
  const list =
    'console.log(JSON.stringify(Object.keys(require.cache).filter((path) => /@opentelemetry.(?!api)/.test(path))))';
  const environment = { PATH: process.env.PATH, NODE_ENV: 'production' };

  const loaded = execFileSync(
    process.execPath,
    ['-e', `${load}require('./dist/src/platform/run-process.js');${list}`],
    {
      env: environment,
    },
  );

  expect(JSON.parse(loaded.toString())).toEqual([]);
});
