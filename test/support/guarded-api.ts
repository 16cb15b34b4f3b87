import type { Scope } from '../../src/domain/access';
import type { Log } from '../../src/platform/log';
import { silentLog } from '../../src/platform/log';
import { anApi, type TestApi } from './api';
import { storeKey, TEST_SECRET } from './api-keys';

export interface LogLine {
  readonly message: string;
  readonly [field: string]: unknown;
}

/** An API where keys are required. */
export interface GuardedApi extends TestApi {
  /** A new key, as its holder has it. */
  key(scopes?: readonly Scope[], expiresAt?: Date): Promise<{ keyId: string; text: string }>;
  readonly lines: readonly LogLine[];
}

/** The same as {@link anApi} with keys required; dependencies can be replaced. */
export function aGuardedApi(changes: Parameters<typeof anApi>[0] = () => ({})): GuardedApi {
  const lines: LogLine[] = [];
  const note = (fields: object, message: string) => lines.push({ ...fields, message });
  const log: Log = { ...silentLog, debug: note, info: note, warn: note, error: note, isLevelEnabled: () => true };
  const api = anApi((standard) => {
    const security = { ...standard.security, apiKeysRequired: true, apiKeySecret: TEST_SECRET };
    return { security, log, ...changes({ ...standard, security, log }) };
  });
  const key: GuardedApi['key'] = (scopes = ['prices:read'], expiresAt) =>
    storeKey(api.store.apiKeys, { scopes, ...(expiresAt && { expiresAt }) });
  return { ...api, key, lines };
}

/** The headers that carry a key. */
export const withKey = (text: string) => ({ Authorization: `Bearer ${text}` });
