import request from 'supertest';
import { advanceWindow, EMPTY_WINDOW } from '../../src/domain/moving-average';
import type { PriceEvent } from '../../src/domain/price-event';
import type { Store } from '../../src/store/store';
import { anApi, down, NOON } from '../support/api';
import { aPriceEvent } from '../support/price-events';

const SERIES = { symbol: 'AAPL', provider: 'fixture' };
const events = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    aPriceEvent({ price: 10 + index, observedAt: new Date(NOON.getTime() + index * 1000) }),
  );

/** What the moving-average consumer does with a batch. */
async function average(store: Store, batch: readonly PriceEvent[], size: number): Promise<void> {
  const [stored] = await store.averages.loadWindows([SERIES], size);
  const { window, averages } = advanceWindow(stored!.window, batch, size);
  const rows = averages.map(({ last, average }) => ({ ...SERIES, ...last, window: size, average }));
  await store.averages.save({ size, windows: [{ ...stored!, window }], averages: rows });
}

test('the configured window is the stored average, with the events in it', async () => {
  const { app, store } = anApi();
  const five = events(5);
  await average(store, five, 3);

  const answer = await request(app).get('/prices/average?symbol=aapl');

  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    ...SERIES,
    window: 3,
    average: 13,
    count: 3,
    timestamp: five[4]!.observedAt.toISOString(),
    event_ids: five.slice(2).map(({ eventId }) => eventId),
  });
});

test('any other window is computed from the stored prices', async () => {
  const { app, store } = anApi();
  const five = events(5);
  await store.prices.insert(five);

  const answer = await request(app).get('/prices/average?symbol=AAPL&window=4&provider=made-up');

  expect(answer.body).toMatchObject({ window: 4, average: 12.5, count: 4 });
  expect(answer.body.event_ids).toEqual(five.slice(1).map(({ eventId }) => eventId));
});

test('the configured window is computed from the stored prices while the consumer has not stored it', async () => {
  const { app, store } = anApi();
  await store.prices.insert(events(5));

  const answer = await request(app).get('/prices/average?symbol=AAPL&window=3');

  expect(answer.body).toMatchObject({ window: 3, average: 13 });
});

test('a stored average whose window is gone is computed from the stored prices', async () => {
  const { app, store } = anApi();
  const five = events(5);
  await average(store, five, 3);
  const [stored] = await store.averages.loadWindows([SERIES], 3);
  await store.averages.save({ size: 3, windows: [{ ...stored!, window: EMPTY_WINDOW }], averages: [] });
  await store.prices.insert(five);

  const answer = await request(app).get('/prices/average?symbol=AAPL');

  expect(answer.body).toMatchObject({ average: 13, count: 3 });
});

test('a late price takes its place', async () => {
  const { app, store } = anApi();
  const [one, two, three, four] = events(4);
  await average(store, [one!, two!, four!], 3);
  await average(store, [three!], 3);

  const answer = await request(app).get('/prices/average?symbol=AAPL');

  expect(answer.body).toMatchObject({ average: 12, event_ids: [two, three, four].map((event) => event!.eventId) });
});

test('an average that is not ready says how many prices there are', async () => {
  const { app, store } = anApi();
  await store.prices.insert(events(2));

  const answer = await request(app).get('/prices/average?symbol=AAPL&window=5');

  expect([answer.status, answer.body.code]).toEqual([404, 'AVERAGE_NOT_READY']);
  expect(answer.body.detail).toBe('an average of AAPL from fixture needs 5 prices, and there are 2 so far');
});

test('without the database it is 503', async () => {
  const { app } = anApi(({ store }) => ({ store: down(store, 'STORE_UNAVAILABLE').part }));

  const answer = await request(app).get('/prices/average?symbol=AAPL');

  expect([answer.status, answer.body.code]).toEqual([503, 'STORE_UNAVAILABLE']);
});
