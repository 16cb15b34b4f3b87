import { DefaultApi } from 'finnhub';
import type { Environment } from '../platform/environment';
import { TickwireError } from '../platform/errors';
import { baseUrlOf, below, openVendorHttp, parseBody, refuseStatus } from './vendor-http';

/** How long a 429 that does not say so shuts us out: its limit counts by the minute. */
const PAUSE_MS = 60_000;
const RULES = { keyVariable: 'FINNHUB_API_KEY', pauseMs: (askedMs = PAUSE_MS) => askedMs };

/** Part of every plan: a 403 is about the key. */
const FREE_PATH = '/quote';

/** The package's callback: an error, or the body of the answer. */
type Done = (error: unknown, data: unknown) => void;

/**
 * One call that the package builds, over our own way to the network. @throws PROVIDER_*: a 401 refuses the key; a 403 is about what the plan of the key does not
 * include, except for quotes, which every plan has.
 */
export type AskFinnhub = (build: (api: DefaultApi, done: Done) => void, signal: AbortSignal) => Promise<unknown>;

/**
 * The `finnhub` package builds each call; its one way to the network (`_callApi`) is replaced, because its own has a fixed address, puts the key into the
 * query, cannot be ended, and follows redirects with the key. The package is not given the key.
 * @throws PROVIDER_NOT_CONFIGURED when `FINNHUB_BASE_URL` is no address.
 */
export function openFinnhubHttp(environment: Environment): AskFinnhub {
  const base = baseUrlOf(environment, 'FINNHUB_BASE_URL', 'https://finnhub.io/api/v1');
  const ask = openVendorHttp('finnhub', environment);
  const headers = { 'x-finnhub-token': environment.FINNHUB_API_KEY ?? '' };
  const get = async (path: string, params: Readonly<Record<string, string>>, signal: AbortSignal) => {
    const url = below(base, `${path}?${new URLSearchParams(params)}`);
    const answer = await ask(url, { headers, signal });
    if (answer.status === 403 && path !== FREE_PATH) throw notInPlan(path);
    refuseStatus('finnhub', answer, RULES);
    return parseBody('finnhub', answer.text);
  };

  return (build, signal) => {
    const api = new DefaultApi('');
    api._callApi = (path, params, callback) => {
      get(path, params, signal).then(
        (data) => callback(null, data),
        (error: unknown) => callback(error, null),
      );
    };
    return new Promise((resolve, reject) => {
      build(api, (error, data) => (error ? reject(error) : resolve(data)));
    });
  };
}

function notInPlan(path: string): TickwireError {
  return new TickwireError(
    'PROVIDER_REFUSED',
    `finnhub answered 403: the plan of the key in FINNHUB_API_KEY does not include ${path.slice(1)}`,
  );
}
