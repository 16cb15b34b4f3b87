import { openFinnhub } from '../../src/providers/finnhub';
import { DIALECTS, type Reply, startSpeaking, startVendor, type VendorStandIn } from './vendor-stand-in';

const KEY = 'a-secret-key';
const never = new AbortController().signal;
let vendor: VendorStandIn;
afterEach(() => vendor.stop());

async function fetchFrom(reply: Reply, symbol = 'AAPL') {
  vendor = await startSpeaking(DIALECTS.finnhub!, () => reply);
  return openFinnhub({ FINNHUB_API_KEY: KEY, FINNHUB_BASE_URL: vendor.url }, () => new Date()).fetchQuotes(
    [symbol],
    never,
  );
}

test('the answer of /quote becomes a price without currency or volume, and is kept as it came', async () => {
  const body = { c: 261.74, h: 263.31, l: 260.68, o: 261.07, pc: 259.45, t: 1582641000 };

  const batch = await fetchFrom({ body: JSON.stringify(body) });

  expect(batch).toEqual({
    raw: body,
    quotes: [
      {
        symbol: 'AAPL',
        price: 261.74,
        currency: null,
        volume: null,
        observedAt: new Date('2020-02-25T14:30:00.000Z'),
        sequence: 0,
      },
    ],
    failures: [],
  });
});

test('the key travels in a header, never in the address', async () => {
  await fetchFrom({ body: '{"c":1,"t":1582641000}' }, 'BRK.B');

  const [request] = vendor.requests;
  expect(request?.headers['x-finnhub-token']).toBe(KEY);
  expect([...request!.query]).toEqual([['symbol', 'BRK.B']]);
});

test('zeros are a symbol it does not know; a zero price at a time is an invalid quote', async () => {
  const zeros = await fetchFrom({ body: '{"c":0,"d":null,"dp":null,"h":0,"l":0,"o":0,"pc":0,"t":0}' });
  await vendor.stop();
  const zeroPrice = await fetchFrom({ body: '{"c":0,"t":1582641000}' });

  expect(zeros.failures).toMatchObject([{ code: 'SYMBOL_UNKNOWN' }]);
  expect(zeroPrice.failures).toMatchObject([{ code: 'QUOTE_INVALID' }]);
});

test.each([401, 403])('a %i names the variable whose key was refused, not the key', async (status) => {
  const outcome = fetchFrom({ status, body: '{"error":"Invalid API key"}' });

  await expect(outcome).rejects.toMatchObject({
    code: 'PROVIDER_REFUSED',
    message: `finnhub answered ${status}: it refuses the key in FINNHUB_API_KEY`,
  });
});

test('a 429 that does not say how long is a pause of a minute', async () => {
  await expect(fetchFrom({ status: 429 })).rejects.toMatchObject({
    code: 'PROVIDER_RATE_LIMITED',
    retryAfterMs: 60_000,
  });
});

test('a redirect is not followed: the key would go with it', async () => {
  const elsewhere = await startVendor(() => ({ body: '{"c":1,"t":1582641000}' }));

  const outcome = fetchFrom({ status: 302, headers: { location: `${elsewhere.url}/quote` } });

  await expect(outcome).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
  expect(elsewhere.requests).toEqual([]);
  await elsewhere.stop();
});

test('a key that no header can hold does not show up in the error', async () => {
  vendor = await startVendor(() => ({}));
  const source = openFinnhub({ FINNHUB_API_KEY: `${KEY}\n`, FINNHUB_BASE_URL: vendor.url }, () => new Date());

  const error = await source.fetchQuotes(['AAPL'], never).catch((thrown: Error) => thrown);

  expect(error).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', message: expect.not.stringContaining(KEY) });
});
