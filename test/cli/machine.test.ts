import { type ApiStandIn, openApiStandIn } from './api-stand-in';
import { runCommand } from './run-command';

describe('doctor', () => {
  const java = { what: 'Java', ok: true, detail: '17.0.15', advice: '' };
  const maven = { what: 'Maven', ok: false, detail: 'not found', advice: 'install Maven 3.8 or newer' };

  it('is content when nothing is missing', async () => {
    const { exitCode, stdout, stderr } = await runCommand(['doctor'], { diagnose: async () => [java] });

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Java +ok +17\.0\.15$/m);
    expect(stderr).toBe('');
  });

  it('fails when something is missing, and says what to do', async () => {
    const { exitCode, stdout, stderr } = await runCommand(['doctor'], { diagnose: async () => [java, maven] });

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^Maven +missing +not found$/m);
    expect(stdout).toContain('Maven: install Maven 3.8 or newer\n');
    expect(stderr).toBe('error: 1 thing missing on this machine\n');
  });

  it('prints every check with --json', async () => {
    const { exitCode, stdout } = await runCommand(['doctor', '--json'], { diagnose: async () => [java, maven] });

    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ ok: false, checks: [java, maven] });
  });
});

describe('status', () => {
  const health = {
    status: 'ok',
    service: { name: 'tickwire', version: '1.0.0', uptime_seconds: 3725 },
    dependencies: {
      database: { status: 'up', latency_ms: 2 },
      cache: { status: 'up', latency_ms: 1 },
      kafka: { status: 'up', latency_ms: 5 },
    },
    consumers: [{ name: 'price-history', title: 'T', group: 'price-history', topic: 'price-events', lag: 1204 }],
    models: [],
    providers: [{ name: 'finnhub', title: 'T', configured: false, missing: ['FINNHUB_API_KEY'], breaker: 'closed' }],
    outbox: { unpublished: 0 },
  };
  let api: ApiStandIn;

  beforeEach(async () => {
    api = await openApiStandIn();
  });

  afterEach(() => api.close());

  it('shows dependencies, consumers and providers', async () => {
    api.answerTo('/health', 200, health);
    api.answerTo('/api/v1/jobs?status=running', 200, { jobs: [{}, {}], next_cursor: null });
    api.answerTo('/api/v1/jobs?status=queued', 200, { jobs: Array.from({ length: 500 }), next_cursor: 'more' });

    const { exitCode, stdout } = await runCommand(['status', '--api', api.url]);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^tickwire 1\.0\.0, up 1 h 2 min$/m);
    expect(stdout).toMatch(/^database +up +2 ms$/m);
    expect(stdout).toMatch(/^price-history +lag +1,204 events$/m);
    expect(stdout).toMatch(/^finnhub +not configured +needs FINNHUB_API_KEY$/m);
    expect(stdout).toMatch(/^model jobs +running +2 jobs$/m);
    expect(stdout).toMatch(/^model jobs +queued +at least 500 jobs$/m);
  });

  it('shows the same of a service without its database, and fails', async () => {
    const database = { status: 'down', latency_ms: null, detail: 'the database does not answer' };
    const degraded = { ...health, dependencies: { ...health.dependencies, database } };
    api.answer(503, { ...degraded, type: 'about:blank', title: 'Service Unavailable', status: 503, detail: 'down' });

    const text = await runCommand(['status', '--api', api.url]);
    const json = await runCommand(['status', '--api', api.url, '--json']);

    expect(text.exitCode).toBe(1);
    expect(text.stdout).toMatch(/^database +down +the database does not answer$/m);
    expect(text.stderr).toBe('error: down: database\n');
    expect(text.stdout).toMatch(/^model jobs +running +unknown$/m);
    expect(JSON.parse(json.stdout)).toMatchObject({
      dependencies: { database },
      model_jobs: { running: null, queued: null },
    });
  });
});
