import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { temporaryFolder } from '../support/temporary-folder';
import { ROOT } from './markdown';

const ADVISORY = 'GHSA-aaaa-bbbb-cccc';
const [PAST, FUTURE] = [-1, 30].map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));
const EXCUSE = {
  package: 'left',
  advisory: ADVISORY,
  reason: 'Only its parser is affected, which the product never calls',
  expires: FUTURE,
};

/** A report as `npm audit --json` writes it (version 2): `right` is affected by what it depends on. */
function aReport(severity: string) {
  const advisory = {
    source: 1_100_000,
    name: 'left',
    dependency: 'left',
    title: 'Prototype pollution in left',
    url: `https://github.com/advisories/${ADVISORY}`,
    severity,
    cwe: ['CWE-1321'],
    cvss: { score: 8.1, vectorString: null },
    range: '<2.0.1',
  };
  const entry = { severity, isDirect: false, range: '<2.0.1', fixAvailable: true };
  const counts = { info: 0, low: 0, moderate: 0, high: 0, critical: 0, total: 2, [severity]: 2 };
  return {
    auditReportVersion: 2,
    vulnerabilities: {
      left: { ...entry, name: 'left', via: [advisory], effects: ['right'], nodes: ['node_modules/left'] },
      right: { ...entry, name: 'right', via: ['left'], effects: [], nodes: ['node_modules/right'] },
    },
    metadata: {
      vulnerabilities: counts,
      dependencies: { prod: 2, dev: 0, optional: 0, peer: 0, peerOptional: 0, total: 2 },
    },
  };
}

const SOUND = { ...aReport('high'), vulnerabilities: {} };

/** What the gate says of a report, beside such exceptions. */
function judge(report: unknown, exceptions: readonly object[] = []) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'audit-exceptions.json'), JSON.stringify(exceptions));
  const input = typeof report === 'string' ? report : JSON.stringify(report);
  const script = join(ROOT, 'scripts', 'audit.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { cwd: folder, input, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

test.each(['high', 'critical'])(
  'an advisory that is %s closes the gate, told once by package, range and title',
  (severity) => {
    const { status, said } = judge(aReport(severity));

    expect(status).toBe(1);
    expect(said).toBe(`left <2.0.1: ${severity}, Prototype pollution in left (${ADVISORY})\n`);
  },
);

test.each([
  ['nothing was found', SOUND, []],
  ['what was found is moderate', aReport('moderate'), []],
  ['it is excused with a reason, for now', aReport('high'), [EXCUSE]],
])('the gate is open where %s', (_, report, exceptions) => {
  const { status, said } = judge(report, exceptions);

  expect(said).toBe(`no grave advisory; ${exceptions.length} excused\n`);
  expect(status).toBe(0);
});

test.each([
  ['has expired', aReport('high'), { ...EXCUSE, expires: PAST }, /left GHSA-aaaa-bbbb-cccc: expired on/],
  ['says no day', aReport('high'), { ...EXCUSE, expires: undefined }, /expected expires as YYYY-MM-DD, got nothing/],
  ['says no reason', aReport('high'), { ...EXCUSE, reason: 'fine' }, /expected a reason/],
  ['names no advisory', SOUND, { ...EXCUSE, advisory: undefined }, /expected a package and an advisory/],
  ['is of another package', aReport('high'), { ...EXCUSE, package: 'right' }, /left <2\.0\.1: high/],
  ['is of another advisory', aReport('high'), { ...EXCUSE, advisory: 'GHSA-x' }, /left <2\.0\.1: high/],
  ['is not needed any more', SOUND, EXCUSE, /not needed any more/],
])('an excuse that %s closes the gate', (_, report, excuse, expected) => {
  const { status, said } = judge(report, [excuse]);

  expect(said).toMatch(expected);
  expect(status).toBe(1);
});

test.each([
  [
    'a registry that answers no audits',
    { message: '405 Method Not Allowed', statusCode: 405, error: { summary: '' } },
    /405/,
  ],
  [
    'an error of npm',
    { error: { code: 'ENOLOCK', summary: 'This command requires a lockfile' } },
    /requires a lockfile/,
  ],
  ['a report of another version', { auditReportVersion: 3 }, /no audit report of version 2/],
  ['nothing at all', '', /no audit report of version 2/],
])('%s is no good news: the gate says that it could not ask', (_, report, expected) => {
  const { status, said } = judge(report);

  expect(said).toMatch(/^could not ask: /);
  expect(said).toMatch(expected);
  expect(status).toBe(1);
});

test('CI asks on every change, and the exceptions of this project are sound', () => {
  const { jobs } = parse(readFileSync(join(ROOT, '.github/workflows/ci.yml'), 'utf8'));
  const exceptions: { expires: string; reason: string }[] = JSON.parse(
    readFileSync(join(ROOT, 'audit-exceptions.json'), 'utf8'),
  );

  const commands = Object.values<{ steps: { run?: string }[] }>(jobs).flatMap(({ steps }) =>
    steps.map(({ run }) => run),
  );

  expect(commands).toContain('npm audit --omit=dev --json | node scripts/audit.mjs');
  expect(exceptions.filter(({ expires, reason }) => expires < PAST! || !reason)).toEqual([]);
});
