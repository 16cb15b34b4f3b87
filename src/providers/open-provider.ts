import type { Environment } from '../platform/environment';
import { TickwireError } from '../platform/errors';
import { type GuardedSource, openGuardedSource } from './guarded-source';
import { PROVIDERS } from './index';
import type { ProviderDefinition, Providers, TakeQuota } from './provider';
import { localQuota, quotaWithStandIn } from './quota';

export { localQuota } from './quota';

export interface OpenProvidersOptions {
  readonly environment: Environment;
  /** Where it rejects, this process's own quotas stand in. */
  readonly takeQuota: TakeQuota;
  readonly definitions?: readonly ProviderDefinition[];
}

/** The registry against an environment. Nothing is opened before its first use, and each provider once. */
export function openProviders({ environment, takeQuota, definitions = PROVIDERS }: OpenProvidersOptions): Providers {
  const opened = new Map<string, GuardedSource>();
  const quota = quotaWithStandIn(takeQuota, localQuota());
  const missingOf = ({ variables }: ProviderDefinition) =>
    variables.filter(({ name, required }) => required && environment[name] === undefined).map(({ name }) => name);
  const find = (name: string) => findDefinition(definitions, name);
  const open = (definition: ProviderDefinition) => {
    refuseMissing(definition, missingOf(definition));
    const source = openGuardedSource({ definition, environment, takeQuota: quota });
    opened.set(definition.name, source);
    return source;
  };

  return {
    nameOf: (name) => find(name).name,
    source: (name) => {
      const definition = find(name);
      return opened.get(definition.name) ?? open(definition);
    },
    maxSymbolsPerCall: (name) => find(name).maxSymbolsPerCall,
    health: () =>
      definitions.map((definition) => ({
        name: definition.name,
        title: definition.title,
        configured: missingOf(definition).length === 0,
        missing: missingOf(definition),
        breaker: opened.get(definition.name)?.breaker() ?? 'closed',
      })),
  };
}

function findDefinition(definitions: readonly ProviderDefinition[], name: string): ProviderDefinition {
  const found = definitions.find((definition) => definition.name === name || definition.aliases.includes(name));
  if (found) return found;
  const known = definitions.flatMap((definition) => [definition.name, ...definition.aliases]).join(', ');
  throw new TickwireError(
    'PROVIDER_UNKNOWN',
    `provider: expected one of ${known}, got ${JSON.stringify(name.slice(0, 40))}`,
  );
}

function refuseMissing({ name, variables }: ProviderDefinition, missing: readonly string[]): void {
  if (missing.length === 0) return;
  const wanted = variables
    .filter((variable) => missing.includes(variable.name))
    .map((variable) => `${variable.name} (${variable.purpose})`);
  throw new TickwireError('PROVIDER_NOT_CONFIGURED', `provider ${name} is not configured: set ${wanted.join(' and ')}`);
}
