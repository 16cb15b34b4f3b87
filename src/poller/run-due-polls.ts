import { closedUntil } from '../domain/market-hours';
import type { ClaimedPoll, PollFailure, PollOutcome } from '../domain/poll-job';
import { type IngestDependencies, ingest } from '../ingest/ingest';
import { boundedSignal } from '../platform/clock';
import { toTickwireError } from '../platform/errors';
import { silentMetrics } from '../platform/metrics';
import { currentSpan, inSpan } from '../platform/trace';
import type { Providers, Quote } from '../providers/provider';
import { tellClaimed, tellEnded } from './poll-metrics';

/** How long a claim keeps others off a job. */
const LEASE_SECONDS = 60;
/** How long a fetch of all symbols of a provider may take: it must end well within the lease. */
const FETCH_DEADLINE_MS = 45_000;
/** Jobs claimed at one tick; what is left is claimed at the next. */
const CLAIM_LIMIT = 200;

export interface PollerDependencies extends IngestDependencies {
  readonly providers: Providers;
  /** Names this poller in the lease. */
  readonly owner: string;
}

/** What a fetch gave, whether it came from the provider or never got there. */
interface FetchedBatch {
  readonly quotes: readonly Pick<Quote, 'symbol'>[];
  readonly failures: readonly PollFailure[];
  /** Settles when the events are on the topic, or left to the outbox. */
  readonly published?: Promise<unknown>;
}

/**
 * Claims what is due and fetches it: jobs of one provider that fall due together share their calls. Resolves when every claimed run has its outcome, with
 * the number of runs. @throws STORE_UNAVAILABLE when nothing could be claimed.
 */
export async function runDuePolls(dependencies: PollerDependencies, signal: AbortSignal): Promise<number> {
  const claim = { owner: dependencies.owner, leaseSeconds: LEASE_SECONDS, limit: CLAIM_LIMIT };
  const claimed = await dependencies.store.pollJobs.claimDue(claim);
  for (const run of claimed) tellClaimed(dependencies.metrics ?? silentMetrics, run, dependencies.clock());
  const closed = claimed.flatMap((run) => closedMarketOf(run, dependencies.clock()));
  const open = claimed.filter((run) => !closed.some((one) => one.run === run));
  await Promise.all(closed.map(({ run, resumeAt }) => skip(dependencies, run, resumeAt)));
  const providers = new Set(open.map((run) => run.provider));
  await Promise.all(
    [...providers].map((provider) => {
      const runs = open.filter((run) => run.provider === provider);
      return pollProvider(dependencies, provider, runs, signal);
    }),
  );
  return claimed.length;
}

/** A run that is not to be made while the market is closed, and when it opens; none for every other. */
function closedMarketOf(run: ClaimedPoll, now: Date): { run: ClaimedPoll; resumeAt: Date }[] {
  const resumeAt = run.marketHoursOnly ? closedUntil(run.symbols, now) : undefined;
  return resumeAt ? [{ run, resumeAt }] : [];
}

/** Nothing is fetched, and the job's next tick is the first after the opening. Never rejects. */
async function skip(
  { store, log, metrics = silentMetrics }: PollerDependencies,
  run: ClaimedPoll,
  resumeAt: Date,
): Promise<void> {
  const fields = { jobId: run.jobId, runId: run.runId, provider: run.provider, resumeAt };
  try {
    await store.pollJobs.completeRun(run, { outcome: 'skipped', quotes: 0, failures: [], resumeAt });
    log.info(fields, 'market closed, run skipped');
    tellEnded(metrics, run, 'skipped');
  } catch (error) {
    tellEnded(metrics, run, 'lost');
    log.warn({ ...fields, error: toTickwireError(error).message }, 'outcome not stored; the lease will run out');
  }
}

/** One fetch for all runs of a provider, one row in the outbox, one outcome for each run. Never rejects. */
async function pollProvider(
  dependencies: PollerDependencies,
  provider: string,
  runs: readonly ClaimedPoll[],
  signal: AbortSignal,
): Promise<void> {
  const attributes = { 'tickwire.provider': provider, 'tickwire.polling_run.ids': runs.map(({ runId }) => runId) };
  await inSpan('poll', { attributes }, async () => {
    const batch = await fetchAndIngest(dependencies, provider, runs, signal);
    for (const run of runs) await complete(dependencies, run, batch);
    // After the outcomes: a broker that takes its time must not keep the jobs from their next tick.
    await batch.published;
  });
}

async function fetchAndIngest(
  dependencies: PollerDependencies,
  provider: string,
  runs: readonly ClaimedPoll[],
  signal: AbortSignal,
): Promise<FetchedBatch> {
  const symbols = [...new Set(runs.flatMap((run) => run.symbols))];
  const deadline = boundedSignal(signal, FETCH_DEADLINE_MS);
  try {
    const batch = await dependencies.providers.source(provider).fetchQuotes(symbols, deadline.signal);
    const cause = { requestId: runs[0]?.requestId ?? null, pollingRunId: runs[0]?.runId ?? null };
    const { events, published } = await ingest(dependencies, provider, batch, cause);
    for (const { eventId } of events) dependencies.log.debug({ eventId, provider }, 'fetched');
    return { ...batch, published };
  } catch (error) {
    const { code, message } = toTickwireError(error);
    currentSpan().fail(code);
    dependencies.log.warn({ provider, symbols: symbols.length, code, error: message }, 'poll failed');
    return { quotes: [], failures: symbols.map((symbol) => ({ symbol, code, detail: message })) };
  } finally {
    deadline.release();
  }
}

async function complete(dependencies: PollerDependencies, run: ClaimedPoll, batch: FetchedBatch): Promise<void> {
  const { store, log, metrics = silentMetrics } = dependencies;
  const symbols = new Set(run.symbols);
  const quotes = batch.quotes.filter((quote) => symbols.has(quote.symbol)).length;
  const failures = batch.failures.filter((failure) => symbols.has(failure.symbol)).map(failureOf);
  const outcome = outcomeOf(quotes, failures.length);
  const fields = { jobId: run.jobId, runId: run.runId, requestId: run.requestId, provider: run.provider, outcome };
  try {
    const kept = await store.pollJobs.completeRun(run, { outcome, quotes, failures });
    tellEnded(metrics, run, kept ? outcome : 'lost');
    if (!kept) return log.warn(fields, 'run completed after its lease was lost');
    log.info({ ...fields, quotes, failures: failures.length, missedTicks: run.missedTicks }, 'run completed');
  } catch (error) {
    tellEnded(metrics, run, 'lost');
    log.warn({ ...fields, error: toTickwireError(error).message }, 'outcome not stored; the lease will run out');
  }
}

function failureOf({ symbol, code, detail }: PollFailure): PollFailure {
  return { symbol, code, detail };
}

function outcomeOf(quotes: number, failures: number): PollOutcome {
  if (failures === 0) return 'succeeded';
  return quotes > 0 ? 'partial' : 'failed';
}
