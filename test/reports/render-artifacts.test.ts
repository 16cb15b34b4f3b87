import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ModelOutput, ResultTable } from '../../src/models/model';
import { renderArtifacts } from '../../src/reports/render-artifacts';
import type { ReportedJob } from '../../src/reports/report-html';
import { aModelOutput, aReportedJob, sampleCharts } from '../support/model-outputs';
import { HOSTILE_TEXTS, namesInHtml, namesInXml } from './markup';

function rendered(job: Partial<ReportedJob> = {}, output: Partial<ModelOutput> = {}): ReadonlyMap<string, string> {
  const files = renderArtifacts({ job: aReportedJob(job), output: aModelOutput(output) });
  return new Map(files.map(({ name, body }) => [name, Buffer.from(body).toString('utf8')]));
}

function reportOf(job: Partial<ReportedJob> = {}, output: Partial<ModelOutput> = {}): string {
  return rendered(job, { charts: [], ...output }).get('report.html')!;
}

function aTable(table: Partial<ResultTable> = {}): ResultTable {
  return { name: 'prices', title: 'Prices', columns: ['day', 'price'], rows: [[1, 100.5]], ...table };
}

test('a job leaves its result, a CSV for each table, an SVG for each chart, and a report', () => {
  const files = renderArtifacts({
    job: aReportedJob(),
    output: aModelOutput({ charts: [sampleCharts.fan, sampleCharts.terminal] }),
  });

  expect(files.map(({ name, contentType }) => [name, contentType])).toEqual([
    ['result.json', 'application/json; charset=utf-8'],
    ['percentiles.csv', 'text/csv; charset=utf-8; header=present'],
    ['fan.svg', 'image/svg+xml; charset=utf-8'],
    ['terminal.svg', 'image/svg+xml; charset=utf-8'],
    ['report.html', 'text/html; charset=utf-8'],
  ]);
});

test('each file has a buffer of its own, so that a thread can hand it over', () => {
  const files = renderArtifacts({ job: aReportedJob(), output: aModelOutput({ charts: [] }) });

  expect(files.map(({ body }) => body.buffer.byteLength - body.byteLength)).toEqual(files.map(() => 0));
});

test('result.json holds model, parameters, result, metrics and warnings', () => {
  const output = aModelOutput();

  const text = rendered().get('result.json')!;

  const { result, metrics, warnings } = output;
  expect(JSON.parse(text)).toEqual({ model: 'montecarlo', params: aReportedJob().params, result, metrics, warnings });
  expect(text).toContain('\n  "model": "montecarlo",\n');
});

test('the same job gives the same bytes in another process, time zone and language', () => {
  const sumOf = (text: string) => createHash('sha256').update(text).digest('hex');
  const code = `
    const { createHash } = require('node:crypto');
    const { aModelOutput, aReportedJob } = require('./test/support/model-outputs');
    const { renderArtifacts } = require('./src/reports/render-artifacts');
    for (const { name, body } of renderArtifacts({ job: aReportedJob(), output: aModelOutput() }))
      console.log(name, createHash('sha256').update(body).digest('hex'));`;

  const elsewhere = execFileSync(process.execPath, ['-r', 'esbuild-register', '-e', code], {
    cwd: join(__dirname, '..', '..'),
    env: { PATH: process.env.PATH, TZ: 'Asia/Kathmandu', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    encoding: 'utf8',
  });

  const here = [...rendered()].map(([name, text]) => `${name} ${sumOf(text)}`);
  expect(elsewhere.trim().split('\n')).toEqual(here);
});

test('the report shows the job, its parameters, its figures, its charts and its warnings above all', () => {
  const report = rendered().get('report.html')!;

  expect(report).toContain('<h1>Monte Carlo simulation</h1>');
  expect(report).toContain('7b1c6d1e-4c1b-4a4e-9b0a-0d5c2a3e9f10');
  expect(report).toContain('<time datetime="2026-02-03T04:05:06.789Z">2026-02-03 04:05:06 UTC</time>');
  expect(report).toContain('<tr><th scope="row"><code>symbols</code></th><td>AAPL, MSFT</td></tr>');
  expect(report).toContain('<tr><th scope="row"><code>missing_data.join</code></th><td>inner</td></tr>');
  expect(report).toContain('<tr><th scope="row">VaR 95</th><td class="number">24.81</td></tr>');
  expect(report.match(/<figure>\n<svg /g)).toHaveLength(Object.keys(sampleCharts).length);
  expect(report.indexOf('class="warnings"')).toBeLessThan(report.indexOf('Key figures'));
  expect(report).toContain('<li>The covariance was not positive definite; the nearest that is was used.</li>');
});

test('a report without warnings, charts and tables has no empty place for them', () => {
  const report = reportOf({}, { warnings: [], tables: [] });

  expect(report).not.toMatch(/class="warnings"|<h2>Charts|<h2>Tables/);
});

test('the report needs nothing but itself: no script, no address, no file', () => {
  const report = rendered().get('report.html')!;

  const names = namesInHtml(report);
  const addresses = [...report.matchAll(/(?:https?:)?\/\/[\w.]+[^\s"<)]*/g)].map(([address]) => address);

  expect(names).not.toEqual(expect.arrayContaining(['script']));
  expect(names.filter((name) => /^@(src|srcset|action|xlink:href|on.*)$/.test(name))).toEqual([]);
  expect([...report.matchAll(/href="([^"]*)"/g)].map((match) => match[1])).toEqual(['data:,']);
  expect(report).not.toMatch(/@import|url\((?!#)/);
  expect([...new Set(addresses)].sort()).toEqual(['http://www.w3.org/1999/xlink', 'http://www.w3.org/2000/svg']);
  expect(report).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
});

test('the first 50 rows of a table are shown, and how many more the CSV has', () => {
  const rows = Array.from({ length: 1_253 }, (_, day) => [day, 100 + day / 4]);

  const report = reportOf({}, { tables: [aTable({ rows })] });

  expect(report.match(/<tr><td class="number">/g)).toHaveLength(50);
  expect(report).toContain('1203 more rows in <code>prices.csv</code>');
});

test('a table that is shown whole says nothing of more', () => {
  const rows = Array.from({ length: 50 }, (_, day) => [day, 100]);

  expect(reportOf({}, { tables: [aTable({ rows })] })).not.toContain('more row');
});

test('a table wider than a page shows its first columns, and how many more the CSV has', () => {
  const columns = Array.from({ length: 13 }, (_, place) => `column ${place}`);
  const rows = [columns.map((_, place) => place)];

  const files = rendered({}, { charts: [], tables: [aTable({ columns, rows })] });

  expect(files.get('report.html')).toContain('1 more column in <code>prices.csv</code>');
  expect(files.get('report.html')).not.toContain('column 12');
  expect(files.get('prices.csv')).toContain('column 12');
});

test('parameters that are long, nested or lists of objects stay readable', () => {
  const params = {
    grid: [
      [1, 2],
      [3, 4],
    ],
    legs: [{ strike: 100 }],
    long: 'x'.repeat(400),
    none: null,
    absent: undefined,
    empty: {},
  };

  const report = reportOf({ params });

  expect(report).toContain('<td>[[1,2],[3,4]]</td>');
  expect(report).toContain('<td>[{&quot;strike&quot;:100}]</td>');
  expect(report).toContain(`<td>${'x'.repeat(299)}…</td>`);
  expect(report).toContain('<code>none</code></th><td>null</td>');
  expect(report).not.toContain('absent');
});

test.each(HOSTILE_TEXTS)('%j breaks out of no file', (text) => {
  const chart = {
    ...sampleCharts.payoff,
    title: text,
    xLabel: text,
    series: [{ name: text, points: [[0, 1]] as const }],
  };
  const withText = (given: string, title: string) =>
    rendered(
      { title: given, params: { symbol: given, [given || 'empty']: [given], nested: { [given || 'empty']: given } } },
      {
        warnings: [given],
        metrics: { [given || 'empty']: 1 },
        tables: [aTable({ title: given, columns: [given], rows: [[given]] })],
        charts: [{ ...chart, title, xLabel: title, series: [{ name: title, points: [[0, 1]] }] }],
      },
    );

  const files = withText(text, text);

  const harmless = withText('harmless', 'harmless');
  const known = [...namesInHtml(harmless.get('report.html')!), ...namesInXml(harmless.get('payoff.svg')!)];
  expect(namesInHtml(files.get('report.html')!).filter((name) => !known.includes(name))).toEqual([]);
  expect(namesInXml(files.get('payoff.svg')!).filter((name) => !known.includes(name))).toEqual([]);
  expect(JSON.parse(files.get('result.json')!).warnings).toEqual([text]);
  expect(files.get('report.html')!.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\u202e\ufffe]/u);
});

test.each<[string, Partial<ModelOutput>, string]>([
  ['result', { result: { deep: [{ value: Number.NaN }] } }, 'result.deep[0].value: expected a finite number, got NaN'],
  [
    'metrics',
    { metrics: { var_95: Number.POSITIVE_INFINITY } },
    'metrics.var_95: expected a finite number, got Infinity',
  ],
  [
    'a table',
    { tables: [aTable({ rows: [[1, Number.NaN]] })] },
    'table prices[0][1]: expected a finite number, got NaN',
  ],
  [
    'a chart',
    { charts: [{ ...sampleCharts.payoff, series: [{ name: 'x', points: [[0, Number.NaN]] }] }] },
    'chart payoff[0].points[0][1]: expected a finite number, got NaN',
  ],
])('a number that is not finite in %s is refused, with its place', (_, output, message) => {
  expect(() => rendered({}, output)).toThrow(message);
});

test.each(['../x', 'A', 'a_b', '', 'a.b', '-a', 'a--b'])('a table or chart named %j is refused', (name) => {
  expect(() => rendered({}, { tables: [aTable({ name })] })).toThrow('name of a table: expected kebab-case');
  expect(() => rendered({}, { charts: [{ ...sampleCharts.payoff, name }] })).toThrow(
    'name of a chart: expected kebab-case',
  );
});

test('two tables or charts of one name are refused', () => {
  expect(() => rendered({}, { tables: [aTable(), aTable()] })).toThrow('got prices twice');
  expect(() => rendered({}, { charts: [sampleCharts.payoff, sampleCharts.payoff] })).toThrow('got payoff twice');
});
