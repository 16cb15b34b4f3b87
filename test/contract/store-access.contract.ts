import { randomBytes, randomUUID } from 'node:crypto';
import { makeKey } from '../../src/domain/api-key';
import type { AuditEntry, StoredApiKey } from '../../src/store/access-store';
import type { NewModelJob } from '../../src/store/job-store';
import { aKeyName } from '../support/api-keys';
import { aNewJob, anArtifact, NO_RESULT } from '../support/model-jobs';
import { aConfig } from '../support/poll-jobs';
import type { StoreUnderTest } from './store.contract';

type NewKey = Pick<StoredApiKey, 'keyId' | 'name' | 'scopes' | 'expiresAt' | 'hash'>;

function aNewKey(changes: Partial<NewKey> = {}): NewKey {
  const { keyId } = makeKey();
  return { keyId, name: aKeyName(), scopes: ['prices:read'], expiresAt: null, hash: randomBytes(32), ...changes };
}

function aNewEntry(changes: Partial<AuditEntry> = {}) {
  const entry = { action: 'polls.create', target: null, requestId: randomUUID(), address: '192.0.2.7' };
  return { keyId: makeKey().keyId, ...entry, ...changes };
}

/** Tables `api_keys` and `audit_log`. */
export function describeAccess(underTest: () => StoreUnderTest): void {
  const apiKeys = () => underTest().store.apiKeys;
  const auditLog = () => underTest().store.auditLog;

  describe('API keys', () => {
    test('a new key is found with its hash, and listed without it', async () => {
      const wanted = aNewKey({ scopes: ['jobs:write', 'models:run'], expiresAt: new Date('2099-01-02T03:04:05.678Z') });

      const created = await apiKeys().create(wanted);

      const fresh = { revokedAt: null, lastUsedAt: null, createdAt: expect.any(Date) };
      const { hash, ...shown } = wanted;
      expect(created).toEqual({ ...shown, ...fresh });
      const found = await apiKeys().find(wanted.keyId);
      expect(found).toEqual({ ...created, hash, previousHash: null, previousUntil: null });
      expect((await apiKeys().list()).find(({ keyId }) => keyId === wanted.keyId)).toEqual(created);
      expect(await apiKeys().find(makeKey().keyId)).toBeUndefined();
    });

    test('a name belongs to one key until that is revoked', async () => {
      const first = aNewKey();
      await apiKeys().create(first);
      const second = aNewKey({ name: first.name });

      await expect(apiKeys().create(second)).rejects.toMatchObject({ code: 'CONFLICT' });
      await apiKeys().revoke(first.keyId);
      await apiKeys().create(second);

      const named = (await apiKeys().list()).filter(({ name }) => name === first.name);
      expect(named.map(({ keyId }) => keyId).sort()).toEqual([first.keyId, second.keyId].sort());
    });

    test('a rotation keeps the secret before it for the grace, and only that one', async () => {
      const wanted = aNewKey();
      await apiKeys().create(wanted);
      const [second, third] = [randomBytes(32), randomBytes(32)];

      await apiKeys().rotate(wanted.keyId, { hash: second, graceSeconds: 3600 });
      const shown = await apiKeys().rotate(wanted.keyId, { hash: third, graceSeconds: 60 });

      const found = await apiKeys().find(wanted.keyId);
      expect(found).toMatchObject({ hash: third, previousHash: second });
      const { createdAt, previousUntil } = found!;
      const secondsAfter = (previousUntil!.getTime() - createdAt.getTime()) / 1000;
      expect(secondsAfter).toBeGreaterThanOrEqual(60);
      expect(secondsAfter).toBeLessThan(120);
      expect(shown).not.toHaveProperty('hash');
      expect(shown).not.toHaveProperty('previousHash');
    });

    test('a revoked key stays revoked since then and is not rotated', async () => {
      const { keyId } = await apiKeys().create(aNewKey());

      const revoked = await apiKeys().revoke(keyId);
      await underTest().passTime(10);
      const again = await apiKeys().revoke(keyId);

      expect(revoked?.revokedAt).toBeInstanceOf(Date);
      expect(again).toEqual(revoked);
      expect(await apiKeys().rotate(keyId, { hash: randomBytes(32), graceSeconds: 60 })).toBeUndefined();
      expect(await apiKeys().revoke(makeKey().keyId)).toBeUndefined();
      expect(await apiKeys().rotate(makeKey().keyId, { hash: randomBytes(32), graceSeconds: 1 })).toBeUndefined();
    });

    test('the last use moves on and never back', async () => {
      const { keyId } = await apiKeys().create(aNewKey());
      const [early, late] = [new Date('2026-05-05T10:00:00.000Z'), new Date('2026-05-05T10:01:00.000Z')];

      await apiKeys().touch(keyId, late);
      await apiKeys().touch(keyId, early);
      await apiKeys().touch(makeKey().keyId, late);

      expect((await apiKeys().find(keyId))?.lastUsedAt).toEqual(late);
    });
  });

  describe('the audit log', () => {
    test('an entry is there before its outcome is known, which fills in what was open', async () => {
      const entry = aNewEntry();

      const auditId = await auditLog().begin(entry);
      const [open] = await auditLog().list({ limit: 10, keyId: entry.keyId! });
      await auditLog().settle(auditId, { status: 202, target: 'job-1' });
      const [settled] = await auditLog().list({ limit: 10, keyId: entry.keyId! });

      expect(open).toEqual({ ...entry, auditId, at: expect.any(Date), status: null });
      expect(settled).toEqual({ ...open, status: 202, target: 'job-1' });
    });

    test('an outcome without a target keeps the one that was known, and no second outcome replaces it', async () => {
      const entry = aNewEntry({ target: 'job-7' });
      const auditId = await auditLog().begin(entry);

      await auditLog().settle(auditId, { status: 404, target: null });
      await auditLog().settle(auditId, { status: 200, target: 'job-8' });

      expect(await auditLog().list({ limit: 1, keyId: entry.keyId! })).toMatchObject([
        { status: 404, target: 'job-7' },
      ]);
    });

    test('the newest come first, page by page, also those of one instant', async () => {
      const { keyId } = makeKey();
      const all = await Promise.all(Array.from({ length: 7 }, () => auditLog().begin(aNewEntry({ keyId }))));

      const pages: (readonly AuditEntry[])[] = [await auditLog().list({ limit: 3, keyId })];
      while (pages.length < 4) {
        pages.push(await auditLog().list({ limit: 3, keyId, before: pages.flat().at(-1) }));
      }

      expect(pages.map(({ length }) => length)).toEqual([3, 3, 1, 0]);
      expect(new Set(pages.flat().map(({ auditId }) => auditId))).toEqual(new Set(all));
    });

    test('those of one key or of one action can be asked for', async () => {
      const { keyId } = makeKey();
      await auditLog().begin(aNewEntry({ keyId, action: 'polls.run' }));
      const removed = await auditLog().begin(aNewEntry({ keyId, action: 'polls.remove' }));
      const nobodys = await auditLog().begin(aNewEntry({ keyId: null, action: `x-${keyId}` }));

      expect(await auditLog().list({ limit: 9, keyId, action: 'polls.remove' })).toMatchObject([{ auditId: removed }]);
      expect(await auditLog().list({ limit: 9, action: `x-${keyId}` })).toMatchObject([
        { auditId: nobodys, keyId: null },
      ]);
      expect((await auditLog().list({ limit: 1000 })).map(({ auditId }) => auditId)).toContain(nobodys);
    });
  });

  describe('the owner of a job', () => {
    const modelJobs = () => underTest().store.modelJobs;
    const pollJobs = () => underTest().store.pollJobs;

    test('a polling job keeps the key that asked for it, or that none did', async () => {
      const { keyId } = makeKey();

      const owned = (await pollJobs().create(aConfig(), { owner: keyId })).job;
      const nobodys = (await pollJobs().create(aConfig(), {})).job;
      await pollJobs().update(owned.jobId, { status: 'paused' });

      expect([owned.owner, nobodys.owner]).toEqual([keyId, null]);
      expect(await pollJobs().find(owned.jobId)).toMatchObject({ owner: keyId, status: 'paused' });
      const listed = (await pollJobs().list()).filter(({ jobId }) => [owned.jobId, nobodys.jobId].includes(jobId));
      expect(listed.map(({ owner }) => owner)).toEqual([null, keyId]);
      for (const { jobId } of listed) await pollJobs().remove(jobId);
    });

    test('a model job keeps it through everything that becomes of it', async () => {
      const { keyId } = makeKey();
      const { jobId } = aNewJob();
      const claim = { owner: 'runner', leaseSeconds: 30, maxRunning: 100, limit: 1, wanted: [jobId] };

      await modelJobs().create([aNewJob({ jobId, owner: keyId })], { graceSeconds: 0 });
      const unpublished = await modelJobs().claimUnpublished(1000, 0);
      const [claimed] = await modelJobs().claim(claim);
      const artifacts = [anArtifact('result.json')];
      await modelJobs().complete({ jobId, fence: claimed!.fence }, { ...NO_RESULT, artifacts });

      expect(unpublished.find((job) => job.jobId === jobId)?.owner).toBe(keyId);
      expect(claimed?.job.owner).toBe(keyId);
      expect((await modelJobs().find(jobId))?.owner).toBe(keyId);
      expect((await modelJobs().findArtifact(jobId, 'result.json'))?.owner).toBe(keyId);
    });

    test('a list for a key holds its own jobs and those of nobody, newest first, page by page, with every filter', async () => {
      const [mine, other] = [makeKey().keyId, makeKey().keyId];
      const model = `m-${mine}`;
      const wanted: NewModelJob[] = [];
      for (const owner of [mine, other, null, mine, other, null, mine]) {
        const job = aNewJob({ model, owner });
        wanted.push(job);
        await modelJobs().create([job], { graceSeconds: 60 });
        await underTest().passTime(1);
      }
      await modelJobs().cancel(wanted[3]!.jobId);

      const first = await modelJobs().list({ model, knownTo: mine, limit: 2 });
      const rest = await modelJobs().list({ model, knownTo: mine, after: first.at(-1), limit: 10 });
      const queued = await modelJobs().list({ model, knownTo: mine, status: 'queued', limit: 10 });
      const all = await modelJobs().list({ model, limit: 10 });
      for (const { jobId } of wanted) await modelJobs().cancel(jobId);

      const idsOf = (jobs: readonly { jobId: string }[]) => jobs.map(({ jobId }) => jobId);
      const ids = idsOf(wanted);
      expect(idsOf([...first, ...rest])).toEqual([6, 5, 3, 2, 0].map((place) => ids[place]));
      expect(first).toHaveLength(2);
      expect(idsOf(queued)).toEqual([6, 5, 2, 0].map((place) => ids[place]));
      expect(all).toHaveLength(7);
    });
  });
}
