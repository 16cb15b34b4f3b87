import { messageOf } from '../platform/errors';
import type { Answer } from './answer';
import type { ApiContext } from './context';
import { problemOf } from './errors';
import type { Exchange, RawRequest, Route } from './route';

/**
 * Runs a route; where it changes something, its entry is in the audit log before it begins. What cannot be written down is not done: then STORE_UNAVAILABLE is
 * thrown. The outcome is added afterwards; an entry that never gets one tells of a process that died over it, or of a database that went away.
 */
export async function runAudited(
  route: Route,
  request: RawRequest,
  { context, exchange }: { context: ApiContext; exchange: Exchange },
): Promise<Answer> {
  const { audit: action } = route;
  if (action === undefined) return route.run(request, context, exchange);
  const { requestId, address, caller } = exchange;
  const target = namedIn(request.params);
  const auditId = await context.store.auditLog.begin({ keyId: caller.keyId, action, target, requestId, address });
  const settle = ({ status, target: made }: Answer) =>
    context.store.auditLog
      .settle(auditId, { status, target: made ?? null })
      .catch((error: unknown) =>
        context.log.error(
          { requestId, auditId, status, error: messageOf(error) },
          'the outcome of a change was not noted',
        ),
      );
  try {
    const answer = await route.run(request, context, exchange);
    await settle(answer);
    return answer;
  } catch (error) {
    await settle(problemOf(error, requestId));
    throw error;
  }
}

/** Anything else in a path names nothing there is. */
const NAME = /^[\x20-\x7e]{1,64}$/;

/** What the path names: a job, a key, a symbol. */
function namedIn(params: unknown): string | null {
  const [named] = typeof params === 'object' && params !== null ? Object.values(params) : [];
  return typeof named === 'string' && NAME.test(named) ? named : null;
}
