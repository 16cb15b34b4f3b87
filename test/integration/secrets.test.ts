import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openKafkaBus } from '../../src/bus/kafka';
import { TOPIC_NAMES } from '../../src/bus/topics';
import { hashOfKey, keyText, makeKey } from '../../src/domain/api-key';
import { findFreePort } from '../../src/local/port';
import { silentLog } from '../../src/platform/log';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store';
import { type Collector, startCollector } from '../support/collector';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { beginProcess, type ProductProcess } from '../support/product-process';
import { describeWithKafka, testServices } from '../support/services';
import { temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(180_000);

/** Found nowhere by chance, and different in each spelling. */
const plant = (name: string) => `pl@nted+/${name}=${randomBytes(12).toString('hex')}`;

const PLANTED = {
  FINNHUB_API_KEY: plant('finnhub'),
  EODHD_API_KEY: plant('eodhd'),
  TWELVE_DATA_API_KEY: plant('twelvedata'),
  API_KEY_SECRET: plant('of-the-service'),
  KAFKA_SASL_PASSWORD: plant('sasl'),
  databasePassword: plant('database'),
  wrongDatabasePassword: plant('wrong'),
  redisPassword: plant('redis'),
  otlpToken: plant('otlp'),
};

const VENDORS = ['finnhub', 'eodhd', 'twelvedata'];

/** What a vendor does with a request, by the symbol that is asked for. The worst of them repeat all that they were sent. */
function startEchoingVendor(): Promise<Server> {
  const server = createServer((request, response) => {
    const echo = JSON.stringify({
      url: request.url,
      headers: request.headers,
      decoded: decodeURIComponent(request.url ?? ''),
    });
    if (request.url?.includes('REFUSED')) response.writeHead(401).end(echo);
    else if (request.url?.includes('GARBAGE')) response.writeHead(200).end(`<html>${echo}`);
    else if (request.url?.includes('GONE')) request.socket.destroy();
    else if (request.url?.includes('QUOTED')) {
      const quote = {
        c: 101.5,
        close: 101.5,
        t: 1767614400,
        timestamp: 1767614400,
        code: 'QUOTED.US',
        symbol: 'QUOTED',
      };
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ ...quote, echo: JSON.parse(echo) }));
    } else response.writeHead(500).end(echo);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const percent = encodeURIComponent(secret);
  const lowerCase = percent.replaceAll(/%../g, (code) => code.toLowerCase());
  return [secret, percent, lowerCase, ...(['base64', 'base64url', 'hex'] as const).map((form) => bytes.toString(form))];
}

describeWithKafka('secrets', () => {
  const { redisUrl, kafkaBrokers, databaseUrl } = testServices();
  const role = `planted_${randomUUID().replaceAll('-', '')}`;
  const bus = openKafkaBus({ brokers: kafkaBrokers, ssl: false, clientId: 'secrets-test', log: silentLog });
  const artifacts = temporaryFolder();
  const held = makeKey();
  const secrets: [string, string][] = [...Object.entries(PLANTED), ['callerKey', held.secret]];
  const running: ProductProcess[] = [];
  /** Everything that anybody was told, by who told it. */
  const told = new Map<string, string>();
  let database: TestDatabase;
  let collector: Collector;
  let vendor: Server;
  let environment: Record<string, string>;
  const begunAtMs = Date.now();

  const withPassword = (url: string, password: string) =>
    Object.assign(new URL(url), { username: role, password: encodeURIComponent(password) }).href;
  const tell = (who: string, text: string) => void told.set(who, `${told.get(who) ?? ''}${text}\n`);
  const begin = (script: string, changes: Record<string, string> = {}, who = script) => {
    const process = beginProcess(script, { ...environment, ...changes });
    for (const stream of [process.child.stdout, process.child.stderr])
      stream?.on('data', (data: Buffer) => tell(who, data.toString()));
    running.push(process);
    return process;
  };
  const ask = async (path: string, init: RequestInit = {}, key = keyText(held)) => {
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...init.headers };
    const answer = await fetch(`http://127.0.0.1:${environment.PORT}${path}`, { ...init, headers });
    const body = await answer.text();
    tell('http', JSON.stringify([...answer.headers]) + body);
    return { status: answer.status, body };
  };
  const post = (path: string, body: unknown) => ask(path, { method: 'POST', body: JSON.stringify(body) });
  const leaks = () =>
    [...told].flatMap(([who, text]) =>
      secrets.flatMap(([name, secret]) =>
        spellingsOf(secret).some((form) => text.includes(form)) ? [`${name} in ${who}`] : [],
      ),
    );

  beforeAll(async () => {
    [database, collector, vendor] = await Promise.all([createTestDatabase(), startCollector(), startEchoingVendor()]);
    await database.query(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD '${PLANTED.databasePassword}'`);
    await bus.createTopics(TOPIC_NAMES.map((name) => ({ name, partitions: 6 })));
    const base = `http://127.0.0.1:${portOf(vendor)}`;
    environment = {
      ...{ FINNHUB_API_KEY: PLANTED.FINNHUB_API_KEY, FINNHUB_BASE_URL: base },
      ...{ EODHD_API_KEY: PLANTED.EODHD_API_KEY, EODHD_BASE_URL: base },
      ...{ TWELVE_DATA_API_KEY: PLANTED.TWELVE_DATA_API_KEY, TWELVE_DATA_BASE_URL: base },
      ALLOW_PRIVATE_BASE_URLS: 'true',
      API_KEYS_REQUIRED: 'true',
      API_KEY_SECRET: PLANTED.API_KEY_SECRET,
      DATABASE_URL: withPassword(database.databaseUrl, PLANTED.databasePassword),
      REDIS_URL: redisUrl,
      KAFKA_BOOTSTRAP_SERVERS: kafkaBrokers.join(','),
      ARTIFACT_DIR: artifacts,
      LOG_LEVEL: 'debug',
      PORT: String(await findFreePort()),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=${encodeURIComponent(`Bearer ${PLANTED.otlpToken}`)}`,
      OTEL_BSP_SCHEDULE_DELAY: '100',
    };
    const store = openPostgresStore({ databaseUrl: environment.DATABASE_URL!, log: silentLog });
    const hash = hashOfKey(held, PLANTED.API_KEY_SECRET);
    await store.apiKeys.create({ keyId: held.keyId, name: 'planted', scopes: ['admin'], expiresAt: null, hash });
    await store.stop();
    await Promise.all(['api', 'consumer', 'run-polling-jobs'].map((script) => begin(script).ready));
  });
  afterAll(async () => {
    await Promise.all(running.splice(0).map((process) => process.end('SIGTERM')));
    await Promise.all([bus.stop(), collector.stop()]);
    vendor.closeAllConnections();
    vendor.close();
    await database.query(`REASSIGN OWNED BY ${role} TO CURRENT_USER`);
    await database.query(`DROP ROLE ${role}`);
    await database.drop();
  });

  const askVendorsForAll = async () => {
    const symbols = ['ECHOED', 'REFUSED', 'GARBAGE', 'GONE', 'QUOTED'];
    for (const provider of VENDORS) {
      const created = await post('/prices/poll', { symbols, interval: 3600, provider });
      const path = `/prices/poll/${JSON.parse(created.body).job_id}`;
      await eventually(async () => JSON.parse((await ask(path)).body).last_run?.finished_at != null, 60_000, 200);
      for (const symbol of symbols) await ask(`/prices/latest?symbol=${symbol}&provider=${provider}`);
    }
  };
  const askWrongly = async () => {
    const wrong = `${keyText(held).slice(0, -4)}AAAA`;
    await ask('/tickers', {}, wrong);
    await ask('/tickers', {}, `not a key ${PLANTED.API_KEY_SECRET}`);
    for (const name of ['api_key', 'token']) await ask(`/tickers?${name}=${keyText(held)}`);
    await fetch(`http://127.0.0.1:${environment.PORT}/nowhere/${keyText(held)}`);
    // The caller is told its own path again, nobody else is.
    await fetch(`http://127.0.0.1:${environment.PORT}/nowhere/${encodeURIComponent(PLANTED.databasePassword)}`);
    await post('/prices/poll', '{"symbols":');
  };
  const startWrongly = async () => {
    const wrongDatabase = withPassword(databaseUrl, PLANTED.wrongDatabasePassword);
    const wrongRedis = Object.assign(new URL(redisUrl), { password: encodeURIComponent(PLANTED.redisPassword) }).href;
    const sasl = {
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: 'tickwire',
      KAFKA_SASL_PASSWORD: PLANTED.KAFKA_SASL_PASSWORD,
    };
    const echoing = await startEchoingVendor();
    const [takenBy, port] = [`http://127.0.0.1:${portOf(echoing)}`, String(await findFreePort())];
    const begun: [string, string, Record<string, string>, RegExp][] = [
      ['wrong database password', 'api', { DATABASE_URL: wrongDatabase }, /password/],
      ['wrong Redis password', 'api', { REDIS_URL: wrongRedis, PORT: '0' }, /is ready/],
      ['SASL password for a broker without', 'consumer', sasl, /SASL/],
      ['taken port', 'api', {}, /cannot listen/],
      [
        'secrets in wrong places',
        'api',
        { OTEL_TRACES_SAMPLER: PLANTED.otlpToken, PORT: PLANTED.redisPassword },
        /PORT/,
      ],
      ['collector that echoes', 'api', { PORT: port, OTEL_EXPORTER_OTLP_ENDPOINT: takenBy }, /does not take spans/],
    ];
    const processes = begun.map(([who, script, changes]) => begin(script, changes, who));
    await processes.at(-1)?.ready;
    await fetch(`http://127.0.0.1:${port}/readyz`);
    await Promise.all(begun.map(([who, , , said]) => eventually(() => said.test(told.get(who) ?? ''), 60_000)));
    await Promise.all(processes.map((process) => process.end('SIGTERM')));
    echoing.closeAllConnections();
    echoing.close();
  };
  const readEverything = async () => {
    const tables = await database.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
    );
    for (const { name } of tables) {
      const rows = await database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      tell(`table ${name}`, rows.map(({ row }) => row).join('\n'));
    }
    for (const topic of TOPIC_NAMES) {
      for await (const { timestampMs, key, value, headers } of bus.read(topic)) {
        if (timestampMs >= begunAtMs) tell(`topic ${topic}`, [key, value, ...Object.values(headers)].join('\n'));
      }
    }
    for (const entry of readdirSync(artifacts, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) tell('artifacts', readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    tell('traces', collector.bodies.join('\n'));
  };

  test('none is in a log, a row, a topic, a trace, an answer or an artifact, whatever goes wrong', async () => {
    await askVendorsForAll();
    await askWrongly();
    await post('/trigger-update/QUOTED', {});
    await post('/api/v1/blackscholes?wait=20', {
      ...{ option_type: 'call', spot: 42, strike: 40, rate: 0.1, volatility: 0.2, time_to_expiry: 0.5 },
    });
    await startWrongly();
    await Promise.all(running.splice(0).map((process) => process.end('SIGTERM')));

    await readEverything();

    const places = [
      'api',
      'consumer',
      'run-polling-jobs',
      'http',
      'traces',
      'artifacts',
      'table raw_market_data',
      'topic price-events',
    ];
    const empty = places.filter((place) => (told.get(place) ?? '').length < 100);
    expect({ leaks: leaks(), empty }).toEqual({ leaks: [], empty: [] });
    // The search itself finds what it looks for.
    tell('the search', Buffer.from(PLANTED.otlpToken).toString('base64'));
    expect(leaks()).toEqual(['otlpToken in the search']);
  });
});
