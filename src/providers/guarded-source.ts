import { accountForEach, failEach } from './exactly-one';
import type { GuardedCall, QuoteBatch, QuoteSource } from './provider';
import { type Clean, redact } from './redaction';

/** One provider's source, the guards its calls go through, and how its texts are cleaned of secrets. */
export interface GuardedSourceOptions {
  readonly name: string;
  readonly maxSymbolsPerCall: number;
  readonly source: QuoteSource;
  readonly call: GuardedCall;
  readonly clean: Clean;
}

/** Calls of one fetch that are under way at once; the rate limits of a provider hold beside it. */
const CONCURRENT_CALLS = 8;

/**
 * Makes a source keep the promises of the port whatever its vendor does: splits into calls, accounts for each symbol once, lets no secret out and sends every
 * call through the guards. `raw` is the vendor's answer of a fetch of one call, and `[{symbols, answer}, …]` of more.
 */
export function guardSource({ name, maxSymbolsPerCall, source, call, clean }: GuardedSourceOptions): QuoteSource {
  const ask = (symbols: readonly string[], signal: AbortSignal) =>
    call((ending) => source.fetchQuotes(symbols, ending), signal)
      .then((batch) => accountForEach(name, symbols, batch))
      .catch((error: unknown) => failEach(name, symbols, error))
      .then((batch) => redact(batch, clean));

  return {
    fetchQuotes: async (symbols, signal) => {
      const calls = splitIntoCalls([...new Set(symbols)], maxSymbolsPerCall);
      return joinAnswers(calls, await mapConcurrently(calls, (each) => ask(each, signal)));
    },
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
