import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Environment } from '../../src/platform/environment';
import { PROVIDERS } from '../../src/providers';
import { localQuota, openProviders } from '../../src/providers/open-provider';
import { MAX_ANSWER_BYTES, openExchange } from '../../src/providers/vendor-exchange';
import { DIALECTS, startSpeaking, startVendor, type VendorStandIn } from './vendor-stand-in';

const KEY = 'a-key-that-only-the-vendor-may-see';
const SECRETS = { FINNHUB_API_KEY: KEY, EODHD_API_KEY: KEY, TWELVE_DATA_API_KEY: KEY };
const never = new AbortController().signal;

const vendors: VendorStandIn[] = [];

afterEach(async () => {
  for (const vendor of vendors.splice(0)) await vendor.stop();
});

function started(vendor: VendorStandIn): VendorStandIn {
  vendors.push(vendor);
  return vendor;
}

const openIn = (environment: Environment) =>
  openProviders({ environment: { ...SECRETS, ...environment }, takeQuota: localQuota() });

const VARIABLES = PROVIDERS.flatMap(({ variables }) => variables.map(({ name }) => name)).filter((name) =>
  name.endsWith('_BASE_URL'),
);

test.each([
  ['a private address', 'https://10.0.0.1/secret-path'],
  ['the metadata of a cloud', 'http://169.254.169.254/secret-path'],
  ['this machine, in production', 'http://127.0.0.1/secret-path'],
  ['plain http', 'http://example.com/secret-path'],
  ['credentials', 'https://user:secret-path@example.com'],
  ['another protocol', 'file:///secret-path'],
  ['no address', 'secret-path'],
])(
  'base addresses with %s are all told at the start by the names of their variables, without their values',
  (_what, text) => {
    const environment = Object.fromEntries(VARIABLES.map((name) => [name, text]));

    const open = () => openIn({ ...environment, NODE_ENV: 'production' });

    expect(VARIABLES).toHaveLength(4);
    expect(open).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    for (const name of VARIABLES) expect(open).toThrow(name);
    expect(open).not.toThrow('secret-path');
  },
);

test('variables of others are none of ours', () => {
  expect(() => openIn({ NODE_ENV: 'production', OTHER_BASE_URL: 'http://10.0.0.1' })).not.toThrow();
});

test.each(Object.entries(DIALECTS))(
  '%s: a redirect is not followed, and nobody else gets the key',
  async (name, dialect) => {
    const elsewhere = started(await startVendor(() => ({ body: '{}' })));
    const reply = () => ({ status: 302, headers: { location: `${elsewhere.url}/stolen` } });
    const vendor = started(await startSpeaking(dialect, reply));

    const batch = await openIn({ [dialect.baseUrlVariable]: vendor.url })
      .source(name)
      .fetchQuotes(['AAPL'], never);

    expect(batch.quotes).toEqual([]);
    expect(batch.failures).toMatchObject([{ symbol: 'AAPL', code: 'PROVIDER_UNAVAILABLE' }]);
    expect(elsewhere.requests).toEqual([]);
    expect(vendor.requests.length).toBeGreaterThan(0);
  },
);

test.each(Object.entries(DIALECTS))(
  '%s: in production an address of this machine is not asked, whoever opens it',
  async (name, dialect) => {
    const vendor = started(await startSpeaking(dialect, () => ({ body: '{}' })));
    const definition = PROVIDERS.find((provider) => provider.name === name);

    const open = () =>
      definition?.open?.({ ...SECRETS, NODE_ENV: 'production', [dialect.baseUrlVariable]: vendor.url });

    expect(open).toThrow(expect.objectContaining({ code: 'PROVIDER_NOT_CONFIGURED' }));
    expect(open).toThrow(dialect.baseUrlVariable);
    expect(vendor.requests).toEqual([]);
  },
);

test('each hop of a redirect that a library follows itself is looked at like the first', async () => {
  const vendor = started(await startVendor(() => ({ body: '{}' })));
  const ask = openExchange({ NODE_ENV: 'production' });

  for (const address of [
    vendor.url,
    vendor.url.replace('127.0.0.1', 'localhost'),
    'https://169.254.169.254/guce.yahoo',
  ]) {
    await expect(ask(new URL(address), { signal: never })).rejects.toMatchObject({ code: 'ERR_ADDRESS_REFUSED' });
  }
  expect(vendor.requests).toEqual([]);
});

test('a compressed answer is read, and one that unfolds without end is not read to its end', async () => {
  const bodies = [gzipSync('{"plain":"ä"}'), gzipSync(Buffer.alloc(MAX_ANSWER_BYTES + 1, 0x20))];
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bodies.shift());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const ask = openExchange({});

  const first = await ask(url, { signal: never });
  const second = await ask(url, { signal: never }).then(
    ({ text }) => text.length,
    (error: NodeJS.ErrnoException) => error.code,
  );
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));

  expect(first.text).toBe('{"plain":"ä"}');
  expect(second).toBe('ERR_ANSWER_TOO_LARGE');
});
