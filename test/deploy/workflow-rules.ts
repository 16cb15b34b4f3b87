import { type DeployedProduct, imageFaults } from './deployed-product';
import { listOf, mapOf, parseYamlMap, textOf, type YamlMap } from './yaml-text';

/** What is wrong with a workflow, in sentences. `exists` tells whether a path of the project is there. */
export function workflowFaults(
  text: string,
  { product, exists }: { product: DeployedProduct; exists: (path: string) => boolean },
): string[] {
  const workflow = parseYamlMap(text);
  const jobs = Object.entries(mapOf(workflow.jobs)).map(([name, value]) => ({ name, of: mapOf(value) }));
  const isReadOnly = JSON.stringify(workflow.permissions) === '{"contents":"read"}';
  return [
    ...(isReadOnly ? [] : ['permissions: expected to read the contents and nothing else, until a job says more']),
    ...('concurrency' in workflow ? [] : ['concurrency: expected a group']),
    ...('pull_request_target' in mapOf(workflow.on) ? ['on: expected no strangers with our permissions'] : []),
    ...jobs.flatMap(({ name, of }) => [
      ...('uses' in of || /^\d+$/.test(textOf(of['timeout-minutes'])) ? [] : [`${name}: expected a timeout`]),
      ...usedFaults(name, [of, ...listOf(of.steps).map(mapOf)]),
      ...listOf(of.steps).flatMap((step) => stepFaults(name, mapOf(step), { product, exists })),
      ...Object.values(mapOf(of.services)).flatMap((service) => serviceFaults(name, mapOf(service))),
    ]),
    ...versionFaults(text, product),
  ];
}

/** Nodes that the tests run on. */
export function testedNodes(text: string): string[] {
  const test = mapOf(mapOf(parseYamlMap(text).jobs).test);
  return listOf(mapOf(mapOf(test.strategy).matrix).node).map(textOf);
}

function usedFaults(job: string, users: readonly YamlMap[]): string[] {
  return users
    .flatMap(({ uses }) => (uses === undefined ? [] : [textOf(uses)]))
    .filter((used) => !/^\.\/|@v\d+(\.\d+)*$/.test(used))
    .map((used) => `${job}: expected an action of a version, got ${used}`);
}

function stepFaults(
  job: string,
  step: YamlMap,
  { product, exists }: { product: DeployedProduct; exists: (path: string) => boolean },
): string[] {
  const run = textOf(step.run);
  const commands = [...run.matchAll(/npm (?:run )?(?:-s )?(test|check|build|bench)\b/g)].map(([, name = '']) => name);
  const paths = [...run.matchAll(/(?:test|deploy)\/[\w./-]+/g)].map(([path]) => path);
  const keepsLogin =
    textOf(step.uses).startsWith('actions/checkout') && mapOf(step.with)['persist-credentials'] !== 'false';
  return [
    ...(/\$\{\{/.test(run) ? [`${job}: expected variables in place of expressions in \`${run}\``] : []),
    ...(keepsLogin ? [`${job}: expected a checkout that keeps no login`] : []),
    ...commands.filter((name) => !product.commands.has(name)).map((name) => `${job}: no command ${name}`),
    ...paths.filter((path) => !exists(path)).map((path) => `${job}: expected ${path} to be there`),
  ];
}

function serviceFaults(job: string, service: YamlMap): string[] {
  const image = textOf(service.image).replace(/\$\{\{.*\}\}/, '1');
  const open = listOf(service.ports)
    .map(textOf)
    .filter((port) => !port.startsWith('127.0.0.1:'));
  return [...imageFaults(job, image), ...open.map((port) => `${job}: expected a port of 127.0.0.1, got ${port}`)];
}

function versionFaults(text: string, { version }: DeployedProduct): string[] {
  return [...text.matchAll(/tickwire:(\d[\w.]*)/g)]
    .filter(([, tag]) => tag !== version)
    .map(([image]) => `expected version ${version}, got ${image}`);
}
