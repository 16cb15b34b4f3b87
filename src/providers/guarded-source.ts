import type { Environment } from '../platform/environment';
import { openBreaker } from './breaker';
import { withDeadline } from './deadline';
import { accountForEach, failEach } from './exactly-one';
import type { ProviderDefinition, ProviderHealth, QuoteBatch, QuoteSource, TakeQuota } from './provider';
import { takeEveryBucket } from './quota';
import { redact } from './redaction';
import { openVendorPause } from './vendor-pause';

/** A source that keeps the promises of the port whatever its vendor does. */
export interface GuardedSource extends QuoteSource {
  breaker(): ProviderHealth['breaker'];
}

export interface GuardOptions {
  readonly definition: ProviderDefinition;
  readonly environment: Environment;
  readonly takeQuota: TakeQuota;
}

/** Calls of one fetch that are under way at once; the rate limits of a provider hold beside it. */
const CONCURRENT_CALLS = 8;

/**
 * Opens a provider and puts around it, from the outside in: splitting into calls, one account for each symbol and no secrets, a refusal while the vendor's
 * pause or an open circuit lasts (before the quota, so that none is spent on a call not made), every bucket of the quota, the circuit breaker,
 * the vendor's pause, the deadline of a call. `raw` is the vendor's answer of a fetch of one call, and `[{symbols, answer}, …]` of more.
 */
export function openGuardedSource({ definition, environment, takeQuota }: GuardOptions): GuardedSource {
  const { name, limits, timeoutMs, maxSymbolsPerCall } = definition;
  const source = definition.open(environment);
  const secrets = definition.variables.flatMap((variable) =>
    variable.secret ? (environment[variable.name] ?? []) : [],
  );
  const vendorPause = openVendorPause(name);
  const breaker = openBreaker(name, (symbols, signal) =>
    vendorPause.heed(() =>
      withDeadline({ vendor: name, timeoutMs, signal }, (ending) => source.fetchQuotes(symbols, ending)),
    ),
  );

  const call = async (symbols: readonly string[], signal: AbortSignal): Promise<QuoteBatch> => {
    vendorPause.refuse();
    breaker.refuse();
    await withDeadline({ vendor: name, timeoutMs: 2 * timeoutMs, signal }, (ending) =>
      takeEveryBucket({ provider: name, limits, takeQuota, patienceMs: timeoutMs, signal: ending }),
    );
    vendorPause.refuse();
    return breaker.fetchQuotes(symbols, signal);
  };
  const ask = (symbols: readonly string[], signal: AbortSignal) =>
    call(symbols, signal)
      .then((batch) => accountForEach(name, symbols, batch))
      .catch((error: unknown) => failEach(name, symbols, error))
      .then((batch) => redact(batch, secrets));

  return {
    fetchQuotes: async (symbols, signal) => {
      const calls = splitIntoCalls([...new Set(symbols)], maxSymbolsPerCall);
      return joinAnswers(calls, await mapConcurrently(calls, (each) => ask(each, signal)));
    },
    breaker: () => (vendorPause.isOver() ? breaker.state() : 'open'),
  };
}

function splitIntoCalls(symbols: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(symbols.length / size) }, (_, index) =>
    symbols.slice(index * size, (index + 1) * size),
  );
}

async function mapConcurrently<Item, Result>(items: Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENT_CALLS, items.length) }, worker));
  return results;
}

function joinAnswers(calls: readonly (readonly string[])[], batches: readonly QuoteBatch[]): QuoteBatch {
  const answers = batches.map(({ raw }, index) => ({ symbols: calls[index], answer: raw }));
  return {
    raw: answers.length > 1 ? answers : (batches[0]?.raw ?? null),
    quotes: batches.flatMap(({ quotes }) => quotes),
    failures: batches.flatMap(({ failures }) => failures),
  };
}
