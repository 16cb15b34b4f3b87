import type { AlignedHistory, ModelInput, ModelOutput } from '../../../src/models/model';
import { montecarlo } from '../../../src/models/montecarlo/montecarlo';

/** A small valid request, changed by `changes`. */
export function aRequest(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { spot: 100, drift: 0.05, volatility: 0.2, horizon: 1, time_steps: 16, simulations: 2_048, ...changes };
}

/** The input a runner would make of a request. */
export function inputOf(request: Readonly<Record<string, unknown>>, history: AlignedHistory | null = null) {
  return { params: montecarlo.parameters.parse(request), history };
}

/** All parts one after the other, then the result. */
export function runModel(
  request: Readonly<Record<string, unknown>>,
  history: AlignedHistory | null = null,
): ModelOutput {
  const input = inputOf(request, history);
  return montecarlo.combine(input, partsOf(input));
}

/** Every part, computed in the order that `order` makes of their numbers, given back in the order of their numbers. */
export function partsOf(input: ReturnType<typeof inputOf>, order: (numbers: number[]) => number[] = (same) => same) {
  const numbers = Array.from({ length: montecarlo.parts(input) }, (_, index) => index);
  const done = new Map(order(numbers).map((index) => [index, montecarlo.runPart(input, index)]));
  return numbers.map((index) => done.get(index)!);
}

/** The places of a result that the tests look at. */
export interface Found {
  readonly paths: number;
  readonly terminal: {
    readonly mean: number;
    readonly standard_error: number;
    readonly exact_mean: number;
    readonly standard_deviation: number;
    readonly min: number;
    readonly max: number;
    readonly percentiles: Readonly<Record<string, number>>;
  };
  readonly risk: readonly {
    readonly confidence: number;
    readonly value_at_risk: number;
    readonly conditional_value_at_risk: number;
  }[];
  readonly probability_of_loss: { readonly value: number; readonly standard_error: number };
  readonly maximum_drawdown: { readonly mean: number; readonly percentiles: Readonly<Record<string, number>> };
  readonly simulated_correlation: readonly (readonly number[])[];
  readonly correlation: readonly (readonly number[])[];
  readonly assets: readonly {
    readonly symbol: string;
    readonly drift: number;
    readonly volatility: number;
    readonly weight: number;
  }[];
  readonly initial_value: number;
  readonly estimation: Readonly<Record<string, unknown>> | null;
  readonly fan: { readonly rows: readonly Readonly<Record<string, number>>[] };
}

/** A result in the shape {@link Found}. */
export function found({ result }: Pick<ModelOutput, 'result'>): Found {
  return result as unknown as Found;
}

/** Daily closes of several instruments as a model gets them. */
export function aHistory(closes: Readonly<Record<string, readonly number[]>>): AlignedHistory {
  const [first = []] = Object.values(closes);
  const day = (session: number) => new Date(Date.UTC(2024, 0, 1 + session)).toISOString().slice(0, 10);
  return {
    sessions: first.map((_, session) => day(session)),
    instruments: Object.entries(closes).map(([symbol, close]) => ({
      symbol,
      open: close,
      high: close,
      low: close,
      close,
    })),
    policy: { join: 'inner', maxForwardFill: 0, minSessions: 20 },
    dropped: 0,
    filled: 0,
  };
}

/** True when no number in `value` is NaN or infinite: JSON would say null. */
export function isFiniteThroughout(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === undefined) return false;
  return typeof value !== 'object' || value === null || Object.values(value).every(isFiniteThroughout);
}

export type MonteCarloInput = ModelInput<ReturnType<typeof inputOf>['params']>;
