import { writeMetricsTargets } from '../../src/local/metrics-targets';
import { temporaryFolder } from '../support/temporary-folder';
import { runCommand } from './run-command';

describe('dashboard', () => {
  it('says how to bring the dashboards up, and how to have metrics told, where nothing tells any', async () => {
    const { exitCode, stdout } = await runCommand(['dashboard'], { environment: { TICKWIRE_HOME: temporaryFolder() } });

    expect(exitCode).toBe(0);
    expect(stdout).toContain('docker compose --profile observability up');
    expect(stdout).toContain('METRICS_PORT=9400 npm start');
  });

  it('names what a running start tells metrics on', async () => {
    const home = temporaryFolder();
    writeMetricsTargets(home, { host: '127.0.0.1', metricsPort: 9400 }, [{ name: 'api' }, { name: 'poller' }]);

    const { stdout } = await runCommand(['dashboard'], { environment: { TICKWIRE_HOME: home } });

    expect(stdout).toContain('  http://127.0.0.1:9400/metrics\n  http://127.0.0.1:9401/metrics\n');
    expect(stdout).toContain('prometheus --config.file=deploy/observability/prometheus-local.yml');
  });

  it('prints the same with --json', async () => {
    const { stdout } = await runCommand(['dashboard', '--json'], {
      environment: { TICKWIRE_HOME: temporaryFolder() },
    });

    expect(JSON.parse(stdout)).toMatchObject({ targets: [], grafana: 'http://127.0.0.1:3000/d/tickwire-overview' });
  });
});
