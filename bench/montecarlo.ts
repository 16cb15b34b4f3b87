import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { ModelInput } from '../src/models/model';
import { montecarlo as model } from '../src/models/montecarlo/montecarlo';
import type { MonteCarloParams } from '../src/models/montecarlo/parameters';
import type { PathBlock } from '../src/models/montecarlo/path-block';
import { type BenchServices, check, type Measured, secondsSince } from './benchmark';
import { missingForPython, runPython } from './peers/python';

const THREADS = 2;
const STEPS = 252;
const PATHS = 2_000_000;
/** Blocks are as quick for any number of paths. The matrix is not, its memory is what it waits for: 2 kB for each path and intermediate step, 4 GB in all. */
const PEER_PATHS = { matrix: 500_000, blocked: 400_000, blocked32: 400_000 } as const;
type PeerMode = keyof typeof PEER_PATHS;
/** Ours and the peers take turns, and the best of each counts: what else the machine does hits all alike. */
const ROUNDS = 4;

/** Paths per second, by the clock and by the processor time of all threads. */
interface Rate {
  readonly wall: number;
  readonly cpu: number;
}
const NOTHING: Rate = { wall: 0, cpu: 0 };

const EXACT_MEAN = 100 * Math.exp(0.05);
const peerAnswer = z.object({
  seconds: z.number().positive(),
  cpu_seconds: z.number().positive(),
  mean: z.number(),
});
const terminalSchema = z.object({ terminal: z.object({ mean: z.number(), standard_error: z.number() }) });

/** Paths of 252 steps per second on two threads, with percentiles, drawdowns, fan and charts, against NumPy that only sums to the end. */
export async function montecarlo(_services: BenchServices): Promise<Measured> {
  const missing = missingForPython(['numpy']);
  const workers = Array.from({ length: THREADS }, openWorker);
  const best = { ours: NOTHING, matrix: NOTHING, blocked: NOTHING, blocked32: NOTHING };
  try {
    await timed(workers, 200_000);
    for (let round = 0; round < ROUNDS; round += 1) {
      best.ours = better(best.ours, await timed(workers, PATHS));
      if (!missing) for (const mode of peerModes()) best[mode] = better(best[mode], peerRate(mode));
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return {
    what: `Monte Carlo: paths of ${STEPS} steps on ${THREADS} threads, ${PATHS} paths`,
    unit: 'paths/s',
    ours: best.ours.wall,
    peer: missing ? Number.NaN : Math.max(best.blocked.wall, best.blocked32.wall),
    peerName: missing ?? `the best of NumPy in blocks of paths, SFC64, ${THREADS} threads, float64 and float32`,
    wanted: 1.5,
    notes: missing ? [] : peerNotes(best),
  };
}

function openWorker(): Worker {
  const compiled = join(__dirname, '../dist/src/models/montecarlo/montecarlo.js');
  const code = `const { parentPort } = require('node:worker_threads');
    const { montecarlo } = require(${JSON.stringify(compiled)});
    parentPort.on('message', ({ input, index }) => parentPort.postMessage(montecarlo.runPart(input, index)));`;
  return new Worker(code, { eval: true });
}

/** Runs and checks one whole job. */
async function timed(workers: readonly Worker[], simulations: number): Promise<Rate> {
  const params = model.parameters.parse({
    ...{ spot: 100, drift: 0.05, volatility: 0.2, horizon: 1 },
    ...{ time_steps: STEPS, simulations },
  });
  const input = { params, history: null };
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  const { result } = model.combine(input, await runParts(workers, input));
  const seconds = secondsSince(startMs);
  const { user, system } = process.cpuUsage(cpuBefore);

  const { mean, standard_error: error } = terminalSchema.parse(result).terminal;
  check(Math.abs(mean - EXACT_MEAN) < 4 * error, `a mean of ${mean}, not ${EXACT_MEAN} within 4 × ${error}`);
  return { wall: simulations / seconds, cpu: simulations / ((user + system) / 1e6) };
}

async function runParts(workers: readonly Worker[], input: ModelInput<MonteCarloParams>): Promise<PathBlock[]> {
  const parts: PathBlock[] = [];
  const total = model.parts(input);
  let next = 0;
  const work = async (worker: Worker) => {
    while (next < total) {
      const index = next;
      next += 1;
      parts[index] = await runPart(worker, input, index);
    }
  };
  await Promise.all(workers.map(work));
  return parts;
}

function runPart(worker: Worker, input: ModelInput<MonteCarloParams>, index: number): Promise<PathBlock> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (part: PathBlock) => {
      worker.off('error', reject);
      resolve(part);
    });
    worker.postMessage({ input, index });
  });
}

function peerModes(): PeerMode[] {
  return ['matrix', 'blocked', 'blocked32'];
}

function peerRate(mode: PeerMode): Rate {
  const {
    seconds,
    cpu_seconds: cpuSeconds,
    mean,
  } = peerAnswer.parse(runPython('montecarlo_numpy.py', [mode, PEER_PATHS[mode], STEPS]));
  const error = 21.237 / Math.sqrt(PEER_PATHS[mode]);
  check(Math.abs(mean - EXACT_MEAN) < 4 * error, `the peer's mean of ${mean}, not ${EXACT_MEAN} within 4 × ${error}`);
  return { wall: PEER_PATHS[mode] / seconds, cpu: PEER_PATHS[mode] / cpuSeconds };
}

function peerNotes(best: Record<PeerMode | 'ours', Rate>): string[] {
  const times = (best.ours.wall / best.matrix.wall).toFixed(1);
  const blockedCpu = Math.max(best.blocked.cpu, best.blocked32.cpu);
  return [
    `NumPy in blocks: ${inWords(best.blocked.wall)} paths/s with float64 normals, ${inWords(best.blocked32.wall)} with float32`,
    `NumPy's full matrix on one thread: ${inWords(best.matrix.wall)} paths/s; ours is ${times} times that (10 wanted)`,
    `paths per second of processor time: ours ${inWords(best.ours.cpu)}, NumPy in blocks ${inWords(blockedCpu)}`,
  ];
}

function better(left: Rate, right: Rate): Rate {
  return { wall: Math.max(left.wall, right.wall), cpu: Math.max(left.cpu, right.cpu) };
}

function inWords(rate: number): string {
  return Math.round(rate).toLocaleString('en');
}
