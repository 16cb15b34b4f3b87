import fc from 'fast-check';
import { openMemoryCache } from '../../src/cache/memory';
import { Hub } from '../../src/live/hub';
import { PriceMirror } from '../../src/live/price-mirror';
import type { Seat } from '../../src/live/seat';
import { pause, systemClock } from '../../src/platform/clock';
import { silentLog } from '../../src/platform/log';
import { openMemoryStore } from '../../src/store/memory';
import { eventually } from '../support/eventually';
import { nextEvents } from '../support/live';
import { FollowedPrices, type TestFrame } from '../support/live-client';
import { losable } from '../support/losable-cache';

const SYMBOLS = ['A', 'B', 'C'] as const;

/** A client without a socket: it can stop taking frames, and go and come back with what it has. */
class TestReader {
  readonly followed = new FollowedPrices();
  isTaking = true;
  watched: readonly string[] | null = null;
  seat: Promise<Seat> | undefined;

  readonly sink = {
    isReady: () => this.isTaking,
    send: ({ text }: { text: string }) => this.followed.take(JSON.parse(text) as TestFrame),
  };
}

const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('publish' as const), symbol: fc.nat(2), price: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const), reader: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('come back' as const), reader: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('watch' as const), reader: fc.nat(2), mask: fc.nat(8) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('take or not' as const), reader: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'drop a diff' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'lose' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restore' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'wait' as const }) },
);

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

async function play(actions: readonly Action[], snapshotDelays: readonly number[]): Promise<void> {
  const memory = openMemoryCache({ ttlSeconds: 300, defaultProvider: 'fixture' });
  const cache = losable(memory);
  const delays = [...snapshotDelays];
  const delay = () => pause(delays.shift() ?? 0);
  cache.aroundSnapshots({ before: delay, after: delay });
  const options = { cache, store: openMemoryStore(), clock: systemClock, log: silentLog, lookEveryMs: 5 };
  const hub = new Hub({ source: new PriceMirror(options), tickMs: 1, lingerMs: 1_000 });
  const readers = Array.from({ length: 3 }, () => new TestReader());
  const join = (reader: TestReader, resume: number | undefined) => {
    reader.seat ??= hub.join(reader.sink, { symbols: reader.watched, resume });
  };
  const leave = async (reader: TestReader) => {
    const seat = await reader.seat;
    reader.seat = undefined;
    seat?.leave();
  };

  for (const step of actions) {
    const reader = 'reader' in step ? readers[step.reader]! : readers[0]!;
    if (step.kind === 'publish') await memory.writeLatest(nextEvents({ [SYMBOLS[step.symbol]!]: step.price + 1 }));
    else if (step.kind === 'join') join(reader, undefined);
    else if (step.kind === 'come back') {
      await leave(reader);
      join(reader, reader.followed.sequence);
    } else if (step.kind === 'watch') {
      reader.watched = step.mask === 8 ? null : SYMBOLS.filter((_, index) => step.mask & (1 << index));
      (await reader.seat)?.watch(reader.watched);
    } else if (step.kind === 'take or not') {
      reader.isTaking = !reader.isTaking;
      (await reader.seat)?.drained();
    } else if (step.kind === 'drop a diff') cache.dropNextDiff();
    else if (step.kind === 'lose') cache.lose();
    else if (step.kind === 'restore') cache.restore();
    else await pause(2);
  }

  cache.restore();
  for (const reader of readers) {
    reader.isTaking = true;
    (await reader.seat)?.drained();
  }
  const { prices } = await memory.readSnapshot();
  try {
    await eventually(
      () => {
        for (const { followed, watched, seat } of readers) {
          const isWatched = (symbol: string) => watched === null || watched.includes(symbol);
          const truth = Object.entries(prices).filter(([symbol]) => isWatched(symbol));
          if (!seat) continue;
          expect(followed.truth).toEqual(Object.fromEntries(truth.map(([symbol, { price }]) => [symbol, price])));
        }
      },
      5_000,
      2,
    );
    expect(readers.flatMap(({ followed }) => followed.faults)).toEqual([]);
  } finally {
    for (const reader of readers) await leave(reader);
    await hub.stop();
  }
  expect(hub.sizes).toEqual({ places: 0, watchlists: 0 });
}

test('however publishing, connecting, resuming, reading slowly and losing the cache interleave, each client ends with the truth in numbers without a gap', async () => {
  const actions = fc.array(action, { minLength: 1, maxLength: 25 });
  const delays = fc.array(fc.nat(4), { maxLength: 10 });

  await fc.assert(fc.asyncProperty(actions, delays, play), { numRuns: 60, endOnFailure: false });
}, 120_000);
