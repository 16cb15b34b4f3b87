import { once } from 'node:events';
import { createServer } from 'node:net';
import { connect } from 'node:tls';
import { tlsFaultOf } from '../../src/platform/tls-fault';

const PEER = { service: 'Kafka', trustedBy: 'THE_CA', certificateBy: 'THE_PAIR', turnedOnBy: 'THE_SWITCH' };
const errorOf = (code: string, message = 'told', cause?: unknown) =>
  Object.assign(new Error(message, { cause }), { code });

test.each([
  ['SELF_SIGNED_CERT_IN_CHAIN', /not signed by an authority trusted here \(told\).*THE_CA/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /THE_CA/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /THE_CA/],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /THE_CA/],
  ['CERT_HAS_EXPIRED', /not valid now/],
  ['CERT_NOT_YET_VALID', /not valid now.*clock/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /for another host/],
  ['CERT_REVOKED', /refused/],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /wants a certificate of this side.*THE_PAIR/],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /THE_PAIR/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS on this port.*THE_SWITCH/],
])('%s is a sentence', (code, sentence) => {
  expect(tlsFaultOf(errorOf(code), PEER)).toMatch(sentence);
});

test('a fault is found behind wrappers, also where an error is its own cause', () => {
  const wrapped = new Error('outer', { cause: new Error('middle', { cause: errorOf('CERT_HAS_EXPIRED') }) });
  const round: Error & { cause?: unknown } = new Error('round');
  round.cause = round;

  expect(tlsFaultOf(wrapped, PEER)).toMatch(/not valid now/);
  expect(tlsFaultOf(round, PEER)).toBeUndefined();
});

test.each([
  errorOf('ECONNREFUSED'),
  errorOf('ECONNRESET'),
  errorOf('ETIMEDOUT'),
  new Error('x'),
  'text',
  null,
  undefined,
])('what may pass by itself is none: %p', (error) => {
  expect(tlsFaultOf(error, PEER)).toBeUndefined();
});

test('a server that answers a handshake in plain text does not speak TLS', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  const [error] = await once(
    connect({ host: '127.0.0.1', port }).on('close', () => undefined),
    'error',
  ).catch((failed: unknown) => [failed]);
  server.close();

  expect(tlsFaultOf(error, PEER)).toBe(
    'Kafka does not speak TLS on this port: give its TLS port, or change THE_SWITCH',
  );
});
