import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

export const ROOT = join(__dirname, '..', '..');

/** A page of the project. */
export interface Page {
  /** Relative to the root of the project. */
  readonly path: string;
  readonly text: string;
}

/** Every page that people read: at the root, in `docs` and beside the files to deploy with. */
export function pages(): readonly Page[] {
  const beside = ['docs', 'deploy'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return [...readdirSync(ROOT), ...beside]
    .filter((path) => path.endsWith('.md'))
    .sort()
    .map((path) => page(path));
}

export function page(path: string): Page {
  return { path: relative(ROOT, join(ROOT, path)), text: readFileSync(join(ROOT, path), 'utf8') };
}

/** The text without what stands in fences and indented blocks. */
export function proseOf(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '').replace(/^ {4}.*$/gm, '');
}

/** Where links into a page can lead: its headings as GitHub spells them, and what it names by itself. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const prose = proseOf(text);
  const headings = [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => slugOf(heading));
  const named = [...prose.matchAll(/<a (?:id|name)="([^"]+)">/g)].map(([, name = '']) => name);
  return new Set([...headings, ...named]);
}

/** What is wrong with the relative links of a page, in sentences; `read` gives the text of another, or undefined where there is no such file. */
export function linkFaults({ path, text }: Page, read: (path: string) => string | undefined): string[] {
  return [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .flatMap((target) => {
      const [file = '', anchor] = target.split('#');
      const to = file === '' ? path : join(path, '..', file);
      const found = read(to);
      if (found === undefined) return [`${path}: ${target} leads to no file`];
      return anchor === undefined || anchorsOf(found).has(anchor) ? [] : [`${path}: ${target} leads to no heading`];
    });
}

/** Paths of the project that a page names between backticks. A path with a placeholder names none. */
export function namedPaths({ text }: Page): readonly string[] {
  return [
    ...proseOf(text).matchAll(/`((?:src|test|docs|deploy|scripts|prisma|bench|fixtures|\.github)\/[\w./-]*)`/g),
  ].map(([, path = '']) => path);
}

/** The text of a file of the project; empty for a folder, undefined where there is nothing. */
export function textAt(path: string): string | undefined {
  const found = statSync(join(ROOT, path), { throwIfNoEntry: false });
  return found?.isFile() ? readFileSync(join(ROOT, path), 'utf8') : found && '';
}

function slugOf(heading: string): string {
  return heading
    .replace(/[`*]|\[|\]\([^)]*\)/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
