import YahooFinance from 'yahoo-finance2';
import { ExtendedCookieJar } from 'yahoo-finance2/lib/cookieJar';
import { getCrumbClear } from 'yahoo-finance2/lib/getCrumb';
import type { Environment } from '../platform/environment';
import {
  type AskVendor,
  baseUrlOf,
  below,
  openVendorHttp,
  type RefusalRules,
  refuseStatus,
  type VendorAnswer,
} from './vendor-http';

/** How long one call may take. */
export const YAHOO_TIMEOUT_MS = 10_000;

/** Yahoo publishes no limits and shuts callers out for long: after a 429 nothing is asked for at least this long. */
const PAUSE_MS = 15 * 60 * 1000;

/** How Yahoo says no. */
export const YAHOO_RULES: RefusalRules = { pauseMs: (askedMs = 0) => Math.max(askedMs, PAUSE_MS) };

type Client = InstanceType<typeof YahooFinance>;
/** What each call of the package is given. */
interface CallOptions {
  readonly validateResult: false;
  readonly fetch: typeof fetch;
}

/** One question to Yahoo. */
export interface YahooQuestion {
  /** How the path of the endpoint starts; requests elsewhere are the package's own, for cookie and crumb. */
  readonly path: string;
  /**
   * The body of an answer. Sees it before the package does, which prints the address of a refused one and quotes a body that is no JSON.
   * @throws what the answer stands for.
   */
  readonly read: (answer: VendorAnswer) => unknown;
  readonly signal: AbortSignal;
}

/** The package with a cookie and a crumb of its own. */
export interface YahooSession {
  /** What `read` made of the answer to the request that `work` has the package make; what the package itself makes of it does not matter. */
  ask(question: YahooQuestion, work: (client: Client, options: CallOptions) => Promise<unknown>): Promise<unknown>;
}

/** @throws PROVIDER_NOT_CONFIGURED when `YFINANCE_BASE_URL` is no address. */
export function openYahooSession(environment: Environment): YahooSession {
  const base = environment.YFINANCE_BASE_URL ? baseUrlOf(environment, 'YFINANCE_BASE_URL', '') : undefined;
  const askVendor = openVendorHttp('yfinance', environment);
  const cookieJar = new ExtendedCookieJar();
  const client = new YahooFinance({ cookieJar, logger: SILENT, versionCheck: false });

  return {
    ask: async (question, work) => {
      let told: { readonly body: unknown } | undefined;
      const fetch = fetchThrough({ askVendor, base }, question, (answer) => {
        told = { body: question.read(answer) };
      });
      try {
        await work(client, { validateResult: false, fetch });
      } catch (error) {
        if (told) return told.body;
        // Whatever went wrong may be a crumb gone stale, which the package would keep for the life of the process.
        if (!question.signal.aborted) await getCrumbClear(cookieJar);
        throw error;
      }
      return told?.body ?? null;
    },
  };
}

const SILENT = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  debug: () => undefined,
  dir: () => undefined,
};

/**
 * The package's way to the network, also for each of its redirects, which it follows itself. Requests for cookie and crumb have a limit of time of their own: all calls that wait share them, and one that
 * gives up must not take them from the others.
 */
function fetchThrough(
  { askVendor, base }: { readonly askVendor: AskVendor; readonly base: URL | undefined },
  { path, signal }: YahooQuestion,
  answered: (answer: VendorAnswer) => void,
): typeof fetch {
  return async (input, init) => {
    const asked = new URL(input instanceof Request ? input.url : input);
    const isQuestion = asked.pathname.startsWith(path);
    const url = base ? below(base, asked.pathname + asked.search) : asked;
    const ending = isQuestion ? signal : AbortSignal.timeout(YAHOO_TIMEOUT_MS);
    const answer = await askVendor(url, {
      method: init?.method,
      headers: new Headers(init?.headers),
      body: typeof init?.body === 'string' ? init.body : undefined,
      signal: ending,
    });
    if (!isQuestion) {
      if (answer.status === 429) refuseStatus('yfinance', answer, YAHOO_RULES);
      return toResponse(answer);
    }
    answered(answer);
    return toResponse({ ...answer, status: 200 });
  };
}

/** As much of a response as the package reads. Its list of cookies must be an array of the package's own realm, which that of `fetch` is not under jest. */
function toResponse({ status, headers, text }: VendorAnswer): Response {
  const response = {
    ok: status >= 200 && status < 300,
    status,
    statusText: '',
    headers: { get: (name: string) => headers.get(name), getSetCookie: () => [...headers.getSetCookie()] },
    text: async () => text,
  };
  return response as unknown as Response;
}
