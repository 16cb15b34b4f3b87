import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { CONSUMERS } from '../../src/consumers';

/** What the files to deploy with are held to, read from the product itself. */
export interface DeployedProduct {
  readonly version: string;
  /** Names of the consumers, each with its topic. */
  readonly consumers: readonly { readonly name: string; readonly topic: string }[];
  /** Variables that a process may be given. */
  readonly variables: ReadonlySet<string>;
  /** What is built into `dist/scripts`, as `api.js`. */
  readonly scripts: ReadonlySet<string>;
  /** Scripts of `package.json`. */
  readonly commands: ReadonlySet<string>;
}

/** Of Node itself; the product documents the others. */
const OF_NODE = ['NODE_ENV', 'NODE_OPTIONS'];

export const PRODUCT: DeployedProduct = {
  version: packageText('version'),
  consumers: CONSUMERS.map(({ name, topic }) => ({ name, topic: topic.name })),
  variables: new Set([...Object.keys(parse(readProjectFile('.env.example'))), ...OF_NODE]),
  scripts: new Set(
    readdirSync(join(__dirname, '..', '..', 'scripts'))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => name.replace(/\.ts$/, '.js')),
  ),
  commands: new Set(Object.keys(JSON.parse(readProjectFile('package.json')).scripts)),
};

/** A file of the project, `path` relative to its root. */
export function readProjectFile(path: string): string {
  return readFileSync(join(__dirname, '..', '..', path), 'utf8');
}

/** Names of the files in a folder of the project. */
export function listProjectFiles(folder: string): string[] {
  return readdirSync(join(__dirname, '..', '..', folder)).sort();
}

/** What is wrong with the script that a command of the product's image begins with, if anything. */
export function scriptFaults(where: string, command: readonly string[], product: DeployedProduct): string[] {
  const [path = ''] = command;
  const script = path.replace(/^dist\/scripts\//, '');
  if (path.startsWith('dist/scripts/') && product.scripts.has(script)) return [];
  return [`${where}: expected a script that the build makes, got ${path || 'none'}`];
}

/** One sentence for each name that no process knows. */
export function variableFaults(where: string, names: readonly string[], product: DeployedProduct): string[] {
  return names
    .filter((name) => !product.variables.has(name))
    .map((name) => `${where}: expected a variable of .env.example, got ${name}`);
}

/** What is wrong with the name of an image, if anything: without a tag, or with one that moves. */
export function imageFaults(where: string, image: string): string[] {
  const tag = /:([^/:@]+)(@sha256:[0-9a-f]{64})?$/.exec(image)?.[1];
  if (tag && tag !== 'latest' && /\d/.test(tag)) return [];
  return [`${where}: expected an image with the tag of a version, got ${image}`];
}

function packageText(name: string): string {
  return String(JSON.parse(readProjectFile('package.json'))[name]);
}
