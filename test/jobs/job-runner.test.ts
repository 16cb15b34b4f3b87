import { modelJobs } from '../../src/bus/topics';
import type { ModelJob } from '../../src/domain/model-job';
import { TickwireError } from '../../src/platform/errors';
import { openMemoryStore } from '../../src/store/memory';
import { eventually } from '../support/eventually';
import { aRunner, type TestRunner, testThreads } from '../support/job-runner';

const running: TestRunner[] = [];

/** Started, and stopped after the test. */
async function started(changes: Parameters<typeof aRunner>[0] = {}): Promise<TestRunner> {
  const one = aRunner(changes);
  running.push(one);
  await one.runner.start();
  return one;
}

const isOver = ({ status }: ModelJob) => !['queued', 'running'].includes(status);
const isRunning = ({ status }: ModelJob) => status === 'running';

afterEach(async () => {
  for (const { runner } of running.splice(0)) await runner.stop();
});

describe('a job that a runner takes', () => {
  test('ends completed with result, figures, warnings and every file', async () => {
    const { submit, when, artifacts } = await started();

    const jobId = await submit({ parts: 7 });

    const job = await when(jobId, isOver);
    expect(job).toMatchObject({
      status: 'completed',
      progress: 1,
      attempts: 1,
      error: null,
      result: { order: [0, 1, 2, 3, 4, 5, 6], sessions: null },
      metrics: { parts: 7 },
      warnings: ['made by a test'],
    });
    expect(job.artifacts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['result.json', 'parts.csv', 'report.html']),
    );
    for (const { name, bytes } of job.artifacts) expect((await artifacts.read(jobId, 1, name))?.length).toBe(bytes);
  });

  test('gets its parts in their order, whatever the number of threads', async () => {
    const orders = [];
    for (const size of [1, 4]) {
      const { submit, when } = await started({ threads: testThreads(size) });
      orders.push((await when(await submit({ parts: 200, busy_ms: 0.1 }), isOver)).result);
    }

    expect(orders[0]).toEqual({ order: Array.from({ length: 200 }, (_, index) => index), sessions: null });
    expect(orders[1]).toEqual(orders[0]);
  });

  test('is told on model-job-events from running to completed, with the request id', async () => {
    const { submit, when, told, bus } = await started();

    const jobId = await submit({ parts: 2 });
    await when(jobId, isOver);

    const events = await eventually(async () => {
      const found = await told(jobId);
      if (found.at(-1)?.status !== 'completed') throw new Error('not told yet');
      return found;
    });
    // A job that takes its time also tells its progress.
    expect([...new Set(events.map(({ status }) => status))]).toEqual(['running', 'completed']);
    for await (const record of bus.read('model-job-events')) {
      expect(record.headers['x-request-id']?.toString()).toBe('r-7');
    }
  });

  test('is given the history that it asks for, on common sessions', async () => {
    const row = (day: number) => ({ session: `2026-01-0${day}`, open: 10, high: 12, low: 9, close: 10 + day });
    const { submit, when } = await started({
      loadHistory: async ({ symbols }) => new Map(symbols.map((symbol) => [symbol, [5, 6, 7].map(row)])),
    });

    const job = await when(await submit({ symbols: ['AAPL', 'MSFT'] }), isOver);

    expect(job.result).toMatchObject({ sessions: 3 });
  });

  test('shows its progress while it runs', async () => {
    const { submit, when } = await started({ leaseSeconds: 1 });

    const jobId = await submit({ parts: 60, busy_ms: 50 });

    const seen = await when(jobId, ({ progress }) => progress > 0);
    expect(seen.status).toBe('running');
    expect(seen.progress).toBeLessThan(1);
  });
});

describe('a job that fails', () => {
  test.each([
    ['says what the model says', 'unusable', { code: 'MODEL_INPUT_UNUSABLE', message: 'the series is constant' }],
    [
      'by a fault of the model says so, and nothing of its inside',
      'fault',
      { code: 'MODEL_FAILED', message: expect.not.stringMatching(/secret|TypeError|\bat /) },
    ],
    ['by ending its own thread fails alone', 'exit', { code: 'MODEL_FAILED', message: expect.any(String) }],
  ])('%s', async (_, mode, error) => {
    const { submit, when } = await started();

    const failed = await when(await submit({ mode }), isOver);
    const next = await when(await submit(), isOver);

    expect(failed).toMatchObject({ status: 'failed', attempts: 1, error, artifacts: [], result: null });
    expect(next.status).toBe('completed');
  });

  test('by something that may pass is tried again with its reason in the row, three times in all', async () => {
    let now = Date.now();
    const store = openMemoryStore({ clock: () => new Date(now) });
    const { submit, when, runner } = await started({ store });

    const jobId = await submit({ mode: 'away' });
    const first = await when(jobId, ({ status, error }) => status === 'queued' && error !== null);
    now += 1_500;
    runner.wake([jobId]);
    await when(jobId, ({ status, attempts }) => status === 'queued' && attempts === 2);
    now += 2_500;
    runner.wake([jobId]);
    const last = await when(jobId, isOver);

    expect(first).toMatchObject({ attempts: 1, error: { code: 'STORE_UNAVAILABLE', message: 'something is away' } });
    expect(last).toMatchObject({ status: 'failed', attempts: 3, error: { code: 'STORE_UNAVAILABLE' } });
  });

  test('is one whose history is not there', async () => {
    const loadHistory = () => Promise.reject(new TickwireError('SYMBOL_UNKNOWN', 'no instrument NOPE is stored'));
    const { submit, when } = await started({ loadHistory });

    const job = await when(await submit({ symbols: ['NOPE'] }), isOver);

    expect(job).toMatchObject({ status: 'failed', error: { code: 'SYMBOL_UNKNOWN' } });
  });

  test('is one that took its runner down five times: it is not begun again', async () => {
    let now = Date.now();
    const store = openMemoryStore({ clock: () => new Date(now) });
    const { submit, when, runner } = aRunner({ store });
    const jobId = await submit();
    for (let death = 0; death < 5; death += 1) {
      await store.modelJobs.claim({ owner: 'dead', leaseSeconds: 1, maxRunning: 10, limit: 1, wanted: [] });
      now += 2_000;
    }

    await runner.start();
    const job = await when(jobId, isOver);
    await runner.stop();

    expect(job).toMatchObject({ status: 'failed', error: { code: 'MODEL_FAILED', message: /died 5 times/ } });
  });
});

describe('a job without an end', () => {
  test('is ended at its time limit, and its thread is free again', async () => {
    const { submit, when } = await started({ timeoutSeconds: 3, threads: testThreads(1) });

    const ended = await when(await submit({ mode: 'endless' }), isOver);
    const next = await when(await submit(), isOver);

    expect(ended).toMatchObject({ status: 'failed', error: { code: 'JOB_TIMEOUT', message: /JOB_TIMEOUT_SECONDS/ } });
    expect(next.status).toBe('completed');
  });

  test('is ended when it is cancelled, and its thread is free again', async () => {
    const { submit, when, store } = await started({ threads: testThreads(1) });
    const jobId = await submit({ mode: 'endless' });
    await when(jobId, isRunning);

    await store.modelJobs.cancel(jobId);
    const next = await when(await submit(), isOver);

    expect(next.status).toBe('completed');
    expect(await store.modelJobs.find(jobId)).toMatchObject({ status: 'cancelled', result: null });
  });

  test('is given back at once when its runner stops, its attempt uncounted', async () => {
    const { submit, when, store, runner } = await started();
    const jobId = await submit({ mode: 'endless', parts: 2 });
    await when(jobId, isRunning);

    await runner.stop();

    expect(await store.modelJobs.find(jobId)).toMatchObject({ status: 'queued', attempts: 0 });
  });

  test('does not keep another from a thread of its own', async () => {
    const { submit, when } = await started({ threads: testThreads(2) });
    const endless = await submit({ mode: 'endless' });
    await when(endless, isRunning);

    const other = await when(await submit({ parts: 4 }), isOver);

    expect(other.status).toBe('completed');
  });
});

describe('several runners on one store', () => {
  test('a runner whose job was taken over writes nothing, and leaves no file', async () => {
    let now = Date.now();
    const store = openMemoryStore({ clock: () => new Date(now) });
    let taken: { fence: number } | undefined;
    const stale = await started({ store });
    const save = stale.artifacts.save;
    // The moment between the last look at the lease and the write: somebody else completes the job.
    stale.artifacts.save = async (jobId, fence, files) => {
      const kept = await save(jobId, fence, files);
      if (taken) return kept;
      now += 60_000;
      const [claimed] = await store.modelJobs.claim({
        owner: 'successor',
        leaseSeconds: 60,
        maxRunning: 10,
        limit: 1,
        wanted: [jobId],
      });
      taken = claimed;
      const artifacts = await save(jobId, claimed!.fence, files);
      await store.modelJobs.complete(
        { jobId, fence: claimed!.fence },
        { result: 'theirs', metrics: {}, warnings: [], artifacts },
      );
      return kept;
    };

    const jobId = await stale.submit();
    const job = await stale.when(jobId, isOver);

    expect(job).toMatchObject({ result: 'theirs', attempts: 2 });
    await eventually(async () => (await stale.artifacts.read(jobId, 1, 'result.json')) === undefined);
    expect(await stale.artifacts.read(jobId, taken!.fence, 'result.json')).toBeDefined();
  });

  test('never run more at once than is allowed over all', async () => {
    const store = openMemoryStore();
    const runners = [await started({ store, maxRunning: 2 }), await started({ store, maxRunning: 2 })];
    const most = { running: 0 };
    const watch = setInterval(async () => {
      most.running = Math.max(most.running, await store.modelJobs.countRunning());
    }, 5);

    const ids = await Promise.all(
      Array.from({ length: 12 }, (_, index) => runners[index % 2]!.submit({ busy_ms: 20 })),
    );
    for (const id of ids) await runners[0]!.when(id, isOver);
    clearInterval(watch);

    expect(most.running).toBe(2);
  });
});

test('a job without a message is found by the beat', async () => {
  const { store, when } = await started();

  const { jobs } = await store.modelJobs.create(
    [
      {
        jobId: '6a2f6f0e-3f3e-4c41-8a54-f1f52b0a4c11',
        model: 'obedient',
        params: { parts: 1, busy_ms: 0, mode: 'sum', symbols: [] },
        requestId: null,
      },
    ],
    { graceSeconds: 60 },
  );

  expect((await when(jobs[0]!.jobId, isOver)).status).toBe('completed');
});

test('what is left in the outbox is published by a runner', async () => {
  const { store, bus } = await started({ maxRunning: 0 });

  const { jobs } = await store.modelJobs.create(
    [{ jobId: '6a2f6f0e-3f3e-4c41-8a54-f1f52b0a4c12', model: 'obedient', params: {}, requestId: 'r-9' }],
    { graceSeconds: 0 },
  );

  const record = await eventually(async () => {
    for await (const one of bus.read(modelJobs.name)) return one;
    return false;
  });
  expect(record && modelJobs.decode(record, new Date())).toEqual({
    ok: true,
    event: { jobId: jobs[0]!.jobId, model: 'obedient' },
  });
  await eventually(async () => (await store.modelJobs.claimUnpublished(10, 0)).length === 0);
});
