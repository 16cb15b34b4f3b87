import type { Bus } from '../bus/bus';
import { openKafkaBus } from '../bus/kafka';
import { tracedBus } from '../bus/traced-bus';
import type { Cache } from '../cache/cache';
import { openRedisCache } from '../cache/redis';
import { type Config, required } from '../platform/config';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';
import { type Metrics, silentMetrics } from '../platform/metrics';
import { localQuota, openProviders } from '../providers/open-provider';
import type { Providers, TakeQuota } from '../providers/provider';
import { openPostgresStore } from '../store/postgres/open-postgres-store';
import type { Store } from '../store/store';

/** The store at the configured address. @throws CONFIG_INVALID when there is none. */
export function storeOf(config: Config, log: Log, metrics: Metrics = silentMetrics): Store {
  return openPostgresStore({ databaseUrl: required(config.databaseUrl, 'DATABASE_URL'), log, metrics });
}

/** The cache at the configured address; a command may take `commandTimeoutMs`. @throws CONFIG_INVALID when there is none. */
export function cacheOf(config: Config, providers: Providers, log: Log, commandTimeoutMs: number): Cache {
  const url = required(config.redisUrl, 'REDIS_URL');
  const defaultProvider = providers.nameOf(config.provider);
  const { redisTlsCa: ca, redisTtlSeconds: ttlSeconds } = config;
  return openRedisCache({ url, ca, ttlSeconds, defaultProvider, log, commandTimeoutMs });
}

/** The bus at the configured brokers. @throws CONFIG_INVALID when there are none. */
export function busOf(config: Config, clientId: string, log: Log): Bus {
  const brokers = required(config.kafkaBrokers, 'KAFKA_BOOTSTRAP_SERVERS');
  const { kafkaSsl, kafkaCertificates, kafkaLogin: login } = config;
  const ssl = kafkaSsl && (kafkaCertificates ?? true);
  return tracedBus(openKafkaBus({ brokers, ssl, clientId, log, ...(login && { login }) }));
}

/** The providers, whose quotas are shared through the cache as soon as `shareQuotas` has named one. */
export function providersOf(
  config: Config,
  log: Log,
  metrics: Metrics = silentMetrics,
): { providers: Providers; shareQuotas(cache: Cache): void } {
  const local = localQuota();
  let takeQuota: TakeQuota = local;
  const providers = openProviders({
    environment: config.environment,
    takeQuota: (bucket, limit) => takeQuota(bucket, limit),
    metrics,
  });
  return {
    providers,
    shareQuotas(cache) {
      takeQuota = (bucket, limit) =>
        cache.takeQuota(bucket, limit.limit, limit.windowMs).catch((error: unknown) => {
          log.debug({ bucket, error: messageOf(error) }, 'shared quota is away, counting locally');
          return local(bucket, limit);
        });
    },
  };
}
