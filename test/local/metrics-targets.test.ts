import { existsSync, readFileSync } from 'node:fs';
import {
  metricsTargetsFile,
  metricsVariables,
  removeMetricsTargets,
  writeMetricsTargets,
} from '../../src/local/metrics-targets';
import { temporaryFolder } from '../support/temporary-folder';

const PROCESSES = [{ name: 'api' }, { name: 'poller' }, { name: 'bars' }];

test.each([
  [9400, 0, { METRICS_PORT: '9400' }],
  [9400, 2, { METRICS_PORT: '9402' }],
  [0, 2, { METRICS_PORT: '0' }],
  [undefined, 2, {}],
])('with METRICS_PORT %p the process at place %i is given %p', (metricsPort, index, expected) => {
  expect(metricsVariables(metricsPort, index)).toEqual(expected);
});

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['::1', '[::1]'],
])('what listens on %s is found at %s, in the form that Prometheus reads', (host, address) => {
  const home = temporaryFolder();

  writeMetricsTargets(home, { host, metricsPort: 9400 }, PROCESSES);

  const targets = JSON.parse(readFileSync(metricsTargetsFile(home), 'utf8'));
  expect(targets).toEqual([{ targets: [`${address}:9400`, `${address}:9401`, `${address}:9402`] }]);
  removeMetricsTargets(home);
  removeMetricsTargets(home);
  expect(existsSync(metricsTargetsFile(home))).toBe(false);
});

test.each([undefined, 0])('with METRICS_PORT %p there is no such file', (metricsPort) => {
  const home = temporaryFolder();

  writeMetricsTargets(home, { host: '127.0.0.1', metricsPort }, PROCESSES);

  expect(existsSync(metricsTargetsFile(home))).toBe(false);
});
