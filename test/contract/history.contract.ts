import { sessionStartOf } from '../../src/domain/market-calendar';
import type { Environment } from '../../src/platform/environment';
import { localQuota, openProviders } from '../../src/providers/open-provider';
import type { HistoryPage, HistoryRequest, HistorySource, ProviderDefinition } from '../../src/providers/provider';

/** A provider with history, and a place where it finds daily bars of AAPL. */
export interface HistoryContract {
  readonly definition: ProviderDefinition;
  /** Days that have a bar of AAPL there, oldest first. */
  readonly days: readonly string[];
  /** Makes the place, and names it and all else that the provider needs. */
  start(): Promise<{ readonly environment: Environment; stop(): Promise<void>; requests(): number }>;
}

const never = new AbortController().signal;

/** What holds for the history of every provider of the registry. */
export function describeHistory({ definition, days, start }: HistoryContract): void {
  const { name } = definition;
  const startAts = days.map((day) => sessionStartOf(day, 'equity').toISOString());
  const whole: HistoryRequest = {
    symbol: 'AAPL',
    interval: '1d',
    start: new Date(Date.parse(days[0]!) - 86_400_000),
    end: new Date(Date.parse(days.at(-1)!) + 2 * 86_400_000),
  };

  describe(`history of ${name}`, () => {
    let place: Awaited<ReturnType<HistoryContract['start']>>;
    let source: HistorySource;
    beforeEach(async () => {
      place = await start();
      source = openProviders({ environment: place.environment, takeQuota: localQuota() }).history(name);
    });
    afterEach(() => place.stop());
    const load = (changes: Partial<HistoryRequest> = {}, signal = never) =>
      pagesOf(source.fetchHistory({ ...whole, ...changes }, signal));

    test('pages come oldest first, next never runs back and ends at the end', async () => {
      const pages = await load();

      const nexts = pages.map(({ next }) => next.getTime());
      expect(startsOf(pages)).toEqual(startAts);
      expect(nexts).toEqual([...nexts].sort((a, b) => a - b));
      expect(pages.at(-1)?.next).toEqual(whole.end);
      expect(pages.flatMap(({ faults }) => faults)).toEqual([]);
    });

    test('every bar is of the symbol, the interval and the range asked for, named after its source', async () => {
      const [start, end] = [new Date(startAts[1]!), new Date(startAts.at(-1)!)];

      const pages = await load({ start, end });

      expect(startsOf(pages)).toEqual(startAts.slice(1, -1));
      for (const bar of pages.flatMap(({ bars }) => bars)) {
        expect(bar).toMatchObject({ symbol: 'AAPL', interval: '1d', source: name, rawResponseId: null });
        expect([bar.open, bar.high, bar.low, bar.close].every(Number.isFinite)).toBe(true);
      }
    });

    test('a request that is resumed at any next tells the rest, and nothing is missed', async () => {
      const pages = await load();

      for (const [index, page] of pages.entries()) {
        const rest = startsOf(await load({ start: page.next }));
        const told = startsOf(pages.slice(0, index + 1));
        expect(new Set([...told, ...rest])).toEqual(new Set(startAts));
        expect(rest).toEqual(startAts.filter((startAt) => new Date(startAt) >= page.next));
      }
    });

    test('an empty range is one page without bars, and asks nobody', async () => {
      const pages = await load({ end: whole.start });

      expect(pages).toEqual([{ raw: null, bars: [], actions: [], faults: [], next: whole.start }]);
      expect(place.requests()).toBe(0);
    });

    test('a start after the end, and an interval that it has not, are refused', async () => {
      const backwards = load({ start: whole.end, end: whole.start });
      const missing = load({ interval: '2d' as '1d' });

      await expect(backwards).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await expect(missing).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('1d') });
      expect(place.requests()).toBe(0);
    });

    test('an unknown symbol is told as such', async () => {
      await expect(load({ symbol: 'NOT.THERE' })).rejects.toMatchObject({ code: 'SYMBOL_UNKNOWN' });
    });

    test('a caller who left gets no page', async () => {
      await expect(load({}, AbortSignal.abort())).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT' });
    });

    for (const { name: variable } of definition.variables.filter(({ required }) => required)) {
      test(`without ${variable} it says that this variable is missing`, () => {
        const { [variable]: _left, ...rest } = place.environment;

        const open = () => openProviders({ environment: rest, takeQuota: localQuota() }).history(name);

        expect(open).toThrow(expect.objectContaining({ code: 'PROVIDER_NOT_CONFIGURED' }));
        expect(open).toThrow(variable);
      });
    }
  });
}

async function pagesOf(told: AsyncIterable<HistoryPage>): Promise<HistoryPage[]> {
  const pages: HistoryPage[] = [];
  for await (const page of told) pages.push(page);
  return pages;
}

function startsOf(pages: readonly HistoryPage[]): string[] {
  return pages.flatMap(({ bars }) => bars.map(({ startAt }) => startAt.toISOString()));
}
