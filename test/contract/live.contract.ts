import { eventually } from '../support/eventually';
import type { LiveClient } from '../support/live-client';

/** Sockets under test, over some cache. Each test uses symbols of its own. */
export interface LiveUnderTest {
  connect(path?: string): LiveClient;
  publish(prices: Record<string, number>): Promise<void>;
}

let made = 0;
const aSymbol = () => {
  made += 1;
  return `L${made}-${process.pid}`;
};

/** What a client of `/ws/prices` may rely on, whatever cache is behind it. */
export function describeLivePrices(underTest: () => LiveUnderTest): void {
  const connect = (path?: string) => underTest().connect(path);
  const publish = (prices: Record<string, number>) => underTest().publish(prices);
  const follows = (client: LiveClient, prices: Record<string, number>) =>
    eventually(() => {
      expect(client.followed.truth).toMatchObject(prices);
      expect(client.followed.faults).toEqual([]);
    });

  test('a client is told everything there is, then what changes, without a gap in the numbers', async () => {
    const [a, b] = [aSymbol(), aSymbol()];
    await publish({ [a]: 1, [b]: 2 });
    const client = connect();

    const snapshot = await client.told('snapshot');
    await publish({ [a]: 3, [b]: 2 });
    const first = await client.told('diff');
    await publish({ [b]: 4 });
    await follows(client, { [a]: 3, [b]: 4 });

    expect(snapshot.prices).toMatchObject({ [a]: { price: 1 }, [b]: { price: 2 } });
    expect(Object.keys(first.prices!)).toEqual([a]);
    expect(first.from).toBe(snapshot.sequence! + 1);
    expect(client.ofType('snapshot')).toHaveLength(1);
  });

  test('a watchlist is answered by a snapshot of it, and then only it is told', async () => {
    const [a, b] = [aSymbol(), aSymbol()];
    await publish({ [a]: 1, [b]: 1 });
    const client = connect();
    await client.told('snapshot');

    client.say({ watchlist: [` ${a.toLowerCase()} `] });
    const listed = await client.told('snapshot', 2);
    await publish({ [b]: 2 });
    await publish({ [a]: 2 });
    const diff = await client.told('diff');

    expect(Object.keys(listed.prices!)).toEqual([a]);
    expect(Object.keys(diff.prices!)).toEqual([a]);
    expect(client.followed.faults).toEqual([]);
  });

  test('an empty watchlist is nothing, and null is everything again', async () => {
    const a = aSymbol();
    await publish({ [a]: 1 });
    const client = connect();
    await client.told('snapshot');

    client.say({ watchlist: [] });
    const nothing = await client.told('snapshot', 2);
    client.say({ watchlist: null });
    const everything = await client.told('snapshot', 3);

    expect(nothing.prices).toEqual({});
    expect(everything.prices).toHaveProperty([a]);
  });

  test('a client that comes back is told what it missed, in one diff', async () => {
    const [a, b] = [aSymbol(), aSymbol()];
    const staying = connect();
    await publish({ [a]: 1, [b]: 1 });
    await follows(staying, { [a]: 1, [b]: 1 });
    const { sequence } = staying.followed;
    await publish({ [a]: 2 });
    await publish({ [a]: 3 });
    await follows(staying, { [a]: 3 });

    const back = connect(`/ws/prices?resume=${sequence}`);
    const [resumed, diff] = [await back.told('resumed'), await back.told('diff')];

    expect(resumed.from).toBe(sequence! + 1);
    expect(diff).toMatchObject({ from: sequence! + 1, prices: { [a]: { price: 3 } } });
    expect(diff.prices).not.toHaveProperty([b]);
    expect(back.ofType('snapshot')).toEqual([]);
  });

  test('one that was away for too long, or for another life of the cache, is told so with a snapshot', async () => {
    const a = aSymbol();
    await publish({ [a]: 1 });
    const client = connect();
    await client.told('snapshot');

    client.say({ resume: 5 });
    const old = await client.told('snapshot', 2);
    client.say({ resume: 9_000_000_000_000_000 });
    const future = await client.told('snapshot', 3);

    for (const snapshot of [old, future]) {
      expect(snapshot).toMatchObject({ reason: 'resume_expired', prices: { [a]: { price: 1 } } });
    }
  });

  test('ping is answered by pong', async () => {
    const client = connect();
    await client.told('snapshot');

    client.say('ping');

    await eventually(() => client.texts.includes('pong'));
  });

  test('clients that connect while prices are published end with the last of them', async () => {
    const symbols = Array.from({ length: 20 }, aSymbol);
    const clients: LiveClient[] = [];

    for (let round = 1; round <= 30; round += 1) {
      if (round % 3 === 0) clients.push(connect());
      await publish(Object.fromEntries(symbols.map((symbol, index) => [symbol, round * 100 + index])));
    }

    const last = Object.fromEntries(symbols.map((symbol, index) => [symbol, 3000 + index]));
    for (const client of clients) await follows(client, last);
  });
}
