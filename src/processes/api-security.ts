import type { ApiDependencies } from '../api/dependencies';
import type { Config } from '../platform/config';
import { TickwireError } from '../platform/errors';
import { addressKindOf } from '../platform/ip-address';
import type { Log } from '../platform/log';

/** Who may ask the API, as configured. An open door is said in the log. @throws CONFIG_INVALID where keys are required and none could be checked. */
export function apiSecurityOf(config: Config, log: Log): ApiDependencies['security'] {
  const { apiKeysRequired, apiKeySecret, rateLimitPerMinute, trustProxy, allowedOrigins, host } = config;
  if (apiKeysRequired && apiKeySecret === undefined) {
    const expected = 'API keys are required, as they are in production unless API_KEYS_REQUIRED=false';
    const advice = 'set it to at least 32 characters, such as `openssl rand -hex 32` prints';
    throw new TickwireError('CONFIG_INVALID', `API_KEY_SECRET is not set: ${expected}; ${advice}`);
  }
  if (!apiKeysRequired && !isLoopback(host)) {
    log.warn({ host }, 'whoever reaches this address may do everything: no API keys are required (API_KEYS_REQUIRED)');
  }
  return { apiKeysRequired, apiKeySecret, rateLimitPerMinute, trustProxy, allowedOrigins };
}

/** Whether only this machine reaches what listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || addressKindOf(host) === 'loopback';
}
