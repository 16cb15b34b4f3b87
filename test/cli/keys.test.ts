import { hashOfKey, isSameHash, parseKey } from '../../src/domain/api-key';
import { TickwireError } from '../../src/platform/errors';
import { openMemoryStore } from '../../src/store/memory';
import type { Store } from '../../src/store/store';
import { TEST_SECRET } from '../support/api-keys';
import { runCommand } from './run-command';

let store: Store;

beforeEach(() => {
  store = openMemoryStore({});
});

const tickwire = (...argv: string[]) =>
  runCommand(argv, { openStore: () => store, environment: { API_KEY_SECRET: TEST_SECRET } });
const keys = (...argv: string[]) => tickwire('keys', ...argv);
const entries = () => store.auditLog.list({ limit: 10 });

async function aKey(...more: string[]) {
  const { stdout } = await keys('create', 'dashboard', '--scopes', 'jobs:write,prices:read', '--json', ...more);
  return JSON.parse(stdout) as { key_id: string; key: string; expires_at: string | null };
}

/** Whether the API would take `text` for what is stored. */
async function isGood(text: string): Promise<boolean> {
  const held = parseKey(text)!;
  const stored = await store.apiKeys.find(held.keyId);
  return stored !== undefined && isSameHash(hashOfKey(held, TEST_SECRET), stored.hash);
}

describe('keys create', () => {
  it('prints the text of the key alone on standard output, and what it is beside it', async () => {
    const { exitCode, stdout, stderr } = await keys('create', 'dashboard', '--scopes', 'jobs:write,prices:read');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^tw_[a-z0-9]{12}_[\w-]{43}\n$/);
    expect(await isGood(stdout.trim())).toBe(true);
    const { keyId } = parseKey(stdout.trim())!;
    expect(stderr).toBe(`key ${keyId} of dashboard: prices:read, jobs:write, without end; this is shown once\n`);
  });

  it('with --json prints one document, and nothing beside it', async () => {
    const { stdout, stderr } = await keys('create', 'dashboard', '--scopes', 'admin', '--json');

    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ name: 'dashboard', scopes: ['admin'], state: 'active', expires_at: null });
    expect(await isGood(document.key)).toBe(true);
    expect(stderr).toBe('');
  });

  it('ends a key after a time, or at the beginning of a day', async () => {
    const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    const before = Date.now();
    const { expires_at: later } = await aKey('--expires', '90d');
    const { stdout } = await keys('create', 'other', '--scopes', 'admin', '--expires', day, '--json');

    const afterMs = Date.parse(later!) - before - 90 * 86_400_000;
    expect(afterMs).toBeGreaterThanOrEqual(0);
    expect(afterMs).toBeLessThan(60_000);
    expect(JSON.parse(stdout).expires_at).toBe(`${day}T00:00:00.000Z`);
  });

  it('refuses a name that is taken, and the audit log says so', async () => {
    await aKey();

    const { exitCode, stdout, stderr } = await keys('create', 'dashboard', '--scopes', 'admin');

    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('there is a key dashboard');
    expect(await store.apiKeys.list()).toHaveLength(1);
    expect((await entries()).map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('makes no key without the secret of the service, and says where one comes from', async () => {
    const argv = ['keys', 'create', 'dashboard', '--scopes', 'admin'];

    const { exitCode, stdout, stderr } = await runCommand(argv, { openStore: () => store });

    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: API_KEY_SECRET is not set: .*`npm start` makes one.*\n$/);
    expect(await entries()).toEqual([]);
  });
});

describe('keys list', () => {
  it('shows every key with its state, and no secret of any', async () => {
    const revoked = await aKey();
    await keys('revoke', revoked.key_id, '--yes');
    const { key, key_id: keyId } = await aKey('--expires', '90d');
    await store.apiKeys.touch(keyId, new Date('2026-01-05T12:00:00.000Z'));

    const { stdout } = await keys('list');
    const document = (await keys('list', '--json')).stdout;

    expect(stdout).toMatch(/^KEY +NAME +STATE +SCOPES +CREATED +EXPIRES +LAST USED$/m);
    expect(stdout).toMatch(
      new RegExp(`^${keyId} +dashboard +active +prices:read,jobs:write +\\S+Z +\\S+Z +2026-01-05T12:00:00Z$`, 'm'),
    );
    expect(stdout).toMatch(new RegExp(`^${revoked.key_id} +dashboard +revoked `, 'm'));
    for (const text of [stdout, document]) expect(text).not.toContain(key.slice(-43));
    expect(JSON.parse(document).keys).toHaveLength(2);
    expect(document).not.toMatch(/hash|previous/i);
  });

  it('calls a key expired once it is', async () => {
    const hash = Buffer.alloc(32);
    await store.apiKeys.create({ keyId: 'abcdefghijkl', name: 'old', scopes: [], expiresAt: new Date(0), hash });

    expect((await keys('list')).stdout).toMatch(/^abcdefghijkl +old +expired /m);
  });

  it('says when there are none', async () => {
    expect((await keys('list')).stdout).toBe('there are no keys\n');
  });
});

describe('keys rotate', () => {
  it('makes a new secret for the same key, and keeps the one before good for a while', async () => {
    const { key, key_id: keyId } = await aKey();

    const { stdout, stderr } = await keys('rotate', keyId, '--grace', '1h');

    expect(stdout).toMatch(new RegExp(`^tw_${keyId}_`));
    expect(await isGood(stdout.trim())).toBe(true);
    const { previousHash, previousUntil } = (await store.apiKeys.find(keyId))!;
    expect(previousHash).toEqual(hashOfKey(parseKey(key)!, TEST_SECRET));
    expect(previousUntil!.getTime() - Date.now()).toBeGreaterThan(3_500_000);
    expect(stderr).toContain('the one before stays good for 1 h 0 min');
  });

  it('voids the one before at once when it is told to', async () => {
    const { key_id: keyId } = await aKey();

    const { stderr } = await keys('rotate', keyId, '--grace', '0s');

    expect((await store.apiKeys.find(keyId))!.previousUntil!.getTime()).toBeLessThanOrEqual(Date.now());
    expect(stderr).toContain('the one before is void');
  });

  it('gives a revoked key no new life, and prints none', async () => {
    const { key_id: keyId } = await aKey();
    await keys('revoke', keyId, '--yes');

    const { exitCode, stdout, stderr } = await keys('rotate', keyId);

    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(`there is no key ${keyId}`);
    expect((await entries()).map(({ action, status }) => `${action} ${status}`)).toContain('keys.rotate 404');
  });
});

describe('keys revoke', () => {
  it('only says which without --yes', async () => {
    const { key_id: keyId } = await aKey();

    const { stdout } = await keys('revoke', keyId);

    expect(stdout).toContain('nothing was revoked; --yes revokes this key');
    expect((await store.apiKeys.find(keyId))!.revokedAt).toBeNull();
    expect((await entries()).map(({ action }) => action)).toEqual(['keys.create']);
  });

  it('makes a key void for good', async () => {
    const { key_id: keyId } = await aKey();

    const { exitCode, stdout } = await keys('revoke', keyId, '--yes');

    expect(exitCode).toBe(0);
    expect(stdout).toBe(`key ${keyId} of dashboard is revoked\n`);
    expect((await store.apiKeys.find(keyId))!.revokedAt).not.toBeNull();
  });

  it('knows no key that is not there', async () => {
    const { exitCode, stderr } = await keys('revoke', 'abcdefghijkl', '--yes');

    expect(exitCode).toBe(1);
    expect(stderr).toContain('there is no key abcdefghijkl');
  });
});

describe('the audit log', () => {
  it('holds every change of keys, made by nobody with a key, and never a secret', async () => {
    const { key, key_id: keyId } = await aKey();
    const rotated = await keys('rotate', keyId);
    await keys('revoke', keyId, '--yes');

    const found = await entries();

    expect(found.map(({ action }) => action).sort()).toEqual(['keys.create', 'keys.revoke', 'keys.rotate']);
    for (const entry of found) expect(entry).toMatchObject({ keyId: null, address: 'cli', target: keyId });
    expect(found.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    for (const secret of [key, rotated.stdout.trim()]) expect(JSON.stringify(found)).not.toContain(secret.slice(-43));
  });

  it('refuses the change when it cannot be written', async () => {
    const begin = () => Promise.reject(new TickwireError('STORE_UNAVAILABLE', 'the database is away'));
    const given = { ...store, auditLog: { ...store.auditLog, begin } };
    const argv = ['keys', 'create', 'dashboard', '--scopes', 'admin'];

    const { exitCode, stdout } = await runCommand(argv, {
      openStore: () => given,
      environment: { API_KEY_SECRET: TEST_SECRET },
    });

    expect([exitCode, stdout]).toEqual([1, '']);
    expect(await store.apiKeys.list()).toEqual([]);
  });

  it('is listed newest first, of one key or one action where asked', async () => {
    let seconds = 0;
    store = openMemoryStore({ clock: () => new Date(Date.UTC(2026, 0, 5) + 1000 * seconds++) });
    const { key_id: keyId } = await aKey();
    const made = { keyId, requestId: 'r-1', address: '203.0.113.7', target: 'job-1' };
    await store.auditLog.settle(await store.auditLog.begin({ ...made, action: 'polls.create' }), {
      status: 202,
      target: 'job-1',
    });
    await store.auditLog.begin({ ...made, action: 'polls.remove' });

    const all = (await tickwire('audit', '--json')).stdout;
    const ofKey = (await tickwire('audit', '--key-id', keyId)).stdout;
    const ofAction = (await tickwire('audit', '--action', 'keys.create', '--json')).stdout;
    const none = (await tickwire('audit', '--action', 'nothing')).stdout;

    expect(JSON.parse(all).entries.map(({ action }: { action: string }) => action)).toEqual([
      'polls.remove',
      'polls.create',
      'keys.create',
    ]);
    expect(ofKey).toMatch(/^AT +KEY +ACTION +TARGET +STATUS +ADDRESS +REQUEST$/m);
    expect(ofKey).toMatch(new RegExp(`^\\S+Z +${keyId} +polls.create +job-1 +202 +203.0.113.7 +r-1$`, 'm'));
    expect(ofKey).toMatch(new RegExp(`^\\S+Z +${keyId} +polls.remove +job-1 +- +203.0.113.7 +r-1$`, 'm'));
    expect(ofKey).not.toContain('keys.create');
    expect(JSON.parse(ofAction).entries).toEqual([
      expect.objectContaining({ key_id: null, action: 'keys.create', target: keyId, status: 201, address: 'cli' }),
    ]);
    expect(none).toBe('no such entries\n');
  });
});
