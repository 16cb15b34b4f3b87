import { randomUUID } from 'node:crypto';
import { modelJobEvents, newsItems, symbolAverages } from '../../src/bus/topics';
import { type NewsItem, toNewsWire } from '../../src/domain/news-item';
import { eventually } from '../support/eventually';
import { type ServedLive, serveLive } from '../support/live';
import type { LiveClient } from '../support/live-client';

let served: ServedLive;
let minute = 0;

beforeEach(async () => {
  served = await serveLive({ sideLingerMs: 50 });
});

afterEach(() => served.stop());

function aHeadline(symbol: string): NewsItem {
  minute += 1;
  return {
    newsId: `fixture:${symbol}:${minute}`,
    symbol,
    headline: `Headline ${minute}`,
    summary: null,
    url: `https://news.example/${minute}`,
    source: 'fixture',
    publishedAt: new Date(Date.UTC(2026, 0, 5, 12, minute)),
  };
}

const publishNews = (...items: NewsItem[]) => served.bus.publish(items.map((item) => newsItems.message(item)));
const headlinesOf = (client: LiveClient) =>
  client.frames.flatMap(({ news, items }) =>
    ((news ?? items ?? []) as { headline: string }[]).map((it) => it.headline),
  );

/** Waits until what the client said so far was obeyed: frames are, one after the other. */
async function heard(client: LiveClient): Promise<void> {
  client.say('ping');
  await eventually(() => client.texts.includes('pong'));
}

const anAverage = (symbol: string, average: number, second: number) => ({
  symbol,
  provider: 'fixture',
  window: 5,
  average,
  observedAt: new Date(Date.UTC(2026, 0, 5, 12, 0, second)),
  sequence: 0,
  eventId: `fixture:${symbol}:${second}`,
});

describe('news', () => {
  test('a client is told the newest fifty that are stored, then each that is published, once', async () => {
    const stored = Array.from({ length: 60 }, () => aHeadline('A'));
    await served.store.news.insert(stored);
    const client = served.connect('/ws/news');
    const snapshot = await client.told('snapshot');

    const fresh = aHeadline('B');
    await publishNews(fresh);
    const first = await client.told('news');
    await served.store.news.insert([fresh]);
    await publishNews(fresh);
    const next = aHeadline('C');
    await publishNews(next);
    await eventually(() => headlinesOf(client).includes(next.headline));

    expect(snapshot.news).toEqual(stored.slice(10).toReversed().map(toNewsWire));
    expect(headlinesOf(client).slice(50)).toEqual([fresh.headline, next.headline]);
    expect(first).toMatchObject({ items: [toNewsWire(fresh)], from: snapshot.sequence! + 1 });
  });

  test('what was published before anyone was connected is not published again', async () => {
    await publishNews(aHeadline('A'), aHeadline('A'));
    const client = served.connect('/ws/news');
    await client.told('snapshot');

    const fresh = aHeadline('A');
    await publishNews(fresh);
    await eventually(() => headlinesOf(client).includes(fresh.headline));

    expect(headlinesOf(client)).toEqual([fresh.headline]);
  });

  test('a headline that is on the topic but not stored yet is in the snapshot of whoever comes then', async () => {
    const early = served.connect('/ws/news');
    await early.told('snapshot');
    const fresh = aHeadline('A');
    await publishNews(fresh);
    await early.told('news');

    const late = served.connect('/ws/news');
    const all = await late.told('snapshot');
    late.say({ watchlist: ['A'] });
    const listed = await late.told('snapshot', 2);

    expect(all.news).toEqual([toNewsWire(fresh)]);
    expect(listed.news).toEqual([toNewsWire(fresh)]);
  });

  test('a watchlist holds for the snapshot and for what follows', async () => {
    const [old, other] = [aHeadline('OLD'), aHeadline('OTHER')];
    await served.store.news.insert([old, other]);
    const client = served.connect('/ws/news');
    await client.told('snapshot');

    client.say({ watchlist: ['OLD'] });
    const listed = await client.told('snapshot', 2);
    const [unwatched, watched] = [aHeadline('OTHER'), aHeadline('OLD')];
    await publishNews(unwatched, watched);
    const told = await client.told('news');

    expect(listed.news).toEqual([toNewsWire(old)]);
    expect(told.items).toEqual([toNewsWire(watched)]);
  });

  test('a client that comes back is told what it missed', async () => {
    const [staying, leaving] = [served.connect('/ws/news'), served.connect('/ws/news')];
    await staying.told('snapshot');
    const { sequence } = await leaving.told('snapshot');
    await leaving.end();
    const missed = [aHeadline('A'), aHeadline('B')];
    await publishNews(...missed);
    await eventually(() => headlinesOf(staying).length === 2);

    const back = served.connect(`/ws/news?resume=${sequence}`);
    const told = await back.told('news');

    expect(back.frames[0]).toEqual({ type: 'resumed', from: sequence! + 1 });
    expect((told.items as unknown[]).length).toBe(2);
    expect(back.ofType('snapshot')).toEqual([]);
  });

  test('averages are not to be had here, and that is said', async () => {
    const client = served.connect('/ws/news');
    await client.told('snapshot');

    client.say({ subscribe: ['averages'] });

    expect(await client.told('error')).toMatchObject({
      code: 'INVALID_INPUT',
      detail: expect.stringContaining('none'),
    });
  });
});

describe('what a page may ask for besides prices', () => {
  const publishAverage = (symbol: string, average: number, second: number) =>
    served.bus.publish([symbolAverages.message(anAverage(symbol, average, second))]);

  test('averages come to who asked, for what it watches, from the moment it asked', async () => {
    await publishAverage('A', 1, 1);
    const [asking, other] = [served.connect(), served.connect()];
    await Promise.all([asking, other].map((client) => client.told('snapshot')));
    asking.say({ watchlist: ['A'] });
    asking.say({ subscribe: ['averages'] });
    await heard(asking);

    await eventually(async () => {
      await publishAverage('B', 2, 2);
      await publishAverage('A', 3, 3);
      return asking.ofType('averages').length > 0;
    });
    const frames = asking.ofType('averages');

    expect(frames[0]).toMatchObject({ averages: [{ symbol: 'A', provider: 'fixture', window: 5, average: 3 }] });
    expect(other.ofType('averages')).toEqual([]);
  });

  test('progress of jobs comes to who asked, the newest of each job', async () => {
    const client = served.connect();
    await client.told('snapshot');
    client.say({ subscribe: ['jobs'] });
    await heard(client);
    const jobId = randomUUID();
    const at = new Date('2026-01-05T12:00:00.000Z');
    const event = (progress: number) => modelJobEvents.message({ jobId, status: 'running', progress, at });

    await served.bus.publish([event(0.1), event(0.2), event(0.3)]);
    const { jobs } = await client.told('jobs');

    expect(jobs).toEqual([{ job_id: jobId, status: 'running', progress: 0.3, at: at.toISOString() }]);
  });

  test('a topic is read while someone asks, and not after the last has left', async () => {
    const groups = async () => {
      const { subscriptions } = counted;
      return subscriptions;
    };
    const counted = { subscriptions: 0 };
    const subscribe = served.bus.subscribe.bind(served.bus);
    served.bus.subscribe = async (subscription) => {
      const running = await subscribe(subscription);
      counted.subscriptions += 1;
      const stop = running.stop.bind(running);
      return Object.assign(running, {
        stop: async () => {
          counted.subscriptions -= 1;
          await stop();
        },
      });
    };
    const client = served.connect();
    await client.told('snapshot');

    const before = await groups();
    client.say({ subscribe: ['averages', 'jobs'] });
    await eventually(async () => (await groups()) === 2);
    client.say({ subscribe: ['jobs'] });
    await eventually(async () => (await groups()) === 1);
    await client.end();

    await eventually(async () => (await groups()) === 0);
    expect(before).toBe(0);
  });

  test('a broker that is away is tried again until it is there', async () => {
    const subscribe = served.bus.subscribe.bind(served.bus);
    let failures = 1;
    served.bus.subscribe = async (subscription) => {
      failures -= 1;
      if (failures >= 0) throw new Error('no broker answers');
      return subscribe(subscription);
    };
    const client = served.connect();
    await client.told('snapshot');

    client.say({ subscribe: ['averages'] });

    await eventually(async () => {
      await publishAverage('A', 1, 1);
      return client.ofType('averages').length > 0;
    });
  });
});
