import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Python for the peers: `BENCH_PYTHON`, or `python3` of the path. */
const PYTHON = process.env.BENCH_PYTHON ?? 'python3';

/** Why a peer that needs `packages` cannot run here, in words; undefined when it can. */
export function missingForPython(packages: readonly string[]): string | undefined {
  const { status, error } = spawnSync(PYTHON, ['-c', `import ${packages.join(', ')}`], { stdio: 'ignore' });
  if (error) return `no ${PYTHON} (BENCH_PYTHON names another)`;
  return status === 0 ? undefined : `${PYTHON} lacks ${packages.join(' or ')} (BENCH_PYTHON names another)`;
}

/** Runs a script of this folder and returns the JSON it prints. @throws when it fails. */
export function runPython(script: string, args: readonly (string | number)[]): unknown {
  const { status, stdout, stderr } = spawnSync(PYTHON, [join(__dirname, script), ...args.map(String)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}
