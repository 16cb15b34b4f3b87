import type { ResultChart } from '../../src/models/model';
import { drawChart } from '../../src/reports/draw-chart';
import { aModelOutput, sampleCharts } from '../support/model-outputs';
import { HOSTILE_TEXTS, namesInXml } from './markup';

const charts: [string, ResultChart][] = Object.entries(sampleCharts);

function aChart(chart: Partial<ResultChart> = {}): ResultChart {
  const series = [
    {
      name: 'One',
      points: [
        [1, 2],
        [2, 5],
        [3, 3],
      ] as const,
    },
  ];
  return { name: 'chart', title: 'A chart', kind: 'line', xLabel: 'Day', yLabel: 'Price (USD)', series, ...chart };
}

/** The texts that are drawn. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!);
}

test.each(charts)('%s is well-formed SVG of 900 × 480 that stands alone', (_, chart) => {
  const svg = drawChart(chart);

  expect(namesInXml(svg)).not.toContain('script');
  expect(svg).toMatch(
    /^<svg width="900" height="480" xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]* viewBox="0 0 900 480" role="img"/,
  );
  expect(svg).not.toMatch(/NaN|Infinity|undefined|ecmeta|<style|zr\d|href=/);
});

test.each(charts)('%s shows its title, both axes with their units, and says what it is', (_, chart) => {
  const svg = drawChart(chart);

  expect(textsOf(svg)).toEqual(expect.arrayContaining([chart.title, chart.xLabel, chart.yLabel]));
  expect(svg).toContain(`<title id="${chart.name}-title">${chart.title}</title>`);
  expect(svg).toContain(`aria-labelledby="${chart.name}-title ${chart.name}-description"`);
  expect(svg).toMatch(/<desc id="[^"]+">[^<]{20,}<\/desc>/);
});

test('the same chart has the same bytes, whatever was drawn before', () => {
  const first = drawChart(sampleCharts.fan);
  for (const [, chart] of charts) drawChart(chart);

  const second = drawChart(sampleCharts.fan);

  expect(second).toBe(first);
});

test('ids of two charts in one document do not meet', () => {
  const idsOf = (svg: string) => [...svg.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]!);

  const ids = aModelOutput().charts.flatMap((chart) => idsOf(drawChart(chart)));

  expect(ids.length).toBeGreaterThan(charts.length * 2);
  expect(new Set(ids).size).toBe(ids.length);
});

test('what a chart refers to is in it', () => {
  const svg = drawChart(sampleCharts.fan);

  const wanted = [...svg.matchAll(/url\(#([^)]+)\)/g)].map((match) => match[1]!);

  expect(wanted.length).toBeGreaterThan(0);
  expect(wanted.filter((id) => !svg.includes(` id="${id}"`))).toEqual([]);
});

test('a fan has an area between each line and the next, and names its lines', () => {
  const svg = drawChart(sampleCharts.fan);

  expect(svg.match(/<polygon /g)).toHaveLength(4);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['5th percentile', 'Median', '95th percentile']));
});

test('faint lines are drawn and described, and named nowhere', () => {
  const svg = drawChart(sampleCharts.fan);

  expect(svg.match(/stroke-opacity="0.22"/g)).toHaveLength(40);
  expect(svg).toContain('40 faint lines');
  expect(svg).not.toContain('Path 7');
});

test('several lines are named in a legend and differ in colour and dash; one alone needs no legend', () => {
  const several = drawChart(sampleCharts.greeks);
  const alone = drawChart(aChart());

  expect(textsOf(several)).toEqual(expect.arrayContaining(['Delta', 'Gamma', 'Theta per day']));
  expect(several).toMatch(/stroke="#d55e00" stroke-width="2" stroke-dasharray="7,4"/);
  expect(textsOf(alone)).not.toContain('One');
});

test('a series of one point is a mark with its name beside it', () => {
  const texts = textsOf(drawChart(sampleCharts.frontier));

  expect(texts).toEqual(expect.arrayContaining(['Minimum variance', 'Highest Sharpe ratio']));
  expect(texts.filter((text) => text === 'Minimum variance')).toHaveLength(1);
});

test('a histogram has one bar for each bin, side by side', () => {
  const points = [
    [10, 4],
    [20, 9],
    [30, 2],
  ] as const;

  const svg = drawChart(aChart({ kind: 'histogram', series: [{ name: 'Paths', points }] }));

  const bars = [...svg.matchAll(/<path d="M([\d.]+) ([\d.]+)l([\d.]+) 0l0 ([\d.]+)[^"]*" fill="#0072b2"/g)];
  const [first, second, third] = bars.map(([, x, , width, height]) => ({
    x: Number(x),
    width: Number(width),
    height: Number(height),
  }));
  expect(bars).toHaveLength(3);
  expect(first!.x + first!.width).toBeCloseTo(second!.x, 0);
  expect(second!.height / third!.height).toBeCloseTo(4.5, 1);
});

test('bars stand at their categories, with their values; a negative one has its value too', () => {
  const texts = textsOf(drawChart(sampleCharts.weights));

  expect(texts).toEqual(expect.arrayContaining(['AAPL', '^GSPC', '31.25', '−4.7']));
});

test('bars over numbers stand in the order of the numbers', () => {
  const points = [
    [2026, 3],
    [2024, 1],
    [2025, 2],
  ] as const;

  const texts = textsOf(drawChart(aChart({ kind: 'bar', series: [{ name: 'Count', points }] })));

  expect(texts.filter((text) => text.startsWith('202'))).toEqual(['2024', '2025', '2026']);
});

test('a hundred series leave room for the plot, and the title says how many have no name', () => {
  const series = Array.from({ length: 100 }, (_, index) => ({
    name: `Series number ${index}`,
    points: [
      [0, index],
      [1, index + 1],
    ] as const,
  }));

  const svg = drawChart(aChart({ series }));

  const named = textsOf(svg).filter((text) => text.startsWith('Series number')).length;
  expect(named).toBeGreaterThan(20);
  expect(textsOf(svg)).toContain(`A chart (${100 - named} series not named)`);
});

const shapes: [string, Partial<ResultChart>][] = [
  ['no series', { series: [] }],
  ['an empty series', { series: [{ name: 'Empty', points: [] }] }],
  ['one point', { series: [{ name: 'One', points: [[5, 5]] }] }],
  [
    'the same value everywhere',
    {
      series: [
        {
          name: 'Flat',
          points: [
            [0, 7],
            [1, 7],
            [2, 7],
          ],
        },
      ],
    },
  ],
  [
    'the same place twice',
    {
      series: [
        {
          name: 'Upright',
          points: [
            [1, 1],
            [1, 2],
          ],
        },
      ],
    },
  ],
  [
    'huge and tiny values',
    {
      series: [
        {
          name: 'Wide',
          points: [
            [1e-12, -1e15],
            [1e12, 1e15],
          ],
        },
      ],
    },
  ],
  [
    'a band without a next line',
    {
      series: [
        {
          name: 'Last',
          points: [
            [0, 1],
            [1, 2],
          ],
          band: true,
        },
      ],
    },
  ],
  [
    'only faint lines',
    {
      series: [
        {
          name: 'Faint',
          points: [
            [0, 1],
            [1, 2],
          ],
          faint: true,
        },
      ],
    },
  ],
  [
    'negative values only',
    {
      series: [
        {
          name: 'Below',
          points: [
            [0, -1],
            [1, -2],
          ],
        },
      ],
    },
  ],
];
const kinds = ['line', 'bar', 'histogram', 'scatter'] as const;

test.each(shapes.flatMap(([name, chart]) => kinds.map((kind) => [kind, name, chart] as const)))(
  'a %s chart of %s is drawn',
  (kind, _, chart) => {
    const svg = drawChart(aChart({ kind, ...chart }));

    expect(namesInXml(svg)).toContain('svg');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(textsOf(svg)).toContain('A chart');
  },
);

test.each(kinds)('texts cannot break out of a %s chart', (kind) => {
  const harmless = namesInXml(
    drawChart(
      withTexts(
        kind,
        HOSTILE_TEXTS.map((_, index) => `Text ${index}`),
      ),
    ),
  );
  const hostile = HOSTILE_TEXTS.map((text) =>
    withTexts(
      kind,
      HOSTILE_TEXTS.map(() => text),
    ),
  );

  for (const chart of [...hostile, withTexts(kind, HOSTILE_TEXTS)]) {
    const svg = drawChart(chart);

    expect(namesInXml(svg).filter((name) => !harmless.includes(name))).toEqual([]);
    expect(svg.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\u202e\ufffe]/u);
  }
});

function withTexts(kind: ResultChart['kind'], texts: readonly string[]): ResultChart {
  const series = texts.map((name, index) => ({
    name,
    points: [
      [0, index],
      [1, index + 1],
    ] as const,
  }));
  const single = texts.map((name, index) => ({ name, points: [[index, index]] as const }));
  const fan = texts.map((name, index) => ({
    name,
    points: [
      [0, index],
      [1, -index],
    ] as const,
    band: true,
  }));
  const [title = '', xLabel = '', yLabel = ''] = texts;
  return { name: 'chart', title, xLabel, yLabel, kind, categories: texts, series: [...series, ...single, ...fan] };
}

test('a text is drawn as it is written', () => {
  const texts = textsOf(drawChart(aChart({ title: '{a|x} url(#zr0-c0) $1 %s', xLabel: 'S&P <500>' })));

  expect(texts).toContain('{a|x} url(#zr0-c0) $1 %s');
  expect(texts).toContain('S&amp;P &lt;500&gt;');
});

test('what every object inherits is not touched by a text of its name', () => {
  for (const text of Object.getOwnPropertyNames(Object.prototype)) drawChart(withTexts('line', [text, text, text]));

  const inherited = [];
  for (const name in {}) inherited.push(name);
  expect(inherited).toEqual([]);
  expect(Object.keys(Object)).toEqual([]);
});
