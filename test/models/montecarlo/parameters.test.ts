import { z } from 'zod';
import { montecarlo } from '../../../src/models/montecarlo/montecarlo';
import { aRequest, inputOf, isFiniteThroughout, runModel } from './run-model';

const HISTORY = { symbols: ['aapl', 'MSFT'], start: '2024-01-01', end: '2024-12-31' };
const TWO = [
  { symbol: 'A', drift: 0.05, volatility: 0.2 },
  { symbol: 'B', drift: 0.02, volatility: 0.3 },
];

/** `path: message` of every issue. */
function faultsOf(request: unknown): string[] {
  const parsed = montecarlo.parameters.safeParse(request);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const without = (name: string) => Object.fromEntries(Object.entries(aRequest()).filter(([key]) => key !== name));

test.each([
  ['nothing', {}, ': nothing to simulate: expected spot, drift and volatility, or assets, or symbols, start and end'],
  ['no spot', without('spot'), 'spot: required beside drift and volatility'],
  ['no drift', without('drift'), 'drift: required beside spot and volatility'],
  ['no volatility', without('volatility'), 'volatility: required beside spot and drift'],
  ['no start', { symbols: ['A'], end: '2024-12-31' }, 'start: required beside symbols and end'],
  ['no end', { symbols: ['A'], start: '2024-12-31' }, 'end: required beside symbols and start'],
  ['days without symbols', { start: '2024-01-01', end: '2024-12-31' }, 'symbols: required beside start and end'],
  [
    'two forms',
    aRequest(HISTORY),
    ': more than one thing to simulate: expected spot, drift and volatility, or assets, or symbols, start and end',
  ],
  ['a text for the spot', aRequest({ spot: '100' }), 'spot: Invalid input: expected number, received string'],
  ['a spot of zero', aRequest({ spot: 0 }), 'spot: a price is above 0'],
  ['a text for the drift', aRequest({ drift: 'up' }), 'drift: Invalid input: expected number, received string'],
  ['a negative volatility', aRequest({ volatility: -0.1 }), 'volatility: a volatility is at least 0'],
  ['a volatility of null', aRequest({ volatility: null }), 'volatility: Invalid input: expected number, received null'],
  ['a negative horizon', aRequest({ horizon: -1 }), 'horizon: a horizon is above 0'],
  ['a horizon of zero', aRequest({ horizon: 0 }), 'horizon: a horizon is above 0'],
  ['10^9 simulations', aRequest({ simulations: 1e9 }), 'simulations: Too big: expected number to be <=2000000'],
  ['half a simulation', aRequest({ simulations: 1.5 }), 'simulations: Invalid input: expected int, received number'],
  ['too few simulations', aRequest({ simulations: 3 }), 'simulations: Too small: expected number to be >=4'],
  ['no steps', aRequest({ time_steps: 0 }), 'time_steps: Too small: expected number to be >=1'],
  [
    'too many numbers',
    aRequest({ simulations: 2e6, time_steps: 1_001 }),
    'simulations: simulations × time_steps × assets is 2002000000, at most 2000000000 is computed',
  ],
  [
    'few Sobol paths',
    aRequest({ method: 'sobol', simulations: 15 }),
    'simulations: method sobol needs at least 16, got 15',
  ],
  [
    'an unknown method',
    aRequest({ method: 'magic' }),
    'method: Invalid option: expected one of "plain"|"antithetic"|"control_variate"|"sobol"',
  ],
  ['a negative seed', aRequest({ seed: -1 }), 'seed: Too small: expected number to be >=0'],
  ['a seed that is no whole number', aRequest({ seed: 0.5 }), 'seed: Invalid input: expected int, received number'],
  [
    'a confidence of 1',
    aRequest({ confidence_levels: [1] }),
    'confidence_levels.0: Too big: expected number to be <=0.9999',
  ],
  [
    'no confidence',
    aRequest({ confidence_levels: [] }),
    'confidence_levels: Too small: expected array to have >=1 items',
  ],
  [
    'prices beyond numbers',
    aRequest({ drift: 5, horizon: 100 }),
    'horizon: prices would leave the range of numbers: expected a smaller drift, volatility or horizon',
  ],
  ['an unknown field', aRequest({ colour: 'red' }), ': Unrecognized key: "colour"'],
  ['an unknown field within params', { params: aRequest({ colour: 'red' }) }, 'params: Unrecognized key: "colour"'],
  [
    'a field given twice',
    aRequest({ params: { seed: 1 }, seed: 2 }),
    'params.seed: given twice: at the top and in params',
  ],
  ['no symbols', { ...HISTORY, symbols: [] }, 'symbols: expected at least 1 symbol'],
  ['a start after the end', { ...HISTORY, start: '2025-01-01' }, 'end: expected a day after start'],
  ['a day that is none', { ...HISTORY, start: '2024-02-30' }, 'start: expected a day as YYYY-MM-DD'],
  ['weights of another number', { ...HISTORY, weights: [1] }, 'weights: expected 2 weights, got 1'],
  ['weights that miss 1', { ...HISTORY, weights: [0.5, 0.4] }, 'weights: expected a sum of 1, got 0.9'],
  ['a negative weight', { ...HISTORY, weights: [1.5, -0.5] }, 'weights.1: a weight is at least 0'],
  [
    'a correlation with symbols',
    { ...HISTORY, correlation: [[1]] },
    'correlation: belongs to assets; with symbols it is estimated',
  ],
  ['missing data without symbols', aRequest({ missing_data: {} }), 'missing_data: belongs to symbols'],
  ['a correlation that is no square', { assets: TWO, correlation: [[1, 0]] }, 'correlation: expected 2 rows of 2'],
  [
    'a correlation beyond 1',
    {
      assets: TWO,
      correlation: [
        [1, 1.5],
        [1.5, 1],
      ],
    },
    'correlation.0.1: Too big: expected number to be <=1',
  ],
  [
    'a diagonal that is not 1',
    {
      assets: TWO,
      correlation: [
        [1, 0],
        [0, 0.5],
      ],
    },
    'correlation: expected 1 at row 2, column 2, got 0.5',
  ],
  [
    'a correlation that contradicts itself',
    {
      assets: TWO,
      correlation: [
        [1, 0.2],
        [0.3, 1],
      ],
    },
    'correlation: rows 1 and 2 contradict each other',
  ],
  ['no assets', { assets: [] }, 'assets: Too small: expected array to have >=1 items'],
])('a request with %s is refused in words', (_, request, fault) => {
  expect(faultsOf(request)).toContain(fault);
});

test('the history form takes its own fields at the top and the rest from params, and asks for that history', () => {
  const { params } = inputOf({ ...HISTORY, params: { simulations: 1_000, time_steps: 126 } });

  expect(params).toMatchObject({ simulations: 1_000, time_steps: 126, horizon: 0.5, method: 'plain' });
  expect(montecarlo.historyOf(params)).toEqual({
    ...{ symbols: ['AAPL', 'MSFT'], start: '2024-01-01', end: '2024-12-31' },
    missingData: { join: 'inner', maxForwardFill: 0, minSessions: 20 },
  });
});

test('fields given flat and within params are the same request', () => {
  expect(inputOf({ params: aRequest() }).params).toEqual(inputOf(aRequest()).params);
  expect(montecarlo.historyOf(inputOf(aRequest()).params)).toBeUndefined();
});

test.each([...montecarlo.examples.map(({ params }) => params), aRequest(), { params: aRequest({ method: 'sobol' }) }])(
  'what validation gives is accepted again and stays the same: %j',
  (request) => {
    const once = montecarlo.parameters.parse(request);

    expect(montecarlo.parameters.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
  },
);

test('the examples that bring everything run as they stand', () => {
  const own = montecarlo.examples.filter(({ params }) => !montecarlo.historyOf(montecarlo.parameters.parse(params)));

  const outputs = own.map(({ params }) => runModel(params as Record<string, unknown>));

  expect(outputs).toHaveLength(2);
  for (const output of outputs) expect(isFiniteThroughout(output)).toBe(true);
});

test('the request can be documented as a JSON schema of what a caller writes', () => {
  const schema = z.toJSONSchema(montecarlo.parameters, { io: 'input', unrepresentable: 'any' });

  expect(Object.keys(schema.properties ?? {})).toEqual(expect.arrayContaining(['spot', 'symbols', 'assets', 'params']));
});
