import { type ModelOutput, type ResultTable, wholeModel } from '../model';
import { type Contract, type OptionValues, valuesOf } from './contracts';
import { impliedVolatility } from './implied-volatility';
import { chainChart, overSpot } from './option-charts';
import { type BlackScholesParams, blackScholesParameters, listOf } from './parameters';

/** European options by Black-Scholes-Merton: values, Greeks, implied volatility, chains. */
export const blackscholes = wholeModel<BlackScholesParams>({
  name: 'blackscholes',
  title: 'Black-Scholes-Merton option values',
  description:
    'Price and Greeks of European calls and puts on an underlying with a continuous dividend yield (Black and Scholes 1973, Merton 1973), or the implied volatility ' +
    'of a given `price`. Lists of `strike` and `time_to_expiry` value a whole chain. `theta` is per year, `vega` and `rho` per 1.00; ' +
    '`theta_per_day` is per calendar day (/365), `vega_per_1pct` and `rho_per_1pct` per percentage point (/100). At no time or no volatility ' +
    'left the limits are given; a Greek without a bound there is null.',
  parameters: blackScholesParameters,
  examples: [
    {
      title: 'A call',
      params: { option_type: 'call', spot: 42, strike: 40, rate: 0.1, volatility: 0.2, time_to_expiry: 0.5 },
    },
    {
      title: 'The volatility that a price implies',
      params: {
        option_type: 'put',
        spot: 100,
        strike: 95,
        rate: 0.03,
        dividend_yield: 0.01,
        time_to_expiry: 0.25,
        price: 2.5,
      },
    },
    {
      title: 'A chain of calls and puts',
      params: {
        option_type: 'both',
        spot: 100,
        strike: [80, 90, 100, 110, 120],
        rate: 0.03,
        dividend_yield: 0.01,
        volatility: 0.25,
        time_to_expiry: [0.25, 0.5, 1],
      },
    },
  ],
  historyOf: () => undefined,
  run: ({ params }) => outputOf(params, contractsOf(params)),
});

function contractsOf(params: BlackScholesParams): Contract[] {
  const { spot, rate, dividend_yield: dividendYield, option_type: type } = params;
  const types = type === 'both' ? [true, false] : [type === 'call'];
  return listOf(params.time_to_expiry).flatMap((timeToExpiry) =>
    listOf(params.strike).flatMap((strike) =>
      types.map((isCall) => {
        const terms = { isCall, spot, strike, rate, dividendYield, timeToExpiry };
        return { ...terms, volatility: params.volatility ?? impliedVolatility(terms, params.price ?? Number.NaN) };
      }),
    ),
  );
}

function outputOf(params: BlackScholesParams, contracts: readonly Contract[]): ModelOutput {
  const values = valuesOf(contracts);
  const options = contracts.map((contract, index) => ({ ...termsView(contract), ...values[index] }));
  const [contract, only] = [contracts[0], values[0]];
  if (!contract || !only) throw new Error('a request without options was let through');
  const { charts, table } = overSpot(contract);
  const chain = chainChart(contracts, values);
  const found = params.price === undefined ? {} : { implied_volatility: contract.volatility };
  return {
    result: {
      model: 'Black-Scholes-Merton, European exercise',
      spot: params.spot,
      rate: params.rate,
      dividend_yield: params.dividend_yield,
      units: UNITS,
      ...found,
      ...(values.length === 1 ? { ...only } : {}),
      options,
    },
    metrics: values.length === 1 ? { ...metricsOf(only), ...found } : { options: values.length },
    warnings: warningsOf(contracts, values),
    tables: [optionsTable(options), table],
    charts: chain ? [chain, ...charts] : charts,
  };
}

const UNITS = {
  theta: 'per year',
  theta_per_day: 'per calendar day, theta / 365',
  vega: 'per 1.00 of volatility',
  vega_per_1pct: 'per percentage point of volatility, vega / 100',
  rho: 'per 1.00 of the rate',
  rho_per_1pct: 'per percentage point of the rate, rho / 100',
};

function termsView({ isCall, strike, timeToExpiry, volatility }: Contract) {
  return { option_type: isCall ? 'call' : 'put', strike, time_to_expiry: timeToExpiry, volatility };
}

function metricsOf(values: OptionValues): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])),
  );
}

function warningsOf(contracts: readonly Contract[], values: readonly OptionValues[]): string[] {
  const unbounded = contracts.filter((_, index) => values[index]?.gamma === null || values[index]?.theta === null);
  return unbounded.map(
    ({ isCall, strike, timeToExpiry }) =>
      `The ${isCall ? 'call' : 'put'} with strike ${strike} and ${timeToExpiry} years left stands at the money with nothing left: ` +
      'its gamma or theta has no bound and is null.',
  );
}

function optionsTable(options: readonly (ReturnType<typeof termsView> & Partial<OptionValues>)[]): ResultTable {
  const columns = Object.keys(options[0] ?? {});
  const rows = options.map((option) => Object.values(option).map((value) => value ?? null));
  return { name: 'options', title: 'Options', columns, rows };
}
