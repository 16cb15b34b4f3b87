import type { ResultChart, ResultTable } from '../model';
import { type Contract, type OptionValues, valuesOf } from './contracts';

const STEPS = 120;

/** Value, payoff and Greeks of one option over the price of the underlying, from half the lower to one and a half times the higher of spot and strike. */
export function overSpot(contract: Contract): { readonly charts: readonly ResultChart[]; readonly table: ResultTable } {
  const low = 0.5 * Math.min(contract.spot, contract.strike);
  const high = 1.5 * Math.max(contract.spot, contract.strike);
  const spots = Array.from({ length: STEPS + 1 }, (_, step) => low + ((high - low) * step) / STEPS);
  const values = valuesOf(spots.map((spot) => ({ ...contract, spot })));
  const payoffs = spots.map((spot) => Math.max(contract.isCall ? spot - contract.strike : contract.strike - spot, 0));
  const what = `${contract.isCall ? 'call' : 'put'}, strike ${contract.strike}, ${contract.timeToExpiry} years`;
  return {
    charts: [
      {
        name: 'payoff',
        title: `Value and payoff: ${what}`,
        kind: 'line',
        xLabel: 'Price of the underlying',
        yLabel: 'Value',
        series: [
          {
            name: 'value today',
            points: pointsOf(
              spots,
              values.map(({ price }) => price),
            ),
          },
          { name: 'payoff at expiry', points: pointsOf(spots, payoffs) },
        ],
      },
      ...GREEKS.map(({ name, unit }) => ({
        name,
        title: `${name}: ${what}`,
        kind: 'line' as const,
        xLabel: 'Price of the underlying',
        yLabel: unit,
        series: [
          {
            name,
            points: pointsOf(
              spots,
              values.map((each) => each[name]),
            ),
          },
        ],
      })),
    ],
    table: {
      name: 'over-spot',
      title: `Value and Greeks over the price of the underlying: ${what}`,
      columns: ['spot', 'payoff', 'price', ...GREEKS.map(({ name }) => name)],
      rows: spots.map((spot, index) => {
        const each = values[index];
        const greeks = GREEKS.map(({ name }) => each?.[name] ?? null);
        return [spot, payoffs[index] ?? null, each?.price ?? null, ...greeks];
      }),
    },
  };
}

const GREEKS = [
  { name: 'delta', unit: 'per 1.00 of the underlying' },
  { name: 'gamma', unit: 'delta per 1.00 of the underlying' },
  { name: 'vega', unit: 'per 1.00 of volatility' },
  { name: 'theta', unit: 'per year' },
  { name: 'rho', unit: 'per 1.00 of the rate' },
] as const satisfies readonly { name: keyof OptionValues; unit: string }[];

/** Points that have a value: a Greek without bound is left out. */
function pointsOf(xs: readonly number[], ys: readonly (number | null)[]): (readonly [number, number])[] {
  return xs.flatMap((x, index) => {
    const y = ys[index];
    return y === null || y === undefined ? [] : [[x, y] as const];
  });
}

/** Prices of a chain over the strike, one line for each type and expiry; undefined for fewer than two strikes. */
export function chainChart(contracts: readonly Contract[], values: readonly OptionValues[]): ResultChart | undefined {
  const lines = new Map<string, (readonly [number, number])[]>();
  contracts.forEach(({ isCall, strike, timeToExpiry }, index) => {
    const name = `${isCall ? 'call' : 'put'} ${timeToExpiry} y`;
    const price = values[index]?.price ?? 0;
    lines.set(name, [...(lines.get(name) ?? []), [strike, price]]);
  });
  if (![...lines.values()].some((points) => points.length > 1)) return undefined;
  return {
    name: 'chain',
    title: 'Prices of the chain',
    kind: 'line',
    xLabel: 'Strike',
    yLabel: 'Price',
    series: [...lines].map(([name, points]) => ({ name, points: points.sort(([left], [right]) => left - right) })),
  };
}
