import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { changed, type RecipeBlock } from './recipe-text';

const ROOT = join(__dirname, '..', '..');
const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.tickwire', 'coverage', '.env']);
const STEP_DEADLINE_MS = 120_000;

/** A copy of the project in `folder`, built by itself, with the installed packages linked. */
export function copyProject(folder: string): void {
  cpSync(ROOT, folder, {
    recursive: true,
    filter: (source) => dirname(source) !== ROOT || !LEFT_OUT.has(basename(source)),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}

/** Does what a block says in the copy. @throws with the path when a change does not fit, with the output when a command fails. */
export function applyBlock(folder: string, block: RecipeBlock): void {
  if (block.kind === 'commands') runIn(folder, '/bin/sh', ['-ec', block.text]);
  else if (block.kind === 'file') makeFile(join(folder, block.path), block.text);
  else changeFile(folder, block);
}

function makeFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: 'wx' });
}

function changeFile(folder: string, { path, text }: { readonly path: string; readonly text: string }): void {
  const file = join(folder, path);
  try {
    writeFileSync(file, changed(readFileSync(file, 'utf8'), text));
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Output of a program run in the copy. @throws with what it said when it fails. */
export function runIn(folder: string, program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: STEP_DEADLINE_MS,
  });
  if (status === 0) return stdout;
  throw new Error(`${args.join(' ')}: expected exit code 0, got ${status ?? error?.message}\n${stdout}\n${stderr}`);
}

/** A program of the installed packages, such as `jest`, run in the copy by this Node. */
export function runPackage(folder: string, script: string, args: readonly string[]): string {
  return runIn(folder, process.execPath, [join('node_modules', script), ...args]);
}
