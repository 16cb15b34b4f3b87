import { WebSocket } from 'ws';
import { openKafkaBus } from '../../src/bus/kafka';
import { priceEvents, TOPIC_NAMES } from '../../src/bus/topics';
import { findFreePort } from '../../src/local/port';
import { silentLog } from '../../src/platform/log';
import { METRICS } from '../../src/platform/metric-definitions';
import { readExpressions } from '../deploy/observability-files';
import { queryOf } from '../deploy/promql';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type Sample, samplesOf, valueIn } from '../support/metrics';
import { type ProductProcess, startProcess } from '../support/product-process';
import { describeWithKafka, testServices } from '../support/services';

jest.setTimeout(120_000);

/** Prometheus makes it itself. */
const OF_PROMETHEUS = 'up';
/** Labels that Prometheus gives its targets. */
const OF_TARGETS = ['job', 'instance'];

const SELECTORS = readExpressions().flatMap(({ place, text }) =>
  queryOf(text).selectors.map((selector) => ({ place, ...selector })),
);

describeWithKafka('the metrics of a running product', () => {
  const { redisUrl, kafkaBrokers } = testServices();
  const bus = openKafkaBus({ brokers: kafkaBrokers, ssl: false, clientId: 'metrics-test', log: silentLog });
  const running: ProductProcess[] = [];
  const sockets: WebSocket[] = [];
  const urls: string[] = [];
  let database: TestDatabase;
  let api: string;

  const scrape = async (url: string) => {
    const response = await fetch(`${url}/metrics`);
    return response.text();
  };
  const start = async (script: string, changes: Record<string, string>) => {
    const port = await findFreePort();
    const environment = {
      DATABASE_URL: database.databaseUrl,
      REDIS_URL: redisUrl,
      KAFKA_BOOTSTRAP_SERVERS: kafkaBrokers.join(','),
      USE_FIXTURE: 'true',
      METRICS_PORT: String(port),
      ...changes,
    };
    running.push(await startProcess(script, environment));
    return `http://127.0.0.1:${port}`;
  };

  beforeAll(async () => {
    await bus.createTopics(TOPIC_NAMES.map((name) => ({ name, partitions: 6 })));
    database = await createTestDatabase();
    const port = await findFreePort();
    api = `http://127.0.0.1:${port}`;
    urls.push(
      ...(await Promise.all([
        start('api', { PORT: String(port) }),
        start('consumer', {}),
        start('run-polling-jobs', { SYMBOLS: 'AAPL,MSFT', INTERVAL: '1' }),
      ])),
    );
    await makeTraffic();
  });
  afterAll(async () => {
    for (const socket of sockets) socket.terminate();
    // The poller first: what it published is not left to the tests after this one, which share its groups.
    await running.find(({ child }) => child.spawnargs.join().includes('run-polling-jobs'))?.end('SIGTERM');
    await eventually(async () => (await lag()) === 0, 20_000, 100);
    await Promise.all(running.map((process) => process.end('SIGTERM')));
    await bus.stop();
    await database.drop();
  });

  const lag = async () => {
    const rows = await bus.lag(['price-history', 'moving-average', 'latest-price', 'bars'], [priceEvents.name]);
    return rows.reduce((sum, row) => sum + row.lag, 0);
  };

  /** A little of each kind, until prices have gone all the way. */
  async function makeTraffic(): Promise<void> {
    const socket = new WebSocket(`${api.replace('http', 'ws')}/ws/prices`);
    sockets.push(socket);
    const diffed = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        if (String(data).includes('"diff"')) resolve();
      });
    });
    const option = { spot: 42, strike: 40, rate: 0.1, volatility: 0.2, time_to_expiry: 0.5 };
    const submit = () =>
      fetch(`${api}/api/v1/blackscholes?wait=20`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(option),
      });
    const [job] = await Promise.all([submit(), diffed]);
    expect(job.status).toBe(200);
    for (const path of ['/prices/latest?symbol=AAPL', '/tickers', '/no/such/place']) await fetch(`${api}${path}`);
    await eventually(async () => (await latencyCount('row')) > 0 && (await latencyCount('socket')) > 0, 30_000);
  }

  async function latencyCount(to: string): Promise<number> {
    const texts = await Promise.all(urls.map(scrape));
    const labels = { from: 'fetch', to };
    return Math.max(...texts.map((text) => valueIn(text, 'tickwire_event_age_seconds_count', labels) ?? 0));
  }

  const samplesOfAll = async (): Promise<readonly Sample[]> => (await Promise.all(urls.map(scrape))).flatMap(samplesOf);

  /** What is asked of these samples in vain, in sentences. */
  const faultsOf = (samples: readonly Sample[]) =>
    SELECTORS.flatMap(({ place, metric, matchers }) => {
      if (metric === OF_PROMETHEUS) return [];
      const told = samples.filter(({ name }) => name === metric);
      if (told.length === 0) return [`${place}: nobody tells ${metric}`];
      return matchers
        .filter(({ label, operator, value }) => {
          const isAsked = (labels: Sample['labels']) => (operator === '=' ? labels[label] === value : label in labels);
          return !OF_TARGETS.includes(label) && !told.some(({ labels }) => isAsked(labels));
        })
        .map(({ label, value }) => `${place}: no ${metric} has ${label} ${value}`);
    });

  test('every metric that a dashboard or an alert asks for is told, with the labels and values it is asked for', async () => {
    expect(SELECTORS.length).toBeGreaterThan(60);
    // On a busy machine a gauge may come too late for one scrape.
    await eventually(async () => expect(faultsOf(await samplesOfAll())).toEqual([]));
  });

  test('every metric of the product is told by some process, and none besides', async () => {
    const texts = await Promise.all(urls.map(scrape));
    const told = new Set(texts.flatMap((text) => [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name)));

    const ours = [...told].filter((name) => !/^(nodejs|process)_/.test(name));

    expect(ours.sort()).toEqual(Object.keys(METRICS).sort());
  });

  test('no label has the name of a symbol, a job or a client', async () => {
    const values = new Set((await samplesOfAll()).flatMap(({ labels }) => Object.values(labels)));

    expect([...values].filter((value) => /AAPL|MSFT|127\.0\.0\.1|[0-9a-f]{8}-[0-9a-f]{4}/.test(value))).toEqual([]);
    expect([...values].filter((value) => value.startsWith('/')).sort()).toEqual(
      expect.arrayContaining(['/api/v1/blackscholes', '/prices/latest', '/tickers']),
    );
    expect(values).not.toContain('/no/such/place');
  });

  test('each process tells what it does, and the API what is true of them all', async () => {
    const [ofApi = '', ofConsumers = '', ofPoller = ''] = await Promise.all(urls.map(scrape));

    expect(valueIn(ofPoller, 'tickwire_events_total', { stage: 'published' })).toBeGreaterThan(0);
    expect(valueIn(ofPoller, 'tickwire_poll_runs_total', { outcome: 'succeeded' })).toBeGreaterThan(0);
    expect(valueIn(ofConsumers, 'tickwire_events_total', { stage: 'averaged' })).toBeGreaterThan(0);
    expect(valueIn(ofConsumers, 'tickwire_model_job_wait_seconds_count', { model: 'blackscholes' })).toBe(1);
    expect(valueIn(ofApi, 'tickwire_live_connections')).toBe(1);
    expect(valueIn(ofApi, 'tickwire_database_connections_max')).toBe(10);
    await eventually(async () => {
      const texts = await Promise.all(urls.map(scrape));
      const lags = samplesOf(texts[0]!).filter(({ name }) => name === 'kafka_consumergroup_lag');
      expect(lags.filter(({ labels }) => labels.consumergroup === 'price-history')).toHaveLength(6);
      const up = texts.map((text) => valueIn(text, 'tickwire_dependency_up', { dependency: 'postgres' }));
      expect(up).toEqual([1, 1, 1]);
    });
  });

  test('the API tells the same as a route of its own', async () => {
    const response = await fetch(`${api}/metrics`);

    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    const types = (told: string) => told.split('\n').filter((line) => line.startsWith('# TYPE'));
    expect(types(text)).toEqual(types(await scrape(urls[0]!)));
    expect(valueIn(text, 'tickwire_build_info', { process: 'api' })).toBe(1);
  });

  test('a broker and a cache that are away are told as such, and the scrape does not wait for them', async () => {
    const nowhere = `127.0.0.1:${await findFreePort()}`;
    const url = await start('api', { PORT: '0', KAFKA_BOOTSTRAP_SERVERS: nowhere, REDIS_URL: `redis://${nowhere}` });

    await eventually(async () => {
      const text = await scrape(url);
      const up = (dependency: string) => valueIn(text, 'tickwire_dependency_up', { dependency });
      expect([up('kafka'), up('redis'), up('postgres')]).toEqual([0, 0, 1]);
      expect(samplesOf(text).filter(({ name }) => name.startsWith('kafka_'))).toEqual([]);
      expect(valueIn(text, 'tickwire_outbox_rows')).toBe(0);
    });
  });
});
