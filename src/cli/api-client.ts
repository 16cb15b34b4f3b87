import { createClient, type TickwireClient } from '../client';
import { parseKey } from '../domain/api-key';
import { TickwireError } from '../platform/errors';

/** How long an answer may take: longer than any provider is given. */
const TIMEOUT_MS = 30_000;

/** Answers that may last as long as they like once they have begun. */
const STREAMS: readonly (string | null)[] = ['text/event-stream', 'application/x-ndjson'];

/** The variable whose key goes with every call. Never an option: the options of a process can be read by everybody on the machine. */
export const API_KEY_VARIABLE = 'TICKWIRE_API_KEY';

export interface ApiAddress {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
}

/**
 * The client of the API at `baseUrl`; every request ends when `signal` aborts. It throws, besides what the client does, ENGINE_UNAVAILABLE when the API does not
 * answer, and TIMEOUT. @throws CONFIG_INVALID, which does not tell it, where `apiKey` is no key.
 */
export function openApiClient({ baseUrl, apiKey }: ApiAddress, signal: AbortSignal): TickwireClient {
  if (apiKey !== undefined && !parseKey(apiKey)) {
    throw new TickwireError(
      'CONFIG_INVALID',
      `${API_KEY_VARIABLE}: expected a key as \`tickwire keys create\` prints it`,
    );
  }
  return createClient({
    baseUrl,
    apiKey,
    fetch: async (request) => {
      const deadline = deadlineOf(request);
      try {
        return await fetch(request, { signal: AbortSignal.any([signal, request.signal, deadline.signal]) });
      } catch (cause) {
        throw noAnswer(baseUrl, cause);
      } finally {
        deadline.headersCame();
      }
    },
  });
}

/** For all of an answer, or for the beginning of a stream. */
function deadlineOf({ headers }: Request): { readonly signal: AbortSignal; headersCame(): void } {
  if (!STREAMS.includes(headers.get('accept'))) {
    return { signal: AbortSignal.timeout(TIMEOUT_MS), headersCame: () => undefined };
  }
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DOMException('too late', 'TimeoutError')), TIMEOUT_MS);
  return { signal: deadline.signal, headersCame: () => clearTimeout(timer) };
}

function noAnswer(baseUrl: string, cause: unknown): TickwireError {
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    const message = `the API at ${baseUrl} did not answer within ${TIMEOUT_MS / 1000} s`;
    return new TickwireError('TIMEOUT', message, { cause });
  }
  const message = `the API at ${baseUrl} does not answer; start it with \`npm start\`, or give --api URL`;
  return new TickwireError('ENGINE_UNAVAILABLE', message, { cause });
}
