import type { IngestRequest, IngestSummary } from '../history/ingest-history';
import type { IngestOutcome } from '../history/ingest-symbols';
import type { Context } from './context';
import { countOf, printable, shortNumber } from './printable';

/** Faults and gaps that are named in the text; the others are counted. */
const NAMED = 5;

/** What an ingest did, as `--json` prints it. */
export interface IngestReport {
  readonly source: string;
  readonly interval: string;
  /** First and last day, inclusive. */
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
  readonly bars: number;
  readonly bars_per_second: number;
  /** False when it was interrupted. */
  readonly complete: boolean;
  readonly symbols: readonly SymbolReport[];
  readonly failures: readonly { readonly symbol: string; readonly code: string; readonly detail: string }[];
}

interface SymbolReport {
  /** `*` for all of a file. */
  readonly symbol: string;
  readonly written: number;
  readonly unchanged: number;
  readonly corrected: number;
  readonly quarantined: number;
  readonly faults: number;
  readonly first_faults: readonly { readonly place: string; readonly detail: string }[];
  readonly gaps: readonly { readonly symbol: string; readonly sessions: readonly string[] }[];
  readonly actions: IngestSummary['actions'];
  readonly instruments: number;
  readonly resumed_at: string | null;
}

export function reportOf(
  requests: readonly IngestRequest[],
  outcomes: readonly IngestOutcome[],
  seconds: number,
): IngestReport {
  const [request] = requests;
  const summaries = outcomes.flatMap((outcome) => ('summary' in outcome ? [outcome.summary] : []));
  const failed = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome] : []));
  const bars = summaries.reduce((sum, { written, unchanged, corrected }) => sum + written + unchanged + corrected, 0);
  const lastDay = request && new Date(request.end.getTime() - 1);
  return {
    source: request?.source ?? '',
    interval: request?.interval ?? '',
    from: request?.start.toISOString().slice(0, 10) ?? '',
    to: lastDay?.toISOString().slice(0, 10) ?? '',
    seconds,
    bars,
    bars_per_second: Math.round(bars / Math.max(seconds, 0.001)),
    complete: outcomes.length === requests.length && summaries.every(({ complete }) => complete),
    symbols: summaries.map(symbolReport),
    failures: failed.map(({ symbol, error }) => ({ symbol, code: error.code, detail: error.message })),
  };
}

/** The report for people: a line for each instrument, then what needs a look. */
export function reportText(report: IngestReport, table: Context['table']): string {
  const { bars, seconds, bars_per_second: rate, source } = report;
  const head = `${countOf(bars, 'bar')} from ${source} in ${seconds.toFixed(1)} s, ${shortNumber(rate)}/s`;
  const lines = report.symbols.flatMap(remarksOn);
  return [
    ...(report.symbols.length > 0 ? [symbolTable(report, table)] : []),
    ...(lines.length > 0 ? [lines.join('\n')] : []),
    report.complete || report.failures.length > 0
      ? head
      : `interrupted: ${head}; the same command goes on where it stopped`,
  ].join('\n\n');
}

function symbolTable({ symbols }: IngestReport, table: Context['table']): string {
  return table(
    ['SYMBOL', 'WRITTEN', 'UNCHANGED', 'CORRECTED', 'QUARANTINED', 'UNREADABLE', 'GAPS', 'ACTIONS'],
    symbols.map((each) => [
      each.symbol === '*' ? `all ${shortNumber(each.instruments)}` : each.symbol,
      each.written,
      each.unchanged,
      each.corrected,
      each.quarantined,
      each.faults,
      each.gaps.reduce((sum, { sessions }) => sum + sessions.length, 0),
      each.actions.written + each.actions.unchanged + each.actions.corrected,
    ]),
  );
}

function remarksOn({
  symbol,
  faults,
  first_faults: first,
  gaps,
  resumed_at: resumedAt,
  quarantined,
}: SymbolReport): string[] {
  const named = first.slice(0, NAMED).map(({ place, detail }) => printable(`  ${place}: ${detail}`));
  const gapLines = gaps.slice(0, NAMED).map((gap) => `  ${gap.symbol}: ${gapText(gap.sessions)}`);
  const shown = symbol === '*' ? 'SYMBOL' : symbol;
  return [
    ...(resumedAt === null ? [] : [`${symbol} went on at ${resumedAt}`]),
    ...(faults > 0 ? [`${countOf(faults, 'unreadable entry').replace('entrys', 'entries')}:`, ...named] : []),
    ...(faults > named.length && faults > 0 ? [`  and ${shortNumber(faults - named.length)} more`] : []),
    ...(gaps.length > 0 ? ['sessions without a bar:', ...gapLines] : []),
    ...(gaps.length > NAMED ? [`  and in ${countOf(gaps.length - NAMED, 'more symbol')}`] : []),
    ...(quarantined > 0 ? [`GET /ohlcv/${shown}/quarantine shows what was quarantined, and why`] : []),
  ];
}

function gapText(sessions: readonly string[]): string {
  const named = sessions.slice(0, NAMED).join(', ');
  return sessions.length > NAMED ? `${named} and ${shortNumber(sessions.length - NAMED)} more` : named;
}

function symbolReport(summary: IngestSummary): SymbolReport {
  const { symbol, written, unchanged, corrected, quarantined, faults, firstFaults, gaps, actions } = summary;
  return {
    symbol,
    written,
    unchanged,
    corrected,
    quarantined,
    faults,
    first_faults: firstFaults,
    gaps,
    actions,
    instruments: summary.symbols.length,
    resumed_at: summary.resumedAt?.toISOString() ?? null,
  };
}
