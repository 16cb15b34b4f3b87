import type { Log } from '../../src/platform/log';
import { silentLog } from '../../src/platform/log';
import type { Service } from '../../src/platform/service';
import { tracingOf } from '../../src/platform/tracing';
import { keepingExporter } from './collector';

/** A caller's `traceparent`. */
export const REMOTE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** Tracing of the process that runs the tests, into `collector`; it ends after each test. */
export function tracingInTests() {
  const running: Service[] = [];
  const kept = { collector: keepingExporter() };
  const trace = async (variables: Record<string, string> = {}, log: Log = silentLog) => {
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', ...variables };
    const [tracing] = tracingOf('test', environment, { log, exporter: kept.collector.exporter });
    running.push(tracing!);
    await tracing!.start();
  };
  /** Ends tracing, which sends what waits. */
  const flush = async () => {
    for (const service of running.splice(0)) await service.stop();
  };
  beforeEach(() => {
    kept.collector = keepingExporter();
  });
  afterEach(flush);
  return { trace, flush, kept };
}
