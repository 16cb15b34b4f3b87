import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CONSUMERS } from '../../src/consumers';
import type { PriceEvent } from '../../src/domain/price-event';
import { pause } from '../../src/platform/clock';
import { readTape, toTapeEvent } from '../../src/providers/tape';
import { type Product, startProduct } from './product';
import { faultsOf } from './verify-tape';

/** Prices in the moving average of the proof. */
const WINDOW = 5;

/**
 * Sends a tape through the whole product and proves the result: after a replay, after a second one, after resetting every group to the
 * beginning, and after killing consumers, broker, PostgreSQL and Redis in the middle. Prints each step and one verdict line.
 */
async function prove(file: string): Promise<boolean> {
  const events = await tapeEvents(file);
  const home = mkdtempSync(join(tmpdir(), 'tickwire-proof-'));
  const calm = await inProduct(join(home, 'calm'), async (product) => {
    const steps: [string, () => Promise<void>][] = [
      ['a replay', () => tickwire(product, 'replay', file)],
      ['a second replay of the same file', () => tickwire(product, 'replay', file)],
      ['every group reset to the beginning', () => resetGroups(product)],
    ];
    return verifyAfterEach(product, events, steps);
  });
  const stormy = await inProduct(join(home, 'stormy'), (product) =>
    verifyAfterEach(product, events, [
      ['killing broker, consumers, PostgreSQL and Redis in the middle', () => storm(product, file)],
    ]),
  );
  rmSync(home, { recursive: true, force: true });
  return calm && stormy;
}

async function tapeEvents(file: string): Promise<PriceEvent[]> {
  const events: PriceEvent[] = [];
  const fetchedAt = new Date();
  for await (const trade of readTape(file, {
    onBadLine: ({ line, reason }) => console.log(`  line ${line}: ${reason}`),
  })) {
    events.push(toTapeEvent(trade, fetchedAt));
  }
  return events;
}

async function inProduct(home: string, work: (product: Product) => Promise<boolean>): Promise<boolean> {
  const product = await startProduct(home, {
    MOVING_AVERAGE_WINDOW: String(WINDOW),
    USE_FIXTURE: 'true',
    PROVIDER: 'fixture',
  });
  try {
    return await work(product);
  } finally {
    await product.stop();
  }
}

async function verifyAfterEach(
  product: Product,
  events: readonly PriceEvent[],
  steps: readonly (readonly [string, () => Promise<void>])[],
): Promise<boolean> {
  for (const [name, step] of steps) {
    const startMs = performance.now();
    await step();
    await tickwire(product, 'lag', '--wait', '300');
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    const faults = await faultsOf(product.addresses, events, WINDOW);
    console.log(`${faults.length === 0 ? 'holds' : 'FAILS'} after ${name}: ${events.length} events, ${seconds} s`);
    for (const fault of faults) console.log(`  ${fault}`);
    if (faults.length > 0) return false;
  }
  return true;
}

/** Kills one thing after another while the tape runs; the supervisor brings each back. */
async function storm(product: Product, file: string): Promise<void> {
  const replay = tickwire(product, 'replay', file);
  for (const name of [
    'moving-average',
    'kafka',
    'price-history',
    'latest-price',
    'postgres',
    'moving-average',
    'redis',
  ]) {
    await pause(700);
    await product.killAndAwaitReturn(name);
    console.log(`  killed ${name}, it is back`);
  }
  await replay;
}

/** A group can be reset when no member is alive: the consumers are frozen until the broker has given them up, and wake up into the reset. */
function resetGroups(product: Product): Promise<void> {
  const names = CONSUMERS.map(({ name }) => name);
  return product.whileFrozen(names, () => tickwire(product, 'groups', 'reset', '--all'));
}

function tickwire({ environment }: Product, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, ['dist/scripts/tickwire.js', ...args], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((done, fail) => {
    child.once('exit', (code) =>
      code === 0 ? done() : fail(new Error(`tickwire ${args.join(' ')} ended with code ${code}`)),
    );
  });
}

prove(resolve(process.argv[2] ?? '../shared/data/trades-2013-10-07.csv.gz')).then(
  (holds) => {
    console.log(holds ? 'PROVED: every event once, every average right, the newest in the cache, lag 0' : 'NOT PROVED');
    process.exitCode = holds ? 0 : 1;
  },
  (error: unknown) => {
    console.log(`NOT PROVED: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  },
);
