import request from 'supertest';
import { anApi, down, NOON } from '../support/api';
import { aPriceEvent } from '../support/price-events';

/** Two events share each instant, so that paging must look further than the time. */
const events = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    aPriceEvent({
      price: 10 + index,
      sequence: index % 2,
      observedAt: new Date(NOON.getTime() + Math.floor(index / 2) * 1000),
    }),
  );
const get = (app: Parameters<typeof request>[0], query = '') => request(app).get(`/prices/history?symbol=AAPL${query}`);
const ids = (prices: { event_id: string }[]) => prices.map((price) => price.event_id);

test('points come oldest first, page by page, each once', async () => {
  const { app, store } = anApi();
  const seven = events(7);
  await store.prices.insert([...seven].reverse());

  const pages = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body } = await get(app, `&limit=3${cursor && `&cursor=${cursor}`}`);
    pages.push(ids(body.prices));
    cursor = body.next_cursor;
  }

  expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
  expect(pages.flat()).toEqual(seven.map(({ eventId }) => eventId));
});

test('the last page, when it is full, has no cursor', async () => {
  const { app, store } = anApi();
  await store.prices.insert(events(3));

  const { body } = await get(app, '&limit=3');

  expect(body).toMatchObject({ symbol: 'AAPL', provider: 'fixture', next_cursor: null });
  expect(body.prices[0]).toEqual({
    event_id: 'fixture:AAPL:1767614400000:0:10',
    symbol: 'AAPL',
    provider: 'fixture',
    price: 10,
    currency: 'USD',
    volume: 10,
    timestamp: '2026-01-05T12:00:00.000Z',
    sequence: 0,
    fetched_at: '2026-01-05T15:00:01.000Z',
    raw_response_id: null,
    ingested_at: NOON.toISOString(),
  });
});

test('start is inclusive, end exclusive, in any offset; a date is its midnight', async () => {
  const { app, store } = anApi();
  await store.prices.insert(events(8));

  const between = await get(app, '&start=2026-01-05T13:00:01%2B01:00&end=2026-01-05T12:00:03Z');
  const before = await get(app, '&end=2026-01-05');

  expect(between.body.prices.map(({ price }: { price: number }) => price)).toEqual([12, 13, 14, 15]);
  expect(before.body.prices).toEqual([]);
});

test('CSV comes with a header line, its fields quoted where they must be', async () => {
  const { app, store } = anApi();
  await store.prices.insert([aPriceEvent({ currency: 'a"b,c', volume: null, observedAt: NOON })]);

  const answer = await get(app).set('Accept', 'text/csv');

  const [header, line, end] = answer.text.split('\r\n');
  expect(answer.headers['content-type']).toContain('text/csv');
  expect(header).toBe(
    'event_id,symbol,provider,price,currency,volume,timestamp,sequence,fetched_at,raw_response_id,ingested_at',
  );
  expect(line).toContain(',AAPL,fixture,100,"a""b,c",,2026-01-05T12:00:00.000Z,0,');
  expect(end).toBe('');
});

test('CSV of nothing is the header line', async () => {
  const answer = await get(anApi().app).set('Accept', 'text/csv');

  expect(answer.text).toMatch(/^event_id,[a-z_,]+\r\n$/);
});

test('NDJSON is the same points, one a line, and limit bounds it', async () => {
  const { app, store } = anApi();
  await store.prices.insert(events(7));

  const answer = await get(app, '&limit=5').set('Accept', 'application/x-ndjson').buffer(true).parse(asText);

  const lines = answer.body.trimEnd().split('\n');
  const page = await get(app, '&limit=5');
  expect(lines.map((line: string) => JSON.parse(line))).toEqual(page.body.prices);
});

test('a stream goes on past its pages, and from a cursor', async () => {
  const { app, store } = anApi();
  await store.prices.insert(events(2500));
  const { body } = await get(app, '&limit=1');

  const answer = await get(app, `&cursor=${body.next_cursor}`)
    .set('Accept', 'application/x-ndjson')
    .buffer(true)
    .parse(asText);

  const prices = answer.body
    .trimEnd()
    .split('\n')
    .map((line: string) => JSON.parse(line).price);
  expect(prices).toEqual(Array.from({ length: 2499 }, (_, index) => 11 + index));
});

test('a database that is away is a problem, for a stream too', async () => {
  const { app } = anApi(({ store }) => ({ store: down(store, 'STORE_UNAVAILABLE').part }));

  const answer = await get(app).set('Accept', 'text/csv');

  expect([answer.status, answer.body.code]).toEqual([503, 'STORE_UNAVAILABLE']);
});

test('a database that goes away midway breaks the stream off, so that a part is not taken for the whole', async () => {
  let pages = 0;
  const { app } = anApi(({ store }) => {
    const { part } = down(store.prices, 'STORE_UNAVAILABLE');
    const list: typeof store.prices.list = async (query) => {
      pages += 1;
      return pages < 3 ? store.prices.list(query) : part.list(query);
    };
    void store.prices.insert(events(5000));
    return { store: { ...store, prices: { ...store.prices, list } } };
  });

  const broken = get(app)
    .set('Accept', 'text/csv')
    .then(() => 'whole');

  await expect(broken).rejects.toThrow(/aborted|hang up/);
});

function asText(response: request.Response, done: (error: Error | null, text: string) => void): void {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (part: string) => (text += part));
  response.on('end', () => done(null, text));
}
