import { parseConfig } from '../../src/platform/config';
import { tracingConfigOf } from '../../src/platform/tracing-config';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel-collector:4318/' };

test('nothing is traced where no endpoint is given, whatever else is', () => {
  expect(tracingConfigOf({ OTEL_TRACES_SAMPLER: 'always_on' })).toBeUndefined();
});

test('the variables are those of OpenTelemetry', () => {
  const config = tracingConfigOf({
    ...ENDPOINT,
    OTEL_SERVICE_NAME: 'prices',
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-team=a%20b, authorization=Bearer%20abc=,',
  });

  expect(config).toEqual({
    url: new URL('http://otel-collector:4318/v1/traces'),
    headers: { 'x-team': 'a b', authorization: 'Bearer abc=' },
    serviceName: 'prices',
    sampler: 'parentbased_traceidratio',
    ratio: 0.25,
  });
});

test.each([
  ['no URL', { OTEL_EXPORTER_OTLP_ENDPOINT: 'otel-collector' }],
  ['another protocol', { OTEL_EXPORTER_OTLP_ENDPOINT: 'grpc://otel-collector:4317' }],
  ['credentials in the URL', { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://u:planted@otel.example' }],
  ['a query', { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example/?key=planted' }],
  ["a cloud's metadata", { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://169.254.169.254' }],
  ['an unknown sampler', { ...ENDPOINT, OTEL_TRACES_SAMPLER: 'planted' }],
  ['a share above one', { ...ENDPOINT, OTEL_TRACES_SAMPLER_ARG: '7' }],
  ['headers without names', { ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: 'planted' }],
  ['a line break in a header', { ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: 'a=planted%0d%0ab:c' }],
])('%s stops the start, by name and without the value', (_, variables) => {
  const [name = ''] = Object.keys(variables).slice(-1);

  expect(() => parseConfig(variables)).toThrow(name);
  expect(() => parseConfig(variables)).not.toThrow('planted');
});

test.each([
  'http://10.0.0.5:4318',
  'http://127.0.0.1:4318',
  'http://collector.observability.svc:4318',
  'https://otel.example',
])('a collector may be at %s', (endpoint) => {
  expect(tracingConfigOf({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })?.url.href).toBe(`${endpoint}/v1/traces`);
});
