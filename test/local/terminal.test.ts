import { step, terminalLog, warningOf } from '../../src/local/terminal';

describe('the terminal', () => {
  it('shows warnings and errors of a process in one short line, and nothing else', () => {
    const line = (level: string) => `{"level":"${level}","process":"api","error":"no answer","msg":"redis is away"}`;

    expect(['debug', 'info', 'warn', 'error'].map((level) => warningOf(line(level)))).toEqual([
      undefined,
      undefined,
      'warn: redis is away: no answer',
      'error: redis is away: no answer',
    ]);
    expect(warningOf('"level":"error" but not JSON')).toBeUndefined();
  });

  it('shows what is fatal as the sentence it is', () => {
    const lines: string[] = [];
    const log = terminalLog((line) => lines.push(line));

    log.info({}, 'start is ready');
    log.error({ error: 'port 8000 is in use by node (pid 1): stop it', stack: 'Error: …' }, 'fatal');

    expect(lines).toEqual(['tickwire: port 8000 is in use by node (pid 1): stop it']);
  });

  it('shows each step with its result and its time, a failed one too', async () => {
    const lines: string[] = [];

    await step(
      (line) => lines.push(line),
      'Kafka',
      async () => 9092,
      (port) => `127.0.0.1:${port}`,
    );
    await step(
      (line) => lines.push(line),
      'Topics',
      () => Promise.reject(new Error('away')),
    ).catch(() => undefined);

    expect(lines[0]).toMatch(/^ {2}ok {5}Kafka +127\.0\.0\.1:9092 +0\.0 s$/);
    expect(lines[1]).toMatch(/^ {2}failed Topics +0\.0 s$/);
  });
});
