import type { Market } from './market';
import { type NormalSource, pseudoRandomSource, sobolSource } from './normal-sources';
import { emptyBlock, type PathBlock, pathsOfPart } from './path-block';
import { GROUP, openPathKernel, type PathKernel } from './path-kernel';
import { type PathWalker, stepLawOf, walkerOf } from './path-walker';
import type { Plan } from './plan';

/** Everything a part needs on its thread. */
interface Workplace {
  readonly market: Market;
  readonly plan: Plan;
  readonly kernel: PathKernel;
  readonly walker: PathWalker;
  readonly block: PathBlock;
  /** First path of the part. */
  readonly from: number;
}

/** Paths that share the normals of one group: a place in the group, and the path of the part it becomes. */
type PlaceOf = (place: number) => number;

/** Runs the paths of part `index`. */
export function simulatePart(market: Market, plan: Plan, index: number): PathBlock {
  const range = pathsOfPart(plan, index);
  const kernel = openPathKernel(plan.steps * plan.assets);
  const walker = walkerOf(kernel, market, plan);
  const work = { market, plan, kernel, walker, block: emptyBlock(plan, range), from: range.from };
  const source = sourceOf(kernel, plan);
  if (plan.method === 'antithetic') runPairs(work, source, range.to);
  else runGroups(work, source, range.to);
  return work.block;
}

function sourceOf(kernel: PathKernel, plan: Plan): NormalSource {
  return plan.method === 'sobol' ? sobolSource(kernel, plan) : pseudoRandomSource(kernel, plan);
}

function runGroups(work: Workplace, source: NormalSource, to: number): void {
  const keep = keeperOf(work);
  for (let from = work.from; from < to; from += GROUP) {
    source.fill(from);
    keep(1, (place) => from + place);
  }
}

/** Path 2k and path 2k + 1 have opposite normals. */
function runPairs(work: Workplace, source: NormalSource, to: number): void {
  const keep = keeperOf(work);
  for (let from = work.from; from < to; from += 2 * GROUP) {
    source.fill(from);
    keep(1, (place) => from + 2 * place);
    keep(-1, (place) => from + 2 * place + 1);
  }
}

function keeperOf(work: Workplace): (sign: 1 | -1, pathOf: PlaceOf) => void {
  return work.plan.assets === 1 ? keepSingle(work) : keepHolding(work);
}

/** One asset: the kernel sums, and only the paths of the fan are followed step by step. */
function keepSingle({ market, plan, kernel, walker, block, from }: Workplace) {
  const { drifts, factor } = stepLawOf(market, plan.stepYears);
  const [drift = 0, deviation = 0] = [drifts[0], factor[0]];
  const record = recorderOf({ plan, walker, block, from });
  return (sign: 1 | -1, pathOf: PlaceOf) => {
    kernel.walk(plan.steps, drift, sign * deviation);
    for (let place = 0; place < GROUP; place += 1) {
      const path = pathOf(place);
      if (path - from >= block.values.length) continue;
      const logReturn = kernel.ends[place] ?? 0;
      block.values[path - from] = Math.exp(logReturn);
      block.drawdowns[path - from] = -Math.expm1(-(kernel.falls[place] ?? 0));
      if (block.controls.length > 0) block.controls[path - from] = logReturn;
      if (path >= plan.fanPaths) continue;
      walker.trace({ path: place, sign });
      record(path);
    }
  };
}

/** Several assets: the value of the holding is known only step by step. */
function keepHolding({ market, plan, walker, block, from }: Workplace) {
  const record = recorderOf({ plan, walker, block, from });
  return (sign: 1 | -1, pathOf: PlaceOf) => {
    for (let place = 0; place < GROUP; place += 1) {
      const path = pathOf(place);
      if (path - from >= block.values.length) continue;
      walker.trace({ path: place, sign });
      block.values[path - from] = walker.course[plan.steps] ?? 0;
      block.drawdowns[path - from] = walker.drawdown();
      if (block.controls.length > 0) block.controls[path - from] = weightedSum(market, walker.logReturns);
      addMoments(block.moments, walker.logReturns);
      if (path < plan.fanPaths) record(path);
    }
  };
}

function recorderOf({ plan, walker, block, from }: Pick<Workplace, 'plan' | 'walker' | 'block' | 'from'>) {
  const { fanSteps } = plan;
  return (path: number) => {
    const start = (path - from) * fanSteps.length;
    for (let place = 0; place < fanSteps.length; place += 1) {
      block.fan[start + place] = walker.course[fanSteps[place] ?? 0] ?? 0;
    }
  };
}

function weightedSum({ assets }: Market, logReturns: Float64Array): number {
  return assets.reduce((sum, { weight }, asset) => sum + weight * (logReturns[asset] ?? 0), 0);
}

function addMoments(moments: Float64Array, logReturns: ArrayLike<number>): void {
  const count = logReturns.length;
  for (let i = 0; i < count; i += 1) {
    const value = logReturns[i] ?? 0;
    moments[i] = (moments[i] ?? 0) + value;
    for (let j = 0; j < count; j += 1) {
      const entry = count + i * count + j;
      moments[entry] = (moments[entry] ?? 0) + value * (logReturns[j] ?? 0);
    }
  }
}
