import { BAR_INTERVALS, type RawBar } from '../domain/bar';
import type { Environment } from '../platform/environment';
import { TickwireError } from '../platform/errors';
import { openBarParser } from './bar-line';
import { linesOf } from './csv-lines';
import {
  defineProvider,
  type HistoryFault,
  type HistoryPage,
  type HistoryRequest,
  type HistorySource,
} from './provider';

/** Bars from a CSV on this machine: the path is in `HISTORY_FILE`, or set by the command that loads it. */
export const file = defineProvider({
  name: 'file',
  aliases: [],
  title: 'Stored bars from a CSV or CSV.gz, of one symbol or many; no current prices, no network, no key',
  documentation: null,
  variables: [{ name: 'HISTORY_FILE', purpose: 'path of a CSV or CSV.gz of bars', required: true, secret: false }],
  limits: [],
  maxSymbolsPerCall: 1,
  timeoutMs: 10_000,
  openHistory: (environment) => openFileHistory(environment),
});

const PAGE_BARS = 5_000;
/** A file that is no CSV of bars is all faults: they too are told page by page. */
const PAGE_FAULTS = 1_000;

/**
 * A history that reads the file once for each request, in constant memory and in the order of the file; `*` is every symbol in it. Two forms, told apart by
 * the line that names the columns: `date,symbol,open,high,low,close,volume`, and the usual download `Date,Open,High,Low,Close,Adj Close,Volume`, which
 * names no symbol and is about the one asked for; its adjusted close is ignored. Bars are unadjusted as they stand, so a download that was
 * adjusted for splits must not be loaded as one that was not.
 *
 * A line that is no bar is a fault at its line number, the first line being 1, and the others are told. `position` is the number of the last line told.
 * @throws INVALID_INPUT when the file cannot be read, is damaged (after the pages before the damage) or lacks a column; SYMBOL_UNKNOWN when no line
 * is about the symbol.
 */
export function openFileHistory(environment: Environment): HistorySource {
  const path = environment.HISTORY_FILE ?? '';
  return {
    intervals: BAR_INTERVALS,
    tellsEverySymbol: true,
    fetchHistory: (request, signal) => pagesOf(path, request, signal),
  };
}

/** How far a file was read, and what was read since the last page. */
interface Reading {
  bars: RawBar[];
  faults: HistoryFault[];
  line: number;
  /** Lines about the symbol asked for, lines about others, lines that are no bars. */
  readonly seen: { own: number; other: number; broken: number };
}

async function* pagesOf(path: string, request: HistoryRequest, signal: AbortSignal): AsyncGenerator<HistoryPage> {
  const { position: toldLines = 0 } = request;
  const read: Reading = { bars: [], faults: [], line: 0, seen: { own: 0, other: 0, broken: 0 } };
  let take: ((text: string) => void) | undefined;
  try {
    for await (const lines of linesOf(path, 'a file of bars')) {
      if (signal.aborted) throw new TickwireError('PROVIDER_TIMEOUT', 'file: the caller ended the reading');
      for (const text of lines) {
        read.line += 1;
        if (!take) take = openTake(text, path, { request, read });
        else if (read.line > toldLines) take(text);
        if (read.bars.length >= PAGE_BARS || read.faults.length >= PAGE_FAULTS) yield pageOf(read, request.start);
      }
    }
  } catch (error) {
    if (read.bars.length + read.faults.length > 0 && !signal.aborted) yield pageOf(read, request.start);
    throw error;
  }
  if (!take) throw new TickwireError('INVALID_INPUT', `${path}: expected a line that names the columns, got nothing`);
  if (toldLines === 0) refuseUnknown(request.symbol, read);
  yield pageOf(read, request.end);
}

/** Takes the lines below `header` into `read`; bars outside the range asked for are left out. */
function openTake(
  header: string,
  path: string,
  { request, read }: { readonly request: HistoryRequest; readonly read: Reading },
): (text: string) => void {
  const parse = openBarParser(header, { path, source: file.name, request });
  const [startMs, endMs] = [request.start.getTime(), request.end.getTime()];
  return (text) => {
    const parsed = parse(text);
    if (parsed === undefined) return;
    if (parsed === 'other') {
      read.seen.other += 1;
      return;
    }
    if ('reason' in parsed) {
      read.seen.broken += 1;
      read.faults.push({ place: `line ${read.line}`, detail: parsed.reason });
      return;
    }
    read.seen.own += 1;
    const atMs = parsed.startAt.getTime();
    if (atMs >= startMs && atMs < endMs) read.bars.push(parsed);
  };
}

/** A file whose every line is broken says nothing about its symbols. */
function refuseUnknown(symbol: string, { seen }: Reading): void {
  if (symbol === '*' || seen.own > 0 || (seen.other === 0 && seen.broken > 0)) return;
  throw new TickwireError('SYMBOL_UNKNOWN', `${symbol}: no line of the file is about it`);
}

/** What was read since the last page; `read` starts anew. */
function pageOf(read: Reading, next: Date): HistoryPage {
  const { bars, faults, line: position } = read;
  read.bars = [];
  read.faults = [];
  return { raw: null, bars, actions: [], faults, next, position };
}
