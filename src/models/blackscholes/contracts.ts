import type { OptionTerms } from './implied-volatility';
import { type OptionColumns, valueColumns, valueOptions } from './option-values';

/** A European option with the volatility it is valued at. */
export interface Contract extends OptionTerms {
  readonly volatility: number;
}

/** Price and Greeks in raw units and in a trader's; null where a limit has no bound (at the money with nothing left). */
export interface OptionValues {
  readonly price: number;
  /** Per 1.00 of the underlying. */
  readonly delta: number;
  /** Delta per 1.00 of the underlying. */
  readonly gamma: number | null;
  /** Per year that passes. */
  readonly theta: number | null;
  /** Per 1.00 of volatility. */
  readonly vega: number;
  /** Per 1.00 of the rate. */
  readonly rho: number;
  /** Theta / 365: per calendar day. */
  readonly theta_per_day: number | null;
  /** Vega / 100: per percentage point of volatility. */
  readonly vega_per_1pct: number;
  /** Rho / 100: per percentage point of the rate. */
  readonly rho_per_1pct: number;
}

const DAYS_PER_YEAR = 365;

/** Values many options at once, in their order. */
export function valuesOf(contracts: readonly Contract[]): OptionValues[] {
  const values = valueColumns(contracts.length);
  valueOptions(columnsOf(contracts), values);
  return contracts.map((_, index) => {
    const at = (column: Float64Array) => (column[index] ?? Number.NaN) + 0;
    const theta = finiteOrNull(at(values.theta));
    return {
      price: at(values.price),
      delta: at(values.delta),
      gamma: finiteOrNull(at(values.gamma)),
      theta,
      vega: at(values.vega),
      rho: at(values.rho),
      theta_per_day: theta === null ? null : theta / DAYS_PER_YEAR,
      vega_per_1pct: at(values.vega) / 100,
      rho_per_1pct: at(values.rho) / 100,
    };
  });
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Options side by side as columns. */
export function columnsOf(contracts: readonly Contract[]): OptionColumns {
  const column = (fieldOf: (contract: Contract) => number) => Float64Array.from(contracts, fieldOf);
  return {
    isCall: Uint8Array.from(contracts, ({ isCall }) => (isCall ? 1 : 0)),
    spot: column(({ spot }) => spot),
    strike: column(({ strike }) => strike),
    rate: column(({ rate }) => rate),
    dividendYield: column(({ dividendYield }) => dividendYield),
    volatility: column(({ volatility }) => volatility),
    timeToExpiry: column(({ timeToExpiry }) => timeToExpiry),
  };
}
