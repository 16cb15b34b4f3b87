import { createServer, get } from 'node:http';
import { get as getHttps } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import {
  checkOutgoingUrl,
  guardedAgents,
  guardedLookup,
  type OutgoingRules,
  outgoingRulesOf,
} from '../../src/platform/outgoing-url';

const production = outgoingRulesOf({ NODE_ENV: 'production' });
const own = outgoingRulesOf({});
const allowing = outgoingRulesOf({ NODE_ENV: 'production', ALLOW_PRIVATE_BASE_URLS: 'true' });

function faultOf(text: string, rules: OutgoingRules): string {
  try {
    checkOutgoingUrl('VENDOR_BASE_URL', text, rules);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test.each([
  ['https://example.com', [true, true, true]],
  ['https://example.com:8443/api/v1?x=1', [true, true, true]],
  ['https://8.8.8.8', [true, true, true]],
  ['http://example.com', [false, false, true]],
  ['http://8.8.8.8', [false, false, false]],
  ['http://127.0.0.1:9000', [false, true, true]],
  ['https://127.0.0.1', [false, true, true]],
  ['http://localhost:9000', [false, true, true]],
  ['http://api.localhost.', [false, true, true]],
  ['http://[::1]:9000', [false, true, true]],
  ['http://127.1', [false, true, true]],
  ['http://2130706433', [false, true, true]],
  ['http://0x7f.0.0.1', [false, true, true]],
  ['http://0177.0.0.1', [false, true, true]],
  ['http://[::ffff:127.0.0.1]', [false, true, true]],
  ['https://10.0.0.1', [false, false, true]],
  ['http://192.168.1.1', [false, false, true]],
  ['https://[fd12::1]', [false, false, true]],
  ['https://169.254.169.254/latest/meta-data', [false, false, false]],
  ['http://169.254.169.254', [false, false, false]],
  ['http://[::ffff:a9fe:a9fe]', [false, false, false]],
  ['http://[fd00:ec2::254]', [false, false, false]],
  ['https://100.100.100.200', [false, false, false]],
  ['https://0.0.0.0', [false, false, false]],
  ['https://224.0.0.1', [false, false, false]],
  ['https://user:password@example.com', [false, false, false]],
  ['https://user@example.com', [false, false, false]],
  ['ftp://example.com', [false, false, false]],
  ['file:///etc/passwd', [false, false, false]],
  ['gopher://127.0.0.1', [false, false, false]],
  ['data:,x', [false, false, false]],
  ['//example.com', [false, false, false]],
  ['example.com', [false, false, false]],
  ['https://', [false, false, false]],
  ['', [false, false, false]],
])('%s: allowed in production, on one machine, and with a private network: %p', (text, expected) => {
  expect([production, own, allowing].map((rules) => faultOf(text, rules) === '')).toEqual(expected);
});

test('a fault names the variable and what is expected, and never the value', () => {
  const faults = ['https://user:hunter2@10.0.0.1', 'http://secret-host', 'secret', 'https://10.9.8.7/secret'].map(
    (text) => faultOf(text, production),
  );

  for (const fault of faults) expect(fault).toMatch(/^VENDOR_BASE_URL: expected /);
  expect(faults.join()).not.toMatch(/hunter2|secret|10\.9/);
  expect(faults[3]).toContain('a private address; ALLOW_PRIVATE_BASE_URLS=true allows it');
});

/** A name server that says what it is told, one answer after the other. */
function resolving(...answers: string[][]): LookupFunction {
  return (_hostname, _options, done) => {
    const addresses = answers.shift() ?? [];
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

function lookUp(
  addresses: string[],
  { protocol = 'https:', rules = production }: { protocol?: 'http:' | 'https:'; rules?: OutgoingRules } = {},
): Promise<unknown> {
  return new Promise((resolve) => {
    guardedLookup(protocol, rules, resolving(addresses))('name.example', { all: true }, (error, found) =>
      resolve(error ? (error as NodeJS.ErrnoException).code : found),
    );
  });
}

test('a name is connected to where all of its addresses are allowed', async () => {
  const both = ['93.184.216.34', '2606:4700::1'];

  expect(await lookUp(both)).toEqual([
    { address: both[0], family: 4 },
    { address: both[1], family: 6 },
  ]);
  expect(await lookUp(['10.0.0.1'], { rules: allowing, protocol: 'http:' })).toEqual([
    { address: '10.0.0.1', family: 4 },
  ]);
});

test.each([
  ['one private address among others', ['93.184.216.34', '10.0.0.1'], {}],
  ['the metadata of a cloud', ['169.254.169.254'], { rules: allowing }],
  ['the same mapped', ['::ffff:169.254.169.254'], { rules: allowing }],
  ['loopback in production', ['127.0.0.1'], {}],
  ['the internet by http', ['93.184.216.34'], { rules: allowing, protocol: 'http:' as const }],
  ['nothing', [], {}],
])('a name that resolves to %s is not connected to', async (_what, addresses, rules) => {
  expect(await lookUp(addresses, rules)).toBe('ERR_ADDRESS_REFUSED');
});

test('a name that nobody knows is told as that', async () => {
  const unknown = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  const failing: LookupFunction = (_hostname, _options, done) => done(unknown, '');

  const outcome = await new Promise((resolve) =>
    guardedLookup('https:', production, failing)('name.example', {}, (error) => resolve(error)),
  );

  expect(outcome).toBe(unknown);
});

test('a library that asks for one address gets one', async () => {
  const outcome = await new Promise((resolve) =>
    guardedLookup('https:', production, resolving(['93.184.216.34', '8.8.8.8']))('name.example', {}, (...found) =>
      resolve(found),
    ),
  );

  expect(outcome).toEqual([null, '93.184.216.34', 4]);
});

test('connections by https are looked at like those by http', async () => {
  const agent = guardedAgents(production, resolving(['127.0.0.1']))['https:'];

  const code = await new Promise((resolve) => {
    getHttps({ host: 'name.example', agent }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });

  expect(code).toBe('ERR_ADDRESS_REFUSED');
});

test('a name that resolved to an allowed address at first and to another later is looked at each time', async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.setHeader('Connection', 'close').end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const agents = guardedAgents(own, resolving(['127.0.0.1'], ['10.255.255.1'], ['169.254.169.254']));
  const ask = () =>
    new Promise<unknown>((resolve) => {
      get({ host: 'rebinding.example', port, agent: agents['http:'] }, (response) =>
        response.resume().on('end', () => resolve(response.statusCode)),
      ).on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });

  const outcomes = [await ask(), await ask(), await ask()];
  await new Promise((resolve) => server.close(resolve));

  expect(outcomes).toEqual([200, 'ERR_ADDRESS_REFUSED', 'ERR_ADDRESS_REFUSED']);
  expect(asked).toBe(1);
});
