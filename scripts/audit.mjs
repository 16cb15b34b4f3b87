// The gate of CI: `npm audit --omit=dev --json | node scripts/audit.mjs`. Fails on a high or critical advisory of a production dependency that
// audit-exceptions.json does not excuse, on an excuse that is incomplete, expired or not needed, and where no report came: no news is not good news.
import { readFileSync } from 'node:fs';

const GRAVE = ['high', 'critical'];

/** Why there is no report to judge, if there is none: registries that answer no audits give an object with a message. */
function silenceOf(report) {
  if (report?.auditReportVersion === 2) return undefined;
  return report?.message ?? report?.error?.summary ?? 'the answer is no audit report of version 2';
}

/** Grave advisories, each once. An entry of `via` that is a text names the package whose advisory it is. */
function advisoriesOf({ vulnerabilities }) {
  const grave = Object.values(vulnerabilities)
    .flatMap(({ via }) => via)
    .filter((via) => typeof via === 'object' && GRAVE.includes(via.severity))
    .map(({ name, url, title, severity, range }) => ({
      name,
      advisory: url.split('/').at(-1),
      title,
      severity,
      range,
    }));
  return [...new Map(grave.map((one) => [`${one.name} ${one.advisory}`, one])).values()];
}

/** What is wrong with an excuse itself. */
function faultOf({ package: name, advisory, reason, expires }) {
  const where = `audit-exceptions.json: ${name ?? 'an entry without a package'} ${advisory ?? ''}`.trimEnd();
  if (!name || !advisory) return `${where}: expected a package and an advisory (GHSA-…)`;
  if (!reason || reason.length < 20) return `${where}: expected a reason of at least 20 characters`;
  if (!/^\d{4}-\d\d-\d\d$/.test(expires ?? ''))
    return `${where}: expected expires as YYYY-MM-DD, got ${expires ?? 'nothing'}`;
  return expires < new Date().toISOString().slice(0, 10) ? `${where}: expired on ${expires}; judge it anew` : undefined;
}

function faultsOf(report, exceptions) {
  const advisories = advisoriesOf(report);
  const excuses =
    ({ name, advisory }) =>
    (one) =>
      one.package === name && one.advisory === advisory;
  const unexcused = advisories.filter((one) => !exceptions.some(excuses(one)));
  const unneeded = exceptions.filter((one) => !advisories.some((advisory) => excuses(advisory)(one)));
  return [
    ...unexcused.map((one) => `${one.name} ${one.range}: ${one.severity}, ${one.title} (${one.advisory})`),
    ...exceptions.flatMap((one) => faultOf(one) ?? []),
    ...unneeded.map((one) => `audit-exceptions.json: ${one.package} ${one.advisory}: not needed any more; take it out`),
  ];
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const report = parsed(readFileSync(0, 'utf8'));
const silence = silenceOf(report);
const exceptions = JSON.parse(readFileSync('audit-exceptions.json', 'utf8'));
const faults = silence ? [`could not ask: ${silence}`] : faultsOf(report, exceptions);

for (const fault of faults) console.error(fault);
if (faults.length === 0) console.log(`no grave advisory; ${exceptions.length} excused`);
process.exitCode = faults.length === 0 ? 0 : 1;
