import { type IngestDependencies, PUBLISH_GRACE_SECONDS, publishAndMark } from '../ingest/ingest';
import { inSpan } from '../platform/trace';

/** Rows taken from the outbox at once. */
const CLAIM_LIMIT = 100;

/**
 * Publishes what a dead process or an absent broker left in the outbox, oldest first: the same events under the same ids. Returns how many rows were
 * published; stops at the first that could not be, since the next will fare no better. @throws STORE_UNAVAILABLE.
 */
export async function republish(
  dependencies: Pick<IngestDependencies, 'store' | 'bus' | 'log' | 'metrics'>,
  signal: AbortSignal,
): Promise<number> {
  let published = 0;
  while (!signal.aborted) {
    const waiting = await dependencies.store.rawResponses.claimUnpublished(CLAIM_LIMIT, PUBLISH_GRACE_SECONDS);
    for (const { id, events, requestId } of waiting) {
      const again = () => publishAndMark(dependencies, id, events, requestId);
      if (!(await inSpan('republish', { attributes: { 'tickwire.raw_response.id': id } }, again))) return published;
      published += 1;
    }
    if (waiting.length < CLAIM_LIMIT) break;
  }
  if (published > 0) dependencies.log.info({ rows: published }, 'published what was left in the outbox');
  return published;
}
