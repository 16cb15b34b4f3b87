import { type IngestDependencies, type IngestRequest, ingestHistory } from '../../src/history/ingest-history';
import { ingestSymbols } from '../../src/history/ingest-symbols';
import { systemClock } from '../../src/platform/clock';
import { TickwireError } from '../../src/platform/errors';
import type { HistoryPage } from '../../src/providers/provider';
import { openMemoryStore } from '../../src/store/memory';
import type { Store } from '../../src/store/store';
import { down } from '../support/api';
import { aBar, aDividend, aPage, aSplit, barsClosingAt, scriptedHistory } from '../support/bars';

const REQUEST: IngestRequest = {
  source: 'tested',
  symbol: 'AAPL',
  interval: '1d',
  start: new Date('2026-01-01T00:00:00.000Z'),
  end: new Date('2026-02-01T00:00:00.000Z'),
};
const running = new AbortController().signal;
const bars = barsClosingAt([1, 2, 3, 4, 5, 6]);
const pages = [aPage(bars.slice(0, 2)), aPage(bars.slice(2, 4)), aPage(bars.slice(4))];

let store: Store;

beforeEach(() => {
  store = openMemoryStore();
});

const ingest = (script: readonly (HistoryPage | Error)[], changes: Partial<IngestDependencies> = {}) =>
  ingestHistory(REQUEST, { store, source: scriptedHistory(script), clock: systemClock, ...changes }, running);
const storedCloses = async () => {
  const found = await store.bars.list({ symbol: 'AAPL', interval: '1d', source: 'tested', limit: 100 });
  return found.map(({ close, revision }) => [close, revision]);
};

test('pages are stored one after the other, and told as they are', async () => {
  const steps: number[] = [];
  const dependencies = { store, source: scriptedHistory(pages), clock: systemClock };

  const summary = await ingestHistory(REQUEST, dependencies, running, (step) => steps.push(step.bars));

  expect(await storedCloses()).toEqual([1, 2, 3, 4, 5, 6].map((close) => [close, 1]));
  expect(summary).toMatchObject({ ...REQUEST, written: 6, unchanged: 0, corrected: 0, quarantined: 0, complete: true });
  expect(steps).toEqual([2, 4, 6]);
});

test('ingested twice nothing changes, and the source is asked again for everything', async () => {
  await ingest(pages);
  const source = scriptedHistory(pages);

  const summary = await ingest([], { source });

  expect(summary).toMatchObject({ written: 0, unchanged: 6, corrected: 0, resumedAt: null });
  expect(source.requests).toMatchObject([{ start: REQUEST.start }]);
  expect(await storedCloses()).toEqual([1, 2, 3, 4, 5, 6].map((close) => [close, 1]));
});

test('a restated bar is one revision more, and both can be read', async () => {
  await ingest(pages);

  const summary = await ingest([aPage([{ ...bars[0]!, volume: 7 }, bars[1]!])]);

  const revisions = await store.bars.listRevisions(bars[0]!);
  expect(summary).toMatchObject({ corrected: 1, unchanged: 1 });
  expect(revisions.map(({ volume, revision }) => [volume, revision])).toEqual([
    [1000, 1],
    [7, 2],
  ]);
});

test('one that broke off goes on at the last page stored, and ends like one that did not', async () => {
  const fault = new TickwireError('PROVIDER_UNAVAILABLE', 'the vendor is away');
  const source = scriptedHistory([pages[0]!, pages[1]!, fault, pages[2]!]);

  await expect(ingest([], { source })).rejects.toBe(fault);
  const summary = await ingest([], { source });

  expect(source.requests.map(({ start }) => start)).toEqual([REQUEST.start, pages[1]!.next]);
  expect(summary).toMatchObject({ resumedAt: pages[1]!.next, written: 2, unchanged: 0, complete: true });
  expect(await storedCloses()).toEqual([1, 2, 3, 4, 5, 6].map((close) => [close, 1]));
});

test('one that the user ended says so, keeps what it has, and goes on', async () => {
  const stop = new AbortController();
  const source = scriptedHistory(pages);

  const ended = await ingestHistory(REQUEST, { store, source, clock: systemClock }, stop.signal, () => stop.abort());
  const resumed = await ingest([], { source });

  expect(ended).toMatchObject({ complete: false });
  expect(ended.written).toBeLessThan(6);
  expect(resumed).toMatchObject({ written: 6 - ended.written, complete: true });
  expect(await storedCloses()).toHaveLength(6);
});

test('a page that cannot be stored is not counted as done', async () => {
  const broken = { ...store, bars: { ...store.bars, save: down(store.bars, 'STORE_UNAVAILABLE').part.save } };

  await expect(ingest(pages, { store: broken })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });

  expect(await store.ingestProgress.find(REQUEST)).toBeUndefined();
  expect(await ingest(pages)).toMatchObject({ resumedAt: null, written: 6 });
});

test('a page is stored only when the one before it is', async () => {
  const order: string[] = [];
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const save: Store['bars']['save'] = async (...batch) => {
    order.push('begun');
    await released;
    order.push('done');
    return store.bars.save(...batch);
  };
  const source = scriptedHistory([]);
  source.fetchHistory = async function* () {
    yield pages[0]!;
    setImmediate(release);
    yield pages[1]!;
  };

  await ingest([], { source, store: { ...store, bars: { ...store.bars, save } } });

  expect(order).toEqual(['begun', 'done', 'begun', 'done']);
});

test('a file is read again from its start: it may be another file by then', async () => {
  const fault = new TickwireError('INVALID_INPUT', 'the file is damaged');
  const file = pages.map((page) => ({ ...page, raw: null }));
  const source = scriptedHistory([file[0]!, file[1]!, fault, file[2]!]);

  await expect(ingest([], { source })).rejects.toBe(fault);
  const summary = await ingest([], { source });

  expect(summary).toMatchObject({ resumedAt: null, unchanged: 4, written: 2 });
});

test('what breaks its rules is quarantined and shown, the others are stored', async () => {
  const summary = await ingest([aPage([bars[0]!, { ...bars[1]!, high: 0.5 }, bars[2]!])]);

  expect(summary).toMatchObject({ written: 2, quarantined: 1, gaps: [{ symbol: 'AAPL', sessions: ['2026-01-05'] }] });
  expect(await storedCloses()).toEqual([
    [1, 1],
    [3, 1],
  ]);
  expect(await store.bars.listQuarantined({ symbol: 'AAPL', limit: 5 })).toMatchObject([{ reason: 'HIGH_BELOW_LOW' }]);
});

test('a session told again by a later page is no restatement: equal it is ignored, different it is quarantined', async () => {
  const again = aPage([{ ...bars[0]! }, { ...bars[1]!, volume: 5 }, bars[2]!]);

  const summary = await ingest([pages[0]!, again]);

  expect(summary).toMatchObject({ written: 3, corrected: 0, quarantined: 1 });
  expect(await store.bars.listQuarantined({ symbol: 'AAPL', limit: 5 })).toMatchObject([
    { reason: 'DUPLICATE_SESSION', startAt: bars[1]!.startAt },
  ]);
});

test('faults are counted, the first ones with their places', async () => {
  const faults = Array.from({ length: 30 }, (_, line) => ({ place: `line ${line + 2}`, detail: 'expected 7 fields' }));

  const summary = await ingest([aPage(bars, { faults })]);

  expect(summary).toMatchObject({ faults: 30, written: 6 });
  expect(summary.firstFaults).toEqual(faults.slice(0, 20));
});

test('the raw answer is archived, and its bars name it', async () => {
  const archived: unknown[] = [];
  const archive: Store['rawResponses']['archive'] = async (response) => void archived.push(response);
  const archiving = { ...store, rawResponses: { ...store.rawResponses, archive } };

  await ingest([aPage(bars.slice(0, 1), { raw: { answer: 1 } })], { store: archiving });

  const [bar] = await store.bars.listRevisions(bars[0]!);
  expect(archived).toMatchObject([
    { id: bar?.rawResponseId, provider: 'tested', symbols: ['AAPL'], body: { answer: 1 } },
  ]);
});

test('actions and the vendor s spelling are kept, and the spelling is given to the source next time', async () => {
  const source = scriptedHistory([
    aPage(bars, { actions: [aSplit('2026-01-05', 4), aDividend('2026-01-06', 1)], spelling: 'AAPL.US' }),
  ]);

  const first = await ingest([], { source });
  const second = await ingest([], { source });

  expect([first.actions, second.actions]).toEqual([
    { written: 2, unchanged: 0, corrected: 0 },
    { written: 0, unchanged: 2, corrected: 0 },
  ]);
  expect(source.requests.map(({ spelling }) => spelling)).toEqual([undefined, 'AAPL.US']);
  expect((await store.instruments.find('AAPL.US'))?.symbol).toBe('AAPL');
});

test('a vendor at its limit is waited for while the patience lasts, then asked from the last page on', async () => {
  const limit = () => new TickwireError('PROVIDER_RATE_LIMITED', 'too many calls', { retryAfterMs: 1_000 });
  const source = scriptedHistory([pages[0]!, limit(), pages[1]!]);

  const summary = await ingest([], { source, patienceMs: 1_000 });

  expect(summary).toMatchObject({ written: 4, complete: true });
  expect(source.requests.map(({ start }) => start)).toEqual([REQUEST.start, pages[0]!.next]);
  await expect(ingest([limit()], { patienceMs: 999 })).rejects.toMatchObject({ code: 'PROVIDER_RATE_LIMITED' });
});

test('an empty range is a summary of nothing', async () => {
  const summary = await ingest([aPage([], { next: REQUEST.end })]);

  expect(summary).toMatchObject({ written: 0, symbols: [], gaps: [], complete: true });
});

test('of several instruments, one that fails does not stop the others', async () => {
  const unknown = new TickwireError('SYMBOL_UNKNOWN', 'tested does not know NOPE');
  const source = scriptedHistory([]);
  source.fetchHistory = async function* ({ symbol }) {
    if (symbol === 'NOPE') throw unknown;
    yield aPage([aBar({ symbol })]);
  };
  const requests = ['AAPL', 'NOPE', 'MSFT'].map((symbol) => ({ ...REQUEST, symbol }));
  const options = { dependencies: { store, source, clock: systemClock }, signal: running, concurrency: 2 };

  const outcomes = await ingestSymbols(requests, { ...options, onProgress: () => undefined });

  expect(outcomes).toMatchObject([
    { symbol: 'AAPL', summary: { written: 1 } },
    { symbol: 'NOPE', error: unknown },
    { symbol: 'MSFT', summary: { written: 1 } },
  ]);
});

test('a database that is away ends all of them', async () => {
  const { part, calls } = down(store, 'STORE_UNAVAILABLE');
  const requests = ['AAPL', 'MSFT', 'IBM'].map((symbol) => ({ ...REQUEST, symbol }));
  const dependencies = { store: part, source: scriptedHistory(pages), clock: systemClock };

  const all = ingestSymbols(requests, { dependencies, signal: running, concurrency: 1, onProgress: () => undefined });

  await expect(all).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(calls).toEqual(['find']);
});
