import { END_AFTER_START, startsBeforeEnd } from '../history-params';
import type { MonteCarloParams } from './parameters';
import { REPLICATIONS } from './plan';

/** What is wrong with parameters that are each in order: where, and what was expected. */
export interface ParameterFault {
  readonly path: string[];
  readonly message: string;
}

/** Numbers of one request: paths × steps × assets, half a minute of two cores at most. */
const MAX_NUMBERS = 2e9;
/** Weights may miss their sum by rounding. */
const SUM_TOLERANCE = 1e-6;
/** Largest exponent a path may come near, so that values, and their squares in a variance, stay finite. */
const MAX_EXPONENT = 300;

/** Every fault of `params` that no field has by itself. */
export function checkParameters(params: MonteCarloParams): ParameterFault[] {
  const form = formFaults(params);
  return form.length > 0
    ? form
    : [...weightFaults(params), ...correlationFaults(params), ...sizeFaults(params), ...growthFaults(params)];
}

/** How many assets the parameters name. */
export function assetCount({ assets, symbols }: Pick<MonteCarloParams, 'assets' | 'symbols'>): number {
  return assets?.length ?? symbols?.length ?? 1;
}

/** True when no path of this law can leave the range of a double, however unlucky. */
export function staysFinite({ drift, volatility }: { drift: number; volatility: number }, horizon: number): boolean {
  return (Math.abs(drift) + volatility ** 2 / 2) * horizon + 10 * volatility * Math.sqrt(horizon) <= MAX_EXPONENT;
}

function formFaults(params: MonteCarloParams): ParameterFault[] {
  const single = ['spot', 'drift', 'volatility'] as const;
  const history = ['symbols', 'start', 'end'] as const;
  const used = [single, ['assets'] as const, history].filter((names) =>
    names.some((name) => params[name] !== undefined),
  );
  const choice = 'expected spot, drift and volatility, or assets, or symbols, start and end';
  if (used.length === 0) return [{ path: [], message: `nothing to simulate: ${choice}` }];
  if (used.length > 1) return [{ path: [], message: `more than one thing to simulate: ${choice}` }];
  const missing = (used[0] ?? []).filter((name) => params[name] === undefined);
  if (missing.length > 0)
    return missing.map((name) => ({
      path: [name],
      message: `required beside ${(used[0] ?? []).filter((other) => other !== name).join(' and ')}`,
    }));
  return misplacedFaults(params);
}

/** Fields that only belong to another way of naming what is simulated. */
function misplacedFaults({
  assets,
  correlation,
  symbols,
  missing_data,
  start,
  end,
}: MonteCarloParams): ParameterFault[] {
  const faults: ParameterFault[] = [];
  if (correlation && !assets)
    faults.push({ path: ['correlation'], message: 'belongs to assets; with symbols it is estimated' });
  if (missing_data && !symbols) faults.push({ path: ['missing_data'], message: 'belongs to symbols' });
  if (!startsBeforeEnd({ start, end })) faults.push({ path: END_AFTER_START.path, message: END_AFTER_START.error });
  return faults;
}

function weightFaults(params: MonteCarloParams): ParameterFault[] {
  const { weights } = params;
  if (!weights) return [];
  const count = assetCount(params);
  if (weights.length !== count)
    return [{ path: ['weights'], message: `expected ${count} weights, got ${weights.length}` }];
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Math.abs(sum - 1) > SUM_TOLERANCE ? [{ path: ['weights'], message: `expected a sum of 1, got ${sum}` }] : [];
}

function correlationFaults({ assets, correlation }: MonteCarloParams): ParameterFault[] {
  if (!assets || !correlation) return [];
  const isSquare = correlation.length === assets.length && correlation.every((row) => row.length === assets.length);
  if (!isSquare) return [{ path: ['correlation'], message: `expected ${assets.length} rows of ${assets.length}` }];
  return correlation.flatMap((row, i) => {
    const faults: ParameterFault[] = [];
    if (row[i] !== 1)
      faults.push({ path: ['correlation'], message: `expected 1 at row ${i + 1}, column ${i + 1}, got ${row[i]}` });
    const other = row.findIndex((entry, j) => entry !== correlation[j]?.[i]);
    if (other >= 0)
      faults.push({ path: ['correlation'], message: `rows ${i + 1} and ${other + 1} contradict each other` });
    return faults;
  });
}

function sizeFaults(params: MonteCarloParams): ParameterFault[] {
  const { simulations, time_steps, method } = params;
  const numbers = simulations * time_steps * assetCount(params);
  const faults: ParameterFault[] = [];
  if (numbers > MAX_NUMBERS) {
    faults.push({
      path: ['simulations'],
      message: `simulations × time_steps × assets is ${numbers}, at most ${MAX_NUMBERS} is computed`,
    });
  }
  if (method === 'sobol' && simulations < REPLICATIONS) {
    faults.push({ path: ['simulations'], message: `method sobol needs at least ${REPLICATIONS}, got ${simulations}` });
  }
  return faults;
}

function growthFaults({ drift, volatility, assets, horizon }: MonteCarloParams): ParameterFault[] {
  const laws = assets ?? (drift !== undefined && volatility !== undefined ? [{ drift, volatility }] : []);
  if (laws.every((law) => staysFinite(law, horizon))) return [];
  return [
    {
      path: ['horizon'],
      message: 'prices would leave the range of numbers: expected a smaller drift, volatility or horizon',
    },
  ];
}
