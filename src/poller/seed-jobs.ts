import type { PollConfig, PollJob } from '../domain/poll-job';
import { symbolSchema } from '../domain/symbol';
import { TickwireError } from '../platform/errors';
import type { Log } from '../platform/log';
import type { Store } from '../store/store';

/** A list of symbols in a variable, to be polled as long as it stands there. */
export interface SeedList {
  /** `SYMBOLS` or `TICKERS`. */
  readonly variable: string;
  readonly symbols: readonly string[];
  readonly intervalSeconds: number;
}

/** A job takes at most this many symbols; a longer list becomes several jobs. */
const SYMBOLS_PER_JOB = 100;

/**
 * Makes polling jobs of the lists in the environment, once however often and however many processes start. A list that changed since changes its job.
 * @throws CONFIG_INVALID for what is no symbol.
 */
export async function seedJobs(
  { store, log }: { store: Store; log: Log },
  lists: readonly SeedList[],
  provider: string,
): Promise<void> {
  for (const { variable, symbols, intervalSeconds } of lists) {
    const parsed = symbols.map((symbol) => parseSymbol(symbol, variable));
    for (let from = 0; from < parsed.length; from += SYMBOLS_PER_JOB) {
      const config = { symbols: parsed.slice(from, from + SYMBOLS_PER_JOB), intervalSeconds, provider };
      const job = await seed(store, `seed:${variable}:${provider}:${from}`, config);
      log.info({ jobId: job.jobId, variable, symbols: config.symbols.length, intervalSeconds }, 'polling job seeded');
    }
  }
}

async function seed(store: Store, idempotencyKey: string, config: PollConfig): Promise<PollJob> {
  const created = await store.pollJobs.create(config, { idempotencyKey });
  if (created.outcome !== 'conflict') return created.job;
  const { symbols, intervalSeconds } = config;
  return (await store.pollJobs.update(created.job.jobId, { symbols, intervalSeconds })) ?? created.job;
}

function parseSymbol(text: string, variable: string): string {
  const parsed = symbolSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new TickwireError(
    'CONFIG_INVALID',
    `${variable}: ${parsed.error.issues[0]?.message}, got ${JSON.stringify(text.slice(0, 40))}`,
  );
}
