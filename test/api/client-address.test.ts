import type { IncomingMessage } from 'node:http';
import { clientAddresses } from '../../src/api/client-address';

/** A request over a connection from `direct`, with what it says about those before it. */
function from(direct: string | undefined, forwardedFor?: string): IncomingMessage {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return { socket: { remoteAddress: direct }, headers } as unknown as IncomingMessage;
}

test.each([
  ['nobody is trusted', [], '203.0.113.9', '1.1.1.1', '203.0.113.9'],
  ['nobody is trusted', 0, '203.0.113.9', '1.1.1.1', '203.0.113.9'],
  ['a mapped address', [], '::ffff:203.0.113.9', undefined, '203.0.113.9'],
  ['one proxy', 1, '10.0.0.1', '198.51.100.7', '198.51.100.7'],
  ['one proxy, and what the caller made up before it', 1, '10.0.0.1', '1.1.1.1, 198.51.100.7', '198.51.100.7'],
  ['two proxies', 2, '10.0.0.1', '1.1.1.1, 198.51.100.7, 10.0.0.2', '198.51.100.7'],
  ['two proxies, of which only one wrote', 2, '10.0.0.1', '198.51.100.7', '198.51.100.7'],
  ['one proxy that writes nothing', 1, '10.0.0.1', undefined, '10.0.0.1'],
  ['a network of proxies', ['10.0.0.0/8'], '10.0.0.1', '1.1.1.1, 198.51.100.7, 10.9.9.9', '198.51.100.7'],
  ['a network, mapped', ['10.0.0.0/8'], '::ffff:10.0.0.1', '198.51.100.7', '198.51.100.7'],
  ['a network that the connection is not from', ['10.0.0.0/8'], '203.0.113.9', '1.1.1.1', '203.0.113.9'],
  ['a name for networks', ['loopback'], '127.0.0.1', '2001:DB8::1', '2001:db8::1'],
  ['a proxy that writes ports', 1, '10.0.0.1', '198.51.100.7:4711', '198.51.100.7'],
  ['the same with IPv6', 1, '10.0.0.1', '[2001:db8::1]:4711', '2001:db8::1'],
  ['text that is no address', 1, '10.0.0.1', 'unknown', '10.0.0.1'],
  ['markup', 1, '10.0.0.1', '<script>', '10.0.0.1'],
  ['an address in another spelling', 1, '10.0.0.1', '0x7f.1', '10.0.0.1'],
  ['no text', 1, '10.0.0.1', ' , ,', '10.0.0.1'],
  ['sixteen kilobytes of commas', 1, '10.0.0.1', ','.repeat(16_000), '10.0.0.1'],
])('%s: with %p, a connection from %s that says %p is %s', (_what, trustProxy, direct, said, expected) => {
  expect(clientAddresses(trustProxy)(from(direct, said))).toBe(expected);
});

test('a connection that is gone has no address', () => {
  expect(clientAddresses(1)(from(undefined, '1.1.1.1'))).toBe('1.1.1.1');
  expect(clientAddresses([])(from(undefined, '1.1.1.1'))).toBe('unknown');
});
