import { alignHistory } from '../../src/models/missing-data';
import type { ModelDefinition } from '../../src/models/model';
import { realisedVolatility } from '../../src/models/realised-volatility';
import { valueAtRisk } from '../../src/models/value-at-risk';
import { madeSessions } from './made-history';

type Prices = readonly (readonly [open: number, high: number, low: number, close: number])[];

const flat = (closes: readonly number[]): Prices => closes.map((close) => [close, close, close, close]);

function run<Params>(model: ModelDefinition<Params>, body: object, series: Readonly<Record<string, Prices>>) {
  const params = model.parameters.parse({
    symbols: Object.keys(series),
    start: '2024-01-01',
    end: '2024-12-31',
    missing_data: { min_sessions: 3 },
    ...body,
  });
  const days = madeSessions(300);
  const rows = Object.entries(series).map(([symbol, prices]) => {
    const sessions = prices.map(([open, high, low, close], i) => ({ session: days[i]!, open, high, low, close }));
    return [symbol, sessions] as const;
  });
  const input = { params, history: alignHistory(model.historyOf(params)!, new Map(rows)) };
  return model.combine(input, [model.runPart(input, 0)]);
}

const SIX: Prices = [
  [100, 102, 99, 101],
  [101, 104, 100.5, 103],
  [103, 104, 101, 102],
  [102, 105, 101.5, 104],
  [104, 106, 102, 103],
  [103, 104, 100, 101],
];

const THIRTY = Array.from({ length: 30 }, (_, t) => t);
const A = flat(THIRTY.map((t) => 100 + ((t * t * 7 + t * 3) % 17) - 8 + 0.1 * t));
const B = flat(THIRTY.map((t) => 50 + ((t * 5) % 11) - 5 - 0.05 * t));

// The formulas of the papers, with NumPy.
test('the four estimators of six sessions', () => {
  const { result, metrics } = run(realisedVolatility, { params: { window: 3 } }, { A: SIX });

  const { A: found } = result.volatilities as { A: Record<string, number> };
  expect(found.close_to_close).toBeCloseTo(0.28996319652331703, 14);
  expect(found.parkinson).toBeCloseTo(0.3276545248573214, 14);
  expect(found.garman_klass).toBeCloseTo(0.3543585474217419, 14);
  expect(found.ewma).toBeCloseTo(0.29836483860277146, 14);
  expect(metrics).toEqual(found);
});

test('the rolling series ends with the figure of the last window, and is empty until the first is full', () => {
  const { tables } = run(realisedVolatility, { params: { window: 3 } }, { A: SIX });

  const rows = tables[0]!.rows;
  const columns = tables[0]!.columns;
  expect(columns.slice(0, 4)).toEqual(['session', 'symbol', 'close_to_close', 'parkinson']);
  expect(rows.map((row) => row[2] === null)).toEqual([true, true, true, false, false, false]);
  expect(rows.map((row) => row[3] === null)).toEqual([true, true, false, false, false, false]);
  expect(rows.at(-1)![2]).toBeCloseTo(0.3219338484979146, 13);
  expect(rows.at(-1)![3]).toBeCloseTo(0.3553210008532665, 13);
});

test('a price that never moves has volatility 0 and a warning', () => {
  const { result, warnings } = run(realisedVolatility, { params: { window: 2 } }, { A: flat([5, 5, 5, 5]) });

  expect(result.volatilities).toEqual({ A: { close_to_close: 0, parkinson: 0, garman_klass: 0, ewma: 0 } });
  expect(warnings).toContainEqual(expect.stringMatching(/^A has the same return/));
});

// numpy.quantile, the mean of the worst 2.9 of 29 losses, and scipy.stats.norm.
test('historical and parametric value at risk of two series', () => {
  const daily = run(valueAtRisk, { params: { weights: [0.6, 0.4], confidence: 0.9 } }, { A, B });
  const tenDays = run(valueAtRisk, { params: { weights: [0.6, 0.4], confidence: 0.9, horizon_days: 10 } }, { A, B });

  expect(daily.metrics.historical_var).toBeCloseTo(0.06705483882273096, 14);
  expect(daily.metrics.historical_cvar).toBeCloseTo(0.09385882010842739, 14);
  expect(tenDays.metrics.historical_var).toBeCloseTo(0.06705483882273096 * Math.sqrt(10), 13);
  expect(tenDays.metrics.parametric_var).toBeCloseTo(0.19652722788037635, 13);
  expect(tenDays.metrics.parametric_cvar).toBeCloseTo(0.2913647956954864, 13);
  expect(tenDays.warnings).toContainEqual(expect.stringMatching(/square root of the days/));
});

test('losses scale with the value, contributions sum to the parametric figure, and the worst case is worse', () => {
  const share = run(valueAtRisk, {}, { A, B });
  const money = run(valueAtRisk, { params: { portfolio_value: 5000 } }, { A, B });

  const { contributions, var: total } = money.result.parametric as {
    contributions: Record<string, number>;
    var: number;
  };
  expect(money.metrics.historical_var! / share.metrics.historical_var!).toBeCloseTo(5000, 8);
  expect(contributions.A! + contributions.B!).toBeCloseTo(total, 9);
  expect(money.metrics.historical_cvar).toBeGreaterThanOrEqual(money.metrics.historical_var!);
  expect(money.metrics.parametric_cvar).toBeGreaterThan(money.metrics.parametric_var!);
});

test('a portfolio that never moves is refused', () => {
  const go = () => run(valueAtRisk, {}, { A: flat([5, 5, 5, 5]) });

  expect(go).toThrow(expect.objectContaining({ code: 'MODEL_INPUT_UNUSABLE' }));
});

test.each([
  ['as many weights as symbols', { weights: [1] }, /expected 2 weights/],
  ['weights that sum to 1', { weights: [0.5, 0.4] }, /expected a sum of 1, got 0.9/],
  ['a confidence below 1', { confidence: 1 }, /confidence/],
  ['a horizon of whole days', { horizon_days: 1.5 }, /horizon_days/],
])('value at risk wants %s', (_, params, fault) => {
  expect(() => run(valueAtRisk, { params }, { A, B })).toThrow(fault);
});
