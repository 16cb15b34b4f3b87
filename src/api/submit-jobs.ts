import { randomUUID } from 'node:crypto';
import type { Caller } from '../domain/access';
import type { ModelJob } from '../domain/model-job';
import { findMissingHistory } from '../history/load-adjusted-bars';
import { JOB_PUBLISH_GRACE_SECONDS, publishJobs } from '../jobs/jobs';
import type { HistoryNeed, ModelDefinition } from '../models/model';
import { TickwireError } from '../platform/errors';
import type { ApiContext } from './context';
import { ownIdempotencyKey } from './ownership';

/** One validated submission. */
export interface WantedJob {
  readonly model: ModelDefinition;
  /** As the model's own schema gave them: defaults filled in. */
  readonly params: unknown;
  /** Where it stands in the request, for messages; empty where the request is one job. */
  readonly path: string;
}

/** Needs that are looked up at once. */
const LOOKUPS_AT_ONCE = 10;

/**
 * Stores jobs, all or none, and sends their messages after the answer: a broker that is away delays nothing but the moment they begin.
 * @throws SYMBOL_UNKNOWN or HISTORY_MISSING when the history that a job asks for cannot be there; CONFLICT for an idempotency key of other jobs.
 */
export async function submitJobs(
  context: ApiContext,
  wanted: readonly WantedJob[],
  { idempotencyKey, requestId, caller }: { idempotencyKey: string | undefined; requestId: string; caller: Caller },
): Promise<readonly ModelJob[]> {
  await checkHistory(context, wanted);
  const { store, clock } = context;
  const { outcome, jobs } = await store.modelJobs.create(
    wanted.map(({ model, params }) => ({
      jobId: randomUUID(),
      model: model.name,
      params: objectOf(params),
      requestId,
      owner: caller.keyId,
    })),
    { idempotencyKey: ownIdempotencyKey(caller, idempotencyKey), graceSeconds: JOB_PUBLISH_GRACE_SECONDS },
  );
  if (outcome === 'conflict') {
    const detail = `Idempotency-Key: ${idempotencyKey} belongs to job ${jobs[0]?.jobId}, which was another submission`;
    throw new TickwireError('CONFLICT', detail);
  }
  if (outcome === 'created') void publishJobs(context, jobs, clock());
  return jobs;
}

async function checkHistory({ store }: ApiContext, wanted: readonly WantedJob[]): Promise<void> {
  const needs = new Map<string, { need: HistoryNeed; path: string }>();
  for (const { model, params, path } of wanted) {
    const need = model.historyOf(params);
    const key = JSON.stringify([need?.symbols, need?.start, need?.end]);
    if (need && !needs.has(key)) needs.set(key, { need, path });
  }
  const looks = [...needs.values()];
  for (let from = 0; from < looks.length; from += LOOKUPS_AT_ONCE) {
    const some = looks.slice(from, from + LOOKUPS_AT_ONCE);
    await Promise.all(
      some.map(async ({ need, path }) => {
        const [missing] = await findMissingHistory(store, need);
        if (missing) throw new TickwireError(missing.code, `${path}${missing.detail}`);
      }),
    );
  }
}

function objectOf(params: unknown): Readonly<Record<string, unknown>> {
  return typeof params === 'object' && params !== null ? Object.fromEntries(Object.entries(params)) : {};
}
