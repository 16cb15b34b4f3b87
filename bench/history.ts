import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline as pipe } from 'node:stream/promises';
import { z } from 'zod';
import { sessionsBetween } from '../src/domain/market-calendar';
import { silentLog } from '../src/platform/log';
import { openPostgresStore } from '../src/store/postgres/open-postgres-store';
import { anApi } from '../test/support/api';
import { createTestDatabase } from '../test/support/database';
import { type BenchServices, check, type Measured } from './benchmark';
import { insertPerBar } from './peers/insert-per-bar';

const SYMBOLS = 500;
const [FIRST_YEAR, LAST_YEAR] = [2015, 2024];
const READS = 1_000;
/** The peer is far slower: it gets fewer of the same bars. */
const PEER_BARS = 3_000;

const symbols = Array.from({ length: SYMBOLS }, (_, index) => `B${letters(index)}`);
const dates = sessionsBetween(new Date(`${FIRST_YEAR}-01-01`), new Date(`${LAST_YEAR + 1}-01-01`)).map(
  ({ date }) => date,
);

/**
 * Ten years of daily bars of 500 instruments loaded by one `tickwire ingest`, in a process of its own, from a CSV into the partitioned tables; then a year's
 * slice of one instrument over HTTP, one request after the other.
 */
export async function history(services: BenchServices): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'tickwire-bench-'));
  const database = await createTestDatabase();
  const store = openPostgresStore({ databaseUrl: database.databaseUrl, log: silentLog });
  await store.start();
  try {
    const path = join(folder, 'bars.csv');
    await pipe(Readable.from(lines()), createWriteStream(path));
    const bars = symbols.length * dates.length;
    const loaded = await ingest(path, database.databaseUrl);
    const [stored] = await database.query<{ bars: number }>('SELECT count(*)::float8 AS bars FROM eq_ohlcv');
    check(loaded.bars === bars && stored?.bars === bars, `${stored?.bars} bars are stored, not ${bars}`);
    const reads = await readYears(store);
    const peer = await insertPerBar(services.databaseUrl, [...someBars()].slice(0, PEER_BARS));
    return {
      what: `daily bars loaded by tickwire ingest (${SYMBOLS} instruments, ${LAST_YEAR - FIRST_YEAR + 1} years, ${bars} bars)`,
      unit: 'bars/s',
      ours: loaded.barsPerSecond,
      peer,
      peerName: 'one INSERT per bar with bare pg, into a table of its own',
      wanted: 10,
      wantedAbsolute: 50_000,
      notes: [
        `the command's process: ${Math.round(loaded.peakMb)} MB resident at its peak`,
        `GET /ohlcv of one year (252 bars), one after the other: p50 ${reads.p50.toFixed(1)} ms, p99 ${reads.p99.toFixed(1)} ms (20 wanted)`,
      ],
    };
  } finally {
    await store.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function letters(index: number): string {
  return [index / 676, index / 26, index].map((place) => String.fromCharCode(65 + (Math.floor(place) % 26))).join('');
}

const seriesSchema = z.object({ bars: z.array(z.unknown()), gaps: z.array(z.string()) });

/** A bar that keeps every rule, and differs from its neighbours. */
function barOf(index: number, day: number) {
  const open = 20 + ((index * 37 + day * 11) % 5_000) / 100;
  const [high, low] = [Number((open + 1.25).toFixed(2)), Number((open - 0.75).toFixed(2))];
  return { open, high, low, close: Number((open + 0.5).toFixed(2)), volume: 1_000 + index * day };
}

function* lines(): Generator<string> {
  yield 'date,symbol,open,high,low,close,volume\n';
  for (const [index, symbol] of symbols.entries()) {
    let text = '';
    for (const [day, date] of dates.entries())
      text += `${date},${symbol},${Object.values(barOf(index, day)).join(',')}\n`;
    yield text;
  }
}

function* someBars() {
  for (const [index, symbol] of symbols.entries()) {
    for (const [day, date] of dates.entries()) yield { symbol, date, ...barOf(index, day) };
  }
}

/** Runs the command; its own report, and the most memory its process had. */
async function ingest(path: string, databaseUrl: string) {
  const argv = ['--enable-source-maps', 'dist/scripts/tickwire.js', 'ingest', 'file', '--path', path, '--json'];
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    API_KEYS_REQUIRED: 'false',
    RATE_LIMIT_PER_MINUTE: '0',
    TICKWIRE_HOME: '/nonexistent',
    DATABASE_URL: databaseUrl,
  };
  const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let peakMb = 0;
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString();
  });
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, residentMb(child.pid));
  }, 100);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(watch);
  check(code === 0, `tickwire ingest ended with code ${code}`);
  const report: { bars: number; bars_per_second: number } = JSON.parse(output);
  return { bars: report.bars, barsPerSecond: report.bars_per_second, peakMb };
}

/** 0 where the system does not tell. */
function residentMb(pid: number | undefined): number {
  try {
    const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    return 0;
  }
}

async function readYears(store: ReturnType<typeof openPostgresStore>): Promise<{ p50: number; p99: number }> {
  const server = createServer(anApi(() => ({ store })).app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const took: number[] = [];
  for (let read = 0; read < READS; read += 1) {
    const year = FIRST_YEAR + (read % (LAST_YEAR - FIRST_YEAR + 1));
    const path = `/ohlcv/${symbols[(read * 7) % SYMBOLS]}?start=${year}-01-01&end=${year + 1}-01-01`;
    const startMs = performance.now();
    const body = seriesSchema.parse(await (await fetch(`http://127.0.0.1:${port}${path}`)).json());
    took.push(performance.now() - startMs);
    check(body.bars.length >= 250 && body.gaps.length === 0, `${path} gave ${body.bars.length} bars`);
  }
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.floor(took.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
