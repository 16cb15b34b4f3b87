import { createHash, randomUUID } from 'node:crypto';
import { openDirectoryArtifacts } from '../../src/artifacts/directory';
import { openKafkaBus } from '../../src/bus/kafka';
import { modelJobEvents, TOPIC_NAMES } from '../../src/bus/topics';
import type { ModelJob } from '../../src/domain/model-job';
import { publishJobs } from '../../src/jobs/jobs';
import { findFreePort } from '../../src/local/port';
import { MODELS } from '../../src/models';
import { pause } from '../../src/platform/clock';
import { silentLog } from '../../src/platform/log';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store';
import type { Store } from '../../src/store/store';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { beginProcess, type ProductProcess, startProcess } from '../support/product-process';
import { describeWithKafka, testServices } from '../support/services';
import { temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(180_000);

const LEASE_SECONDS = 3;
const montecarlo = MODELS.find(({ name }) => name === 'montecarlo')!;
/** So many paths of 252 steps. */
const paths = (simulations: number, seed: number) => ({
  ...{ spot: 100, drift: 0.05, volatility: 0.2, horizon: 1, time_steps: 252 },
  simulations,
  seed,
  // Drawing them would cost more than all the rest.
  sample_paths: 0,
});
/** Seconds of work at the least. */
const ENDLESS = { ...paths(2_000_000, 1), time_steps: 1_000 };

/** Numbers from 0 to 1 that a seed gives again (Lehmer's generator, multiplier 48271). */
function randomFrom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describeWithKafka('model jobs on real services', () => {
  const { redisUrl, kafkaBrokers } = testServices();
  const bus = openKafkaBus({ brokers: kafkaBrokers, ssl: false, clientId: 'model-jobs-test', log: silentLog });
  const folder = temporaryFolder();
  const artifacts = openDirectoryArtifacts({ folder });
  const running: ProductProcess[] = [];
  let database: TestDatabase;
  let store: Store;
  let environment: Record<string, string>;

  const start = async (script: string, args: readonly string[], changes: Record<string, string> = {}) => {
    const process = await startProcess(script, { ...environment, ...changes }, args);
    running.push(process);
    return process;
  };
  /** It runs jobs before it has joined its group, so nobody waits for that. */
  const beginRunner = (changes: Record<string, string> = {}) => {
    const process = beginProcess('consumer', { ...environment, ...changes }, ['model-runner']);
    running.push(process);
    return process;
  };
  /** Stored and published as the API does it. */
  const submit = async (wanted: readonly object[]): Promise<readonly string[]> => {
    const { jobs } = await store.modelJobs.create(
      wanted.map((params) => ({
        jobId: randomUUID(),
        model: 'montecarlo',
        params: montecarlo.parameters.parse(params) as Record<string, unknown>,
        requestId: 'r-1',
      })),
      { graceSeconds: 10 },
    );
    await publishJobs({ store, bus, log: silentLog }, jobs, new Date());
    return jobs.map(({ jobId }) => jobId);
  };
  const when = (jobId: string, is: (job: ModelJob) => boolean, deadlineMs = 60_000) =>
    eventually(async () => {
      const job = await store.modelJobs.find(jobId);
      return job && is(job) ? job : false;
    }, deadlineMs) as Promise<ModelJob>;
  const count = async (where: string) =>
    Number((await database.query<{ count: string }>(`SELECT count(*) FROM model_jobs WHERE ${where}`))[0]!.count);

  /** Files of a completed job that are not there, or not as its row says. */
  const faultyFiles = async ({ jobId, artifacts: listed }: ModelJob): Promise<string[]> => {
    const faults: string[] = [];
    for (const { name, bytes, sha256 } of listed) {
      const found = await store.modelJobs.findArtifact(jobId, name);
      const body = found && (await artifacts.read(jobId, found.fence, name));
      const isRight = body?.length === bytes && createHash('sha256').update(body).digest('hex') === sha256;
      if (!isRight) faults.push(`${jobId} ${name}`);
    }
    return faults;
  };

  beforeAll(async () => {
    await bus.start();
    await bus.createTopics(TOPIC_NAMES.map((name) => ({ name, partitions: 6 })));
  });
  beforeEach(async () => {
    database = await createTestDatabase();
    store = openPostgresStore({ databaseUrl: database.databaseUrl, log: silentLog });
    environment = {
      DATABASE_URL: database.databaseUrl,
      REDIS_URL: redisUrl,
      KAFKA_BOOTSTRAP_SERVERS: kafkaBrokers.join(','),
      USE_FIXTURE: 'true',
      ARTIFACT_DIR: folder,
      JOB_LEASE_SECONDS: String(LEASE_SECONDS),
      JOB_THREADS: '2',
    };
    // What each change of a row leaves behind: how often a job was completed, and how many had a live lease then.
    await database.query(`
      CREATE TABLE seen (job_id uuid, completed boolean, live int);
      CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO seen SELECT NEW.id, NEW.status = 'completed', count(*) FROM model_jobs
        WHERE status = 'running' AND lease_until > clock_timestamp();
        RETURN NULL;
      END $$;
      CREATE TRIGGER see AFTER UPDATE OF status ON model_jobs FOR EACH ROW EXECUTE FUNCTION see();`);
  });
  afterEach(async () => {
    for (const process of running.splice(0)) {
      process.child.kill('SIGCONT');
      await process.end('SIGKILL');
    }
    await store.stop();
    await database.drop();
  });
  afterAll(() => bus.stop());

  test('a job posted over HTTP runs in another process, and its result, report and events can be read', async () => {
    const port = String(await findFreePort());
    await start('api', [], { PORT: port });
    beginRunner();
    const url = `http://127.0.0.1:${port}`;

    const answer = await fetch(`${url}/api/v1/montecarlo?wait=30`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(paths(10_000, 7)),
    });
    const job = (await answer.json()) as { job_id: string; status: string; metrics: object; links: { report: string } };
    const report = await fetch(`${url}${job.links.report}`);

    expect(answer.status).toBe(200);
    expect(job.status).toBe('completed');
    expect(Object.keys(job.metrics).length).toBeGreaterThan(0);
    expect(report.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await report.text()).toMatch(/^<!doctype html>/i);
    await eventually(async () => {
      const told: string[] = [];
      for await (const record of bus.read(modelJobEvents.name)) {
        if (record.key?.toString() !== job.job_id) continue;
        expect(record.headers['x-request-id']?.toString()).toBe(answer.headers.get('x-request-id'));
        told.push((JSON.parse(String(record.value)) as { status: string }).status);
      }
      expect(told).toEqual(expect.arrayContaining(['queued', 'running', 'completed']));
    });
  });

  test('a job that runs is ended by cancelling it, and its thread is free again', async () => {
    beginRunner({ JOB_THREADS: '1' });
    const [endless] = await submit([ENDLESS]);
    await when(endless!, ({ status }) => status === 'running');

    await store.modelJobs.cancel(endless!);
    const [next] = await submit([paths(1_000, 1)]);

    expect((await when(next!, ({ status }) => status === 'completed')).attempts).toBe(1);
    expect(await store.modelJobs.find(endless!)).toMatchObject({ status: 'cancelled', result: null });
  });

  test('a runner killed at random points loses no job: each is completed once, with every file, within a lease and 20 s', async () => {
    const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
    console.info(`CHAOS_SEED=${seed}`);
    const random = randomFrom(seed);
    const ids = await submit(Array.from({ length: 30 }, (_, index) => paths(30_000, index)));
    const interrupted = new Map<string, number>();

    for (let kills = 0; kills < 4; kills += 1) {
      const runner = beginRunner();
      await eventually(async () => (await count(`lease_owner LIKE '%:${runner.child.pid}:%'`)) > 0, 60_000);
      await pause(800 * random());
      await runner.end('SIGKILL');
      for (const { jobId } of await store.modelJobs.list({ status: 'running', limit: 100 }))
        interrupted.set(jobId, Date.now());
      running.splice(running.indexOf(runner), 1);
    }
    beginRunner();
    await eventually(async () => (await count(`status <> 'completed'`)) === 0, 120_000);

    const jobs = await Promise.all(ids.map((id) => when(id, () => true)));
    const completions = await database.query('SELECT job_id FROM seen WHERE completed');
    const late = jobs.filter(
      ({ jobId, finishedAt }) =>
        finishedAt!.getTime() - (interrupted.get(jobId) ?? Infinity) > (LEASE_SECONDS + 20) * 1000,
    );
    expect(interrupted.size).toBeGreaterThan(0);
    expect(late).toEqual([]);
    expect(completions.map(({ job_id }) => job_id).sort()).toEqual([...ids].sort());
    expect(jobs.filter(({ artifacts: files }) => files.length < 4)).toEqual([]);
    expect((await Promise.all(jobs.map(faultyFiles))).flat()).toEqual([]);
  });

  test('a runner that stood still while another took its job over writes nothing when it goes on', async () => {
    const still = beginRunner({ JOB_THREADS: '1' });
    const [id] = await submit([paths(600_000, 3)]);
    await when(id!, ({ status }) => status === 'running');

    still.child.kill('SIGSTOP');
    beginRunner();
    const completed = await when(id!, ({ status }) => status === 'completed');
    still.child.kill('SIGCONT');
    const [next] = await submit([paths(1_000, 1)]);
    await when(next!, ({ status }) => status === 'completed');

    expect(await store.modelJobs.find(id!)).toEqual(completed);
    expect(completed.attempts).toBe(2);
    expect(await database.query('SELECT 1 FROM seen WHERE completed AND job_id = $1', [id])).toHaveLength(1);
    expect(await faultyFiles(completed)).toEqual([]);
  });

  test('100 jobs with MAX_CONCURRENT_JOBS=10 on three runners never run more than ten at once', async () => {
    const ids = await submit(Array.from({ length: 100 }, (_, index) => paths(1_000, index)));

    for (const _ of [1, 2, 3]) beginRunner({ MAX_CONCURRENT_JOBS: '10', JOB_THREADS: '4' });
    await eventually(async () => (await count(`status <> 'completed'`)) === 0, 90_000, 100);

    const [most] = await database.query<{ live: number }>('SELECT max(live) AS live FROM seen');
    const owners = await database.query('SELECT job_id FROM seen WHERE completed');
    expect(most!.live).toBe(10);
    expect(owners).toHaveLength(ids.length);
  });
});
