import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { addressesFile } from '../../src/local/addresses';
import { downloadsOf, recordFile } from '../../src/local/home';
import { metricsTargetsFile } from '../../src/local/metrics-targets';
import { findFreePort } from '../../src/local/port';
import { PROCESSES } from '../../src/local/product';
import { findRunning } from '../../src/local/run-record';
import { openStart } from '../../src/local/start';
import { type Environment, readConfigured } from '../../src/platform/environment';
import { eventually } from '../support/eventually';
import { describeWithKafka } from '../support/services';
import { temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(180_000);

/** Stands in for a process of the product: writes down its environment, says that it is ready, and ends with its parent. */
const STAND_IN = `
require('node:fs').writeFileSync(__filename + '.env.json', JSON.stringify(process.env));
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());
console.log(JSON.stringify({ level: 'warn', msg: 'only a stand-in' }));
setInterval(() => {}, 1000);
process.send('ready');
`;

function aStart(changes: Environment = {}) {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  const scripts = join(folder, 'scripts');
  mkdirSync(scripts);
  mkdirSync(home);
  for (const { script } of [...PROCESSES, { script: 'all.js' }]) writeFileSync(join(scripts, script), STAND_IN);
  const { TICKWIRE_HOME = join(process.cwd(), '.tickwire'), ...own } = readConfigured();
  mkdirSync(downloadsOf(TICKWIRE_HOME), { recursive: true });
  symlinkSync(downloadsOf(TICKWIRE_HOME), downloadsOf(home));
  const lines: string[] = [];
  const options = { scripts, script: 'jest', print: (line: string) => lines.push(line), fatal: () => undefined };
  const environment = { PATH: own.PATH ?? '', TICKWIRE_HOME: home, ...changes };
  return { home, scripts, lines, start: openStart({ ...options, environment }) };
}

describeWithKafka('npm start', () => {
  it('brings everything up, tells where, keeps it running, and leaves nothing running after', async () => {
    const port = await findFreePort();
    const { home, scripts, lines, start } = aStart({ PORT: String(port), METRICS_PORT: '19400' });

    await start.start();

    const [{ targets }] = JSON.parse(readFileSync(metricsTargetsFile(home), 'utf8'));
    const poller = JSON.parse(readFileSync(join(scripts, 'run-polling-jobs.js.env.json'), 'utf8'));
    expect(targets).toHaveLength(PROCESSES.length);
    expect(poller.METRICS_PORT).toBe(targets[1].split(':')[1]);

    const addresses = parse(readFileSync(addressesFile(home)));
    const given = JSON.parse(readFileSync(join(scripts, 'api.js.env.json'), 'utf8'));
    expect(Object.keys(addresses).sort()).toEqual([
      'API_KEY_SECRET',
      'DATABASE_URL',
      'KAFKA_BOOTSTRAP_SERVERS',
      'PORT',
      'REDIS_URL',
    ]);
    expect(given).toMatchObject({ ...addresses, USE_FIXTURE: 'true', SYMBOLS: 'AAPL,MSFT,GOOGL' });
    const text = lines.join('\n');
    for (const path of ['latest?symbol=AAPL', 'average?symbol=AAPL', 'poll -H']) {
      expect(text).toContain(`http://127.0.0.1:${port}/prices/${path}`);
    }
    expect(text).toContain('this machine only (127.0.0.1), so no API keys are required');
    expect(text).toContain('only a stand-in');
    expect(text).not.toContain(addresses.API_KEY_SECRET);
    expect(text).not.toContain(new URL(addresses.DATABASE_URL!).password);

    const pids = await Promise.all(
      ['postgres', 'redis', 'kafka', ...PROCESSES.map(({ name }) => name)].map((name) =>
        findRunning(recordFile(home, name)),
      ),
    );
    process.kill(pids[3]!.pid, 'SIGKILL');
    await eventually(() => lines.some((line) => line.includes('api is back')));

    await start.stop();

    expect(pids.every((record) => record !== undefined)).toBe(true);
    for (const name of ['postgres', 'redis', 'kafka', ...PROCESSES.map(({ name }) => name), 'start']) {
      expect(await findRunning(recordFile(home, name))).toBeUndefined();
    }
    expect(existsSync(addressesFile(home))).toBe(false);
    expect(existsSync(metricsTargetsFile(home))).toBe(false);
  });

  it('can be stopped while it starts', async () => {
    const { home, start } = aStart({ PORT: '0' });
    const starting = start.start().catch((error: Error) => error.message);
    await eventually(() => existsSync(recordFile(home, 'kafka')));

    await start.stop();

    expect(await starting).toMatch(/stopp/);
    expect(await findRunning(recordFile(home, 'postgres'))).toBeUndefined();
  });
});

describe('npm start', () => {
  it('refuses a configured port that is in use, and says who has it', async () => {
    const port = await findFreePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const { start, home } = aStart({ PORT: String(port) });

    await expect(start.start()).rejects.toThrow(new RegExp(`port ${port} is in use by .*set PORT`));

    await start.stop();
    expect(await findRunning(recordFile(home, 'start'))).toBeUndefined();
    await new Promise((resolve) => server.close(resolve));
  });

  it('without Java runs every stage in one process, and says what is missing and what that means', async () => {
    const { lines, start, scripts } = aStart({ PATH: '/usr/sbin/none', PORT: '0', REDIS_URL: 'redis://127.0.0.1:1' });

    await start.start();

    expect(lines.join('\n')).toMatch(/no Kafka: .*needs Java 17.*\n.*events do not survive a restart/);
    expect(existsSync(join(scripts, 'all.js.env.json'))).toBe(true);
    expect(existsSync(join(scripts, 'api.js.env.json'))).toBe(false);
    await start.stop();
  });
});
