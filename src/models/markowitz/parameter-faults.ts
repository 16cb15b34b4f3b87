import { boundsOf } from './bounds';
import type { MarkowitzParams } from './parameters';

interface Fault {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Faults that show only when fields are seen together. */
export function parameterFaults(params: MarkowitzParams): Fault[] {
  const form = formFaults(params);
  if (form.length > 0) return form;
  const shape = shapeFaults(params);
  return shape.length > 0 ? shape : [...objectiveFaults(params), ...boundFaults(params)];
}

const SOURCES = ['symbols', 'returns', 'covariance'] as const;

function formFaults(params: MarkowitzParams): Fault[] {
  const given = SOURCES.filter((source) => params[source] !== undefined);
  const expected = 'expected exactly one of symbols (with start and end), returns, covariance';
  if (given.length !== 1)
    return [{ path: [given[1] ?? 'symbols'], message: `${expected}, got ${given.join(' and ') || 'none'}` }];
  const misplaced = (field: 'start' | 'end' | 'missing_data' | 'assets') => ({
    path: [field],
    message: `does not go with ${given[0]}`,
  });
  if (params.symbols === undefined) {
    return (['start', 'end', 'missing_data'] as const).filter((field) => params[field] !== undefined).map(misplaced);
  }
  const missing = (['start', 'end'] as const).filter((field) => params[field] === undefined);
  const faults = missing.map(
    (field): Fault => ({ path: [field], message: 'expected a day as YYYY-MM-DD beside symbols' }),
  );
  return params.assets ? [...faults, misplaced('assets')] : faults;
}

function shapeFaults({ symbols, returns, covariance, expected_returns, assets }: MarkowitzParams): Fault[] {
  const count = symbols?.length ?? (returns ?? covariance)?.[0]?.length ?? 0;
  const faults: Fault[] = [];
  const expectLength = (list: readonly unknown[] | undefined, path: (string | number)[]) => {
    if (list && list.length !== count) faults.push({ path, message: `expected ${count} values, got ${list.length}` });
  };
  for (const [index, row] of (returns ?? []).entries()) expectLength(row, ['returns', index]);
  expectLength(covariance, ['covariance']);
  for (const [index, row] of (covariance ?? []).entries()) expectLength(row, ['covariance', index]);
  expectLength(expected_returns, ['expected_returns']);
  expectLength(assets, ['assets']);
  if (assets && new Set(assets).size < assets.length)
    faults.push({ path: ['assets'], message: 'expected each name once' });
  if (faults.length === 0 && covariance && !isSymmetric(covariance)) {
    faults.push({ path: ['covariance'], message: 'expected a symmetric matrix' });
  }
  return faults;
}

function isSymmetric(matrix: readonly (readonly number[])[]): boolean {
  const size = Math.max(...matrix.flat().map(Math.abs));
  return matrix.every((row, i) => row.every((value, j) => Math.abs(value - (matrix[j]?.[i] ?? 0)) <= 1e-9 * size));
}

function objectiveFaults({ params: own, covariance, expected_returns: expected }: MarkowitzParams): Fault[] {
  const faults: Fault[] = [];
  const objective = objectiveOf(own);
  for (const needed of ['target_return', 'risk_tolerance'] as const) {
    if (objective === needed && own[needed] === undefined) {
      faults.push({ path: ['params', needed], message: `expected with objective ${needed}` });
    }
    if (objective !== needed && own[needed] !== undefined) {
      faults.push({ path: ['params', needed], message: `does not go with objective ${objective}` });
    }
  }
  if (covariance && !expected && objective !== 'min_variance') {
    faults.push({ path: ['expected_returns'], message: `expected with objective ${objective}` });
  }
  return faults;
}

/** What is sought, as given or as it follows from what is given. */
export function objectiveOf({ objective, target_return, risk_tolerance }: MarkowitzParams['params']) {
  if (objective) return objective;
  if (target_return !== undefined) return 'target_return';
  return risk_tolerance === undefined ? 'min_variance' : 'risk_tolerance';
}

function boundFaults(params: MarkowitzParams): Fault[] {
  const names = assetNames(params);
  const { bounds } = params.params;
  const unknown = [bounds?.min, bounds?.max].flatMap((side) =>
    typeof side === 'object' ? Object.keys(side).filter((name) => !names.includes(name)) : [],
  );
  if (unknown.length > 0) {
    return [
      { path: ['params', 'bounds'], message: `expected symbols of the request, got ${unknown.slice(0, 5).join(', ')}` },
    ];
  }
  const { min, max } = boundsOf(params.params, names);
  const crossed = names.find((_, place) => (min[place] ?? 0) > (max[place] ?? 0));
  if (crossed) return [{ path: ['params', 'bounds'], message: `expected min at most max for ${crossed}` }];
  const [least, most] = [min, max].map((side) => side.reduce((sum, each) => sum + each, 0));
  if ((least ?? 0) <= 1 + 1e-12 && (most ?? 0) >= 1 - 1e-12) return [];
  return [
    {
      path: ['params', 'bounds'],
      message: `expected weights that can sum to 1, got sums from ${least} to ${most} only`,
    },
  ];
}

/** What the weights belong to, in order. */
export function assetNames({ symbols, assets, returns, covariance }: MarkowitzParams): readonly string[] {
  const columns = (returns ?? covariance)?.[0] ?? [];
  return symbols ?? assets ?? columns.map((_, index) => `asset_${index + 1}`);
}
