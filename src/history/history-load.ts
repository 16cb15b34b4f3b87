import { randomUUID } from 'node:crypto';
import { assetClassOf, type RawBar } from '../domain/bar';
import { type CheckedBars, openBarCheck, type SeenSeries } from '../domain/bar-check';
import type { Instrument } from '../domain/instrument';
import { sessionGapsOf } from '../domain/session-gaps';
import type { HistoryPage } from '../providers/provider';
import type { IngestDependencies, IngestRequest, IngestStep, IngestSummary, SeriesGaps } from './ingest-history';
import { everyBar } from './open-series';

/** One load under way: pages go in, in their order. */
export interface HistoryLoad {
  /** Checks a page, and stores it once the page before it is stored. Resolves when it has been checked. @throws what storing the page before threw. */
  take(page: HistoryPage): Promise<void>;
  /** Resolves when everything taken is stored. @throws why it is not. */
  settle(): Promise<void>;
  /** What became of everything stored so far. */
  outcome(): Omit<IngestSummary, keyof IngestRequest | 'resumedAt' | 'complete'>;
}

export interface LoadDependencies extends Pick<IngestDependencies, 'store' | 'clock'> {
  /** What is stored of the instrument asked for. */
  readonly instrument: Instrument | undefined;
  onProgress(step: IngestStep): void;
}

/** Faults that are kept with their place; the others are only counted. */
const KEPT_FAULTS = 20;
const PAGE = 5_000;
const NO_ACTIONS = { written: 0, unchanged: 0, corrected: 0 };

/** A load of `request` that has nothing yet. */
export function openHistoryLoad(request: IngestRequest, dependencies: LoadDependencies): HistoryLoad {
  const check = openBarCheck();
  const tally = openTally();
  const savePage = openPageWriter(request, dependencies);
  let underWay: Promise<void> = Promise.resolve();

  const save = async (page: HistoryPage, checked: CheckedBars, rawResponseId: string | null) => {
    const counts = await savePage(page, checked, rawResponseId);
    tally.add(page, counts);
    dependencies.onProgress({ next: page.next, bars: tally.bars() });
  };
  return {
    async take(page) {
      const rawResponseId = page.raw === null ? null : randomUUID();
      const bars = rawResponseId === null ? page.bars : page.bars.map((bar) => ({ ...bar, rawResponseId }));
      const checked = await check.check(bars, async (repeated) => {
        await underWay;
        return storedBars(dependencies.store, repeated);
      });
      await underWay;
      underWay = save(page, checked, rawResponseId);
      // Whoever awaits it next is told; until then it must not count as unhandled.
      underWay.catch(() => undefined);
    },
    settle: () => underWay,
    outcome: () => ({ ...tally.totals(), gaps: gapsOf(check.seen()) }),
  };
}

interface PageCounts {
  readonly bars: Record<'written' | 'unchanged' | 'corrected' | 'quarantined', number>;
  readonly actions: Record<'written' | 'unchanged' | 'corrected', number>;
  readonly symbols: readonly string[];
}

/** Raw answer, instruments, bars with what is quarantined (one transaction), actions, spelling; the progress last. */
function openPageWriter({ source, symbol, interval, start, end }: IngestRequest, dependencies: LoadDependencies) {
  const { store, clock, instrument } = dependencies;
  const known = new Set<string>();
  const spellings = new Set(
    instrument?.vendorSymbols.filter(({ vendor }) => vendor === source).map(({ spelling }) => spelling),
  );
  return async (page: HistoryPage, checked: CheckedBars, rawResponseId: string | null): Promise<PageCounts> => {
    const symbols = symbolsOf(page, known);
    if (rawResponseId !== null) {
      const about = symbol === '*' ? symbols : [symbol];
      const answer = { id: rawResponseId, provider: source, symbols: about, body: page.raw, fetchedAt: clock() };
      await store.rawResponses.archive({ ...answer, requestId: null });
    }
    if (symbols.length > 0) {
      await store.instruments.ensure(symbols.map((each) => ({ symbol: each, assetClass: assetClassOf(each) })));
    }
    const bars = await store.bars.save(checked.good, checked.quarantined);
    const actions = page.actions.length > 0 ? await store.corporateActions.save(page.actions) : NO_ACTIONS;
    if (page.spelling !== undefined && symbol !== '*' && !spellings.has(page.spelling)) {
      const vendorSymbol = { vendor: source, spelling: page.spelling, validFrom: null, validTo: null };
      await store.instruments.saveVendorSymbol(symbol, vendorSymbol);
      spellings.add(page.spelling);
    }
    // A file is read again from its start, which is quick: it may be another file by then.
    if (page.raw !== null) await store.ingestProgress.save({ source, symbol, interval, start, end, next: page.next });
    for (const each of symbols) known.add(each);
    return { bars, actions, symbols };
  };
}

/** Those of a page that were in none before it. */
function symbolsOf({ bars, actions }: HistoryPage, known: ReadonlySet<string>): string[] {
  const symbols = new Set<string>();
  for (const { symbol } of bars) if (!known.has(symbol)) symbols.add(symbol);
  for (const { symbol } of actions) if (!known.has(symbol)) symbols.add(symbol);
  return [...symbols];
}

function openTally() {
  const bars = { written: 0, unchanged: 0, corrected: 0, quarantined: 0 };
  const actions = { written: 0, unchanged: 0, corrected: 0 };
  const symbols: string[] = [];
  const firstFaults: HistoryPage['faults'][number][] = [];
  let faults = 0;
  return {
    add(page: HistoryPage, counts: PageCounts) {
      for (const name of ['written', 'unchanged', 'corrected', 'quarantined'] as const) bars[name] += counts.bars[name];
      for (const name of ['written', 'unchanged', 'corrected'] as const) actions[name] += counts.actions[name];
      symbols.push(...counts.symbols);
      faults += page.faults.length;
      firstFaults.push(...page.faults.slice(0, KEPT_FAULTS - firstFaults.length));
    },
    bars: () => bars.written + bars.unchanged + bars.corrected,
    totals: () => ({ ...bars, actions: { ...actions }, symbols: [...symbols], faults, firstFaults: [...firstFaults] }),
  };
}

/** What is stored for the sessions of `repeated`, and what lies between them. */
async function storedBars(store: LoadDependencies['store'], repeated: readonly RawBar[]): Promise<readonly RawBar[]> {
  const series = new Map<string, RawBar[]>();
  for (const bar of repeated) {
    const key = `${bar.symbol} ${bar.interval} ${bar.source}`;
    series.set(key, [...(series.get(key) ?? []), bar]);
  }
  const found: RawBar[] = [];
  for (const bars of series.values()) {
    const [first] = bars;
    if (!first) continue;
    const starts = bars.map(({ startAt }) => startAt.getTime());
    const { symbol, interval, source } = first;
    const range = { start: new Date(Math.min(...starts)), end: new Date(Math.max(...starts) + 1), limit: PAGE };
    for await (const bar of everyBar(store, { symbol, interval, source, ...range })) found.push(bar);
  }
  return found;
}

function gapsOf(seen: readonly SeenSeries[]): readonly SeriesGaps[] {
  return seen.flatMap(({ symbol, interval, sessions, firstAt, lastAt }) => {
    const missing = sessionGapsOf({ symbol, interval }, { from: firstAt, to: lastAt, has: sessions.has });
    return missing.length > 0 ? [{ symbol, sessions: missing }] : [];
  });
}
