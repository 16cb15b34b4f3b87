import type { Environment } from '../platform/environment';
import { TickwireError } from '../platform/errors';
import { type Metrics, silentMetrics } from '../platform/metrics';
import { faultOf, outgoingRulesOf } from '../platform/outgoing-url';
import { openProviderGuards } from './guarded-call';
import { guardHistory } from './guarded-history';
import { guardNews } from './guarded-news';
import { guardSource } from './guarded-source';
import { PROVIDERS } from './index';
import type {
  HistorySource,
  NewsSource,
  ProviderDefinition,
  ProviderHealth,
  Providers,
  QuoteSource,
  TakeQuota,
} from './provider';
import { localQuota, quotaWithStandIn } from './quota';
import { cleanOf } from './redaction';

export { localQuota } from './quota';

export interface OpenProvidersOptions {
  readonly environment: Environment;
  /** Where it rejects, this process's own quotas stand in. */
  readonly takeQuota: TakeQuota;
  readonly definitions?: readonly ProviderDefinition[];
  readonly metrics?: Metrics;
}

/**
 * Longest wait of a history call for the quota: over a full bucket of a minute, so that a load of many pages goes on with the next minute, and short of a
 * full bucket of a day, which is told to the caller. Quotes and news wait no longer than a call may take: they are asked for again anyway.
 */
const HISTORY_PATIENCE_MS = 120_000;

type Kind = 'quotes' | 'history' | 'news';
const NAMES: Readonly<Record<Kind, string>> = { quotes: 'current prices', history: 'history', news: 'news' };

/**
 * The registry against an environment. Nothing is opened before its first use, and each provider once for each kind.
 * @throws CONFIG_INVALID naming every `*_BASE_URL` of a provider that is no address which may be asked.
 */
export function openProviders(options: OpenProvidersOptions): Providers {
  const { environment, takeQuota, definitions = PROVIDERS, metrics = silentMetrics } = options;
  refuseFaultyAddresses(definitions, environment);
  const quota = quotaWithStandIn(takeQuota, localQuota());
  const known = definitions.map((definition) => ({
    ...definition,
    missing: missingOf(definition, environment),
    opened: openOnUse(definition, environment, { takeQuota: quota, metrics }),
  }));
  const find = (name: string) => findDefinition(known, name);
  const having = (kind: Kind) => known.filter(({ opened }) => opened[kind]).map(({ name }) => name);
  const use = <K extends Kind>(name: string, kind: K): NonNullable<OpenedProvider[K]> => {
    const definition = find(name);
    const open = definition.opened[kind];
    if (!open) throw hasNone(definition.name, kind, having(kind));
    refuseMissing(definition, definition.missing);
    return open;
  };

  return {
    nameOf: (name) => find(name).name,
    source: (name) => use(name, 'quotes')(),
    history: (name) => use(name, 'history')(),
    news: (name) => use(name, 'news')(),
    having: (kind) => having(kind).filter((name) => find(name).missing.length === 0),
    volumeIsTraded: (name) => known.some((one) => one.name === name && one.volumeIsTraded),
    maxSymbolsPerCall: (name) => find(name).maxSymbolsPerCall,
    health: () =>
      known.map(({ name, title, missing, opened }) => ({
        name,
        title,
        configured: missing.length === 0,
        missing,
        breaker: opened.breaker(),
      })),
  };
}

function refuseFaultyAddresses(definitions: readonly ProviderDefinition[], environment: Environment): void {
  const rules = outgoingRulesOf(environment);
  const names = definitions.flatMap(({ variables }) => variables.map(({ name }) => name));
  const faults = names.flatMap((name) => {
    const text = name.endsWith('_BASE_URL') ? environment[name] : undefined;
    const fault = text === undefined ? undefined : faultOf(text, rules);
    return fault ? [`${name}: ${fault}`] : [];
  });
  if (faults.length > 0) throw new TickwireError('CONFIG_INVALID', faults.join('; '));
}

/** What one provider opens to, where it has it: each on first use and once, all behind the same guards. */
interface OpenedProvider {
  readonly quotes: (() => QuoteSource) | undefined;
  readonly history: (() => HistorySource) | undefined;
  readonly news: (() => NewsSource) | undefined;
  breaker(): ProviderHealth['breaker'];
}

function openOnUse(
  definition: ProviderDefinition,
  environment: Environment,
  { takeQuota, metrics }: { takeQuota: TakeQuota; metrics: Metrics },
): OpenedProvider {
  const { name, timeoutMs, maxSymbolsPerCall, variables, open, openHistory, openNews } = definition;
  const { callWithin, breaker } = openProviderGuards(definition, takeQuota, metrics);
  const call = callWithin(timeoutMs);
  const historyCall = callWithin(HISTORY_PATIENCE_MS);
  const clean = cleanOf(variables.flatMap((variable) => (variable.secret ? (environment[variable.name] ?? []) : [])));

  return {
    quotes: open && once(() => guardSource({ name, maxSymbolsPerCall, source: open(environment), call, clean })),
    history: openHistory && once(() => guardHistory({ name, source: openHistory(environment, historyCall), clean })),
    news: openNews && once(() => guardNews({ name, source: openNews(environment, call), clean })),
    breaker,
  };
}

/** A failed opening is tried again. */
function once<T>(open: () => T): () => T {
  let opened: { readonly value: T } | undefined;
  return () => {
    opened ??= { value: open() };
    return opened.value;
  };
}

function missingOf({ variables }: ProviderDefinition, environment: Environment): readonly string[] {
  return variables.filter(({ name, required }) => required && environment[name] === undefined).map(({ name }) => name);
}

function findDefinition<Known extends ProviderDefinition>(definitions: readonly Known[], name: string): Known {
  const found = definitions.find((definition) => definition.name === name || definition.aliases.includes(name));
  if (found) return found;
  const known = definitions.flatMap((definition) => [definition.name, ...definition.aliases]).join(', ');
  throw new TickwireError(
    'PROVIDER_UNKNOWN',
    `provider: expected one of ${known}, got ${JSON.stringify(name.slice(0, 40))}`,
  );
}

function hasNone(name: string, kind: Kind, others: readonly string[]): TickwireError {
  const expected = others.length > 0 ? `expected one of ${others.join(', ')}` : 'and no other has';
  return new TickwireError('INVALID_INPUT', `provider: ${name} has no ${NAMES[kind]}; ${expected}`);
}

function refuseMissing({ name, variables }: ProviderDefinition, missing: readonly string[]): void {
  if (missing.length === 0) return;
  const wanted = variables
    .filter((variable) => missing.includes(variable.name))
    .map((variable) => `${variable.name} (${variable.purpose})`);
  throw new TickwireError('PROVIDER_NOT_CONFIGURED', `provider ${name} is not configured: set ${wanted.join(' and ')}`);
}
