import { z } from 'zod';
import { estimateCovariance } from '../src/models/covariance';
import { solveWeights } from '../src/models/markowitz/quadratic-program';
import { observationsOf } from '../src/models/returns';
import { check, type Measured, secondsSince } from './benchmark';
import { missingForPython, runPython } from './peers/python';

const ASSETS = 50;
const PERIODS = 252;
const SECONDS = 1;

/** Ledoit-Wolf and minimum-variance weights of 50 assets from 252 returns per second, against scikit-learn and SciPy. */
export async function markowitz(): Promise<Measured> {
  const observations = observationsOf(madeReturns());
  const [ours, found] = measure(() => {
    const { covariance, shrinkage } = estimateCovariance(observations, 'identity');
    const none = Array.from({ length: ASSETS }, () => Number.NEGATIVE_INFINITY);
    const problem = {
      covariance,
      expectedReturns: new Float64Array(ASSETS),
      min: none,
      max: none.map((each) => -each),
    };
    return { shrinkage, weights: solveWeights(problem, 0).weights };
  });
  const skipped = missingForPython(['numpy', 'scipy', 'sklearn']);
  const peer = skipped ? undefined : peerAnswer.parse(runPython('ledoit_wolf.py', [PERIODS, ASSETS, SECONDS]));
  if (peer) {
    const distance = Math.max(...peer.weights.map((each, i) => Math.abs(each - (found.weights[i] ?? 0))));
    check(distance < 1e-10, `weights differ from the peer's by ${distance}`);
    check(
      Math.abs(peer.shrinkage - found.shrinkage) < 1e-12,
      `shrinkage ${found.shrinkage}, the peer's ${peer.shrinkage}`,
    );
  }
  return {
    what: `Ledoit-Wolf and minimum-variance weights, ${ASSETS} assets, ${PERIODS} returns, one thread`,
    unit: 'estimates/s',
    ours,
    peer: peer?.rate ?? Number.NaN,
    peerName: skipped ?? 'scikit-learn ledoit_wolf and SciPy cho_solve, one thread',
    wanted: 1,
    notes: [`${((1 / ours) * 1e3).toFixed(3)} ms an estimate`],
  };
}

function measure<Found>(once: () => Found): [rate: number, found: Found] {
  let found = once();
  for (let warm = 0; warm < 100; warm += 1) found = once();
  let count = 0;
  const startMs = performance.now();
  while (secondsSince(startMs) < SECONDS) {
    for (let each = 0; each < 20; each += 1) found = once();
    count += 20;
  }
  return [count / secondsSince(startMs), found];
}

const peerAnswer = z.object({ rate: z.number(), shrinkage: z.number(), weights: z.array(z.number()) });

/** A common move and an own one, from a linear congruential generator; the peer makes the same. */
function madeReturns(): number[][] {
  let state = 7;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  return Array.from({ length: PERIODS }, () => {
    const market = next() * 0.03;
    return Array.from({ length: ASSETS }, () => market + next() * 0.04);
  });
}
