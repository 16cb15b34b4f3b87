import type { Artifacts } from '../artifacts/artifacts';
import type { Bus } from '../bus/bus';
import type { Cache } from '../cache/cache';
import type { Live } from '../live/live';
import type { ModelDefinition } from '../models/model';
import type { Clock } from '../platform/clock';
import type { Log } from '../platform/log';
import type { Metrics } from '../platform/metrics';
import type { Providers } from '../providers/provider';
import type { Store } from '../store/store';

/** What the API is built on, opened and started by the composition root. */
export interface ApiDependencies {
  readonly store: Store;
  readonly cache: Cache;
  readonly bus: Bus;
  readonly providers: Providers;
  /** The files of model jobs. */
  readonly artifacts: Pick<Artifacts, 'read'>;
  /** Sockets and streams; stopped by the server that carries them. */
  readonly live: Live;
  /** Every one has a route. */
  readonly models: readonly ModelDefinition[];
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Who may ask, how often, and from where. */
  readonly security: {
    readonly apiKeysRequired: boolean;
    /** What keys and tickets are hashed with; undefined where no keys can be made. */
    readonly apiKeySecret: string | undefined;
    /** Requests a minute of one key, else of one address; 0 for any number. */
    readonly rateLimitPerMinute: number;
    /** Proxies in front whose `X-Forwarded-For` is believed: how many, or their addresses and networks. */
    readonly trustProxy: number | readonly string[];
    /** Origins of pages on other hosts that may call. */
    readonly allowedOrigins: readonly string[];
  };
  /** Of the product, as `GET /` shows it. */
  readonly version: string;
  /** For requests that leave them out; `provider` is a canonical name. */
  readonly defaults: {
    readonly provider: string;
    readonly intervalSeconds: number;
    readonly movingAverageWindow: number;
  };
  /** The consumers whose lag `/health` shows; the group of each is its name. */
  readonly consumers: readonly {
    readonly name: string;
    readonly title: string;
    readonly topic: { readonly name: string };
  }[];
}
