import { type DeployedProduct, imageFaults, scriptFaults, variableFaults } from './deployed-product';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** What is wrong with a Dockerfile, in sentences: the rules that hadolint holds, as far as they matter here, and those of the product. */
export function dockerfileFaults(text: string, product: DeployedProduct): string[] {
  const instructions = instructionsOf(text);
  const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
  return [
    ...baseFaults(instructions),
    ...instructions.flatMap(instructionFaults),
    ...userFaults(last),
    ...processFaults(last, product),
    ...contentFaults(instructions, last, product),
  ];
}

/** The sources, relative to the project, that are copied out of the folder the image is built from. */
export function copiedSources(text: string): string[] {
  return instructionsOf(text)
    .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from='))
    .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1))
    .filter((word) => !word.startsWith('--'));
}

/** Whether a `.dockerignore` lets a path through: the last line that fits decides. A folder stands for all that is in it. */
export function isLetThrough(ignore: string, path: string): boolean {
  const patterns = ignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return patterns.reduce((isIn, pattern) => {
    const name = pattern.replace(/^!/, '');
    const fits = name === '*' || path === name || path.startsWith(`${name}/`);
    return fits ? pattern.startsWith('!') : isIn;
  }, true);
}

function instructionsOf(text: string): Instruction[] {
  return text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => /^\s*([A-Za-z]+)\s+(.*)$/.exec(line))
    .flatMap((match) => (match ? [{ name: match[1]!.toUpperCase(), rest: match[2]! }] : []));
}

function baseFaults(instructions: readonly Instruction[]): string[] {
  const from = instructions.filter(({ name }) => name === 'FROM').map(({ rest }) => rest.split(/\s+/i));
  const stages = from.map(([, , stage]) => stage);
  return from.flatMap(([image = '']) => (stages.includes(image) ? [] : imageFaults('FROM', image)));
}

function instructionFaults({ name, rest }: Instruction): string[] {
  const installs = name === 'RUN' && /apt-get install/.test(rest);
  const faults = [
    [name === 'ADD', 'COPY in place of ADD'],
    [name === 'COPY' && /^(--\S+ )*\.\s/.test(rest), 'named files in place of the whole folder'],
    [installs && !/rm -rf \/var\/lib\/apt\/lists/.test(rest), 'the lists of apt removed where it installs'],
    [installs && !/--no-install-recommends/.test(rest), 'nothing that apt only recommends'],
    [name === 'RUN' && /\bsudo\b/.test(rest), 'no sudo'],
    [name === 'RUN' && /\bnpm (ci|install)\b(?!.*--ignore-scripts)/.test(rest), 'npm without scripts of packages'],
    [name === 'WORKDIR' && !rest.startsWith('/'), 'an absolute WORKDIR'],
    [/^(CMD|ENTRYPOINT)$/.test(name) && !isJson(rest), 'the JSON form'],
    [name === 'HEALTHCHECK' && !isJson(rest.replace(/^(--\S+ +)*CMD /, '')), 'the JSON form'],
    [/^(ENV|ARG)$/.test(name) && /PASSWORD|SECRET|TOKEN|_KEY/.test(rest), 'no secret'],
  ] as const;
  return faults.filter(([isBroken]) => isBroken).map(([, expected]) => `${name} ${rest}: expected ${expected}`);
}

function isJson(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

function userFaults(last: readonly Instruction[]): string[] {
  const user = last.findLast(({ name }) => name === 'USER')?.rest ?? 'root';
  return /^[1-9]\d*(:[1-9]\d*)?$/.test(user)
    ? []
    : [`USER: expected the number of a user that is not root, got ${user}`];
}

function processFaults(last: readonly Instruction[], product: DeployedProduct): string[] {
  const restOf = (wanted: string) => last.findLast(({ name }) => name === wanted)?.rest ?? '';
  const command = isJson(restOf('CMD')) ? (JSON.parse(restOf('CMD')) as string[]) : [];
  return [
    ...scriptFaults('CMD', command, product),
    ...(restOf('STOPSIGNAL') === 'SIGTERM' ? [] : ['STOPSIGNAL: expected SIGTERM, on which every process stops']),
    ...(restOf('HEALTHCHECK').includes('/healthz') ? [] : ['HEALTHCHECK: expected one of /healthz']),
  ];
}

/** The final stage has what the processes read, says the version, and names only variables they know. */
function contentFaults(all: readonly Instruction[], last: readonly Instruction[], product: DeployedProduct): string[] {
  const copied = last.filter(({ name }) => name === 'COPY').map(({ rest }) => rest);
  const needed = ['/app/dist', '/app/node_modules', '/app/package.json', '/app/prisma/migrations'];
  const labels = last.filter(({ name }) => name === 'LABEL').map(({ rest }) => rest);
  const variables = all
    .filter(({ name }) => name === 'ENV')
    .flatMap(({ rest }) => [...rest.matchAll(/(\w+)=/g)].map(([, name = '']) => name));
  return [
    ...needed
      .filter((path) => !copied.some((rest) => rest.includes(`--from=build ${path} `)))
      .map((path) => `COPY: expected ${path} in the last stage`),
    ...(labels.some((rest) => rest.includes(`image.version="${product.version}"`)) ? [] : ['LABEL: another version']),
    ...variableFaults('ENV', variables, product),
  ];
}
