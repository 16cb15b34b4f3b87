import { Option } from 'commander';
import { BAR_INTERVALS, type BarInterval } from '../domain/bar';
import { DAY_MS } from '../domain/instant';
import { symbolSchema } from '../domain/symbol';
import type { IngestRequest, IngestStep } from '../history/ingest-history';
import { type IngestOutcome, ingestSymbols } from '../history/ingest-symbols';
import { systemClock } from '../platform/clock';
import type { Config } from '../platform/config';
import { TickwireError } from '../platform/errors';
import { silentLog } from '../platform/log';
import { providersOf } from '../processes/adapters';
import type { HistorySource, Providers } from '../providers/provider';
import type { Store } from '../store/store';
import { day, wholeNumber, withExample } from './arguments';
import type { CommandDefinition, Context } from './context';
import { countLines } from './count-lines';
import { type IngestReport, reportOf, reportText } from './ingest-report';

/** Instruments asked for at once; the vendor's own limits hold besides. */
const CONCURRENCY = 4;
/** Where a file's history begins when nothing is said: before any. */
const BEGINNING = new Date('1900-01-01');

interface IngestOptions {
  readonly from?: Date;
  readonly to?: Date;
  readonly interval: BarInterval;
  readonly path?: string;
  /** Seconds. */
  readonly patience: number;
}

/** `tickwire ingest SOURCE SYMBOL…`: bars and corporate actions of a source into the database. The same command again changes nothing. */
export const ingest: CommandDefinition = (program, context) => {
  const command = program
    .command('ingest')
    .description('load bars and corporate actions of a source into the database; the same again changes nothing')
    .argument('[source]', 'a provider with history; `fixture` when left out and USE_FIXTURE is true')
    .argument('[symbols...]', 'whose; all of a file when left out')
    .option('--from <day>', 'first day; a year before the last, or the beginning of a file', day)
    .option('--to <day>', 'last day; today when left out', day)
    .addOption(new Option('--interval <length>', 'length of a bar').choices(BAR_INTERVALS).default('1d'))
    .option('--path <file>', 'the CSV of source `file`')
    .option('--patience <seconds>', 'how long a vendor at its limit is waited for, altogether', wholeNumber(0), 300)
    .action(async (source: string | undefined, symbols: readonly string[], options: IngestOptions) => {
      const plan = planOf(context.config(), {
        words: [...(source === undefined ? [] : [source]), ...symbols],
        options,
      });
      const report = await context.withStore((store) => load(store, plan, context));
      context.print(report, () => reportText(report, context.table));
      refuseFailures(report);
    });
  withExample(command, 'tickwire ingest yfinance AAPL MSFT --from 2020-01-01 --to 2024-12-31');
};

interface Plan {
  readonly history: HistorySource;
  readonly requests: readonly IngestRequest[];
  readonly options: IngestOptions;
}

/** @throws PROVIDER_UNKNOWN, INVALID_INPUT for a range that ends before it starts or a source without symbols. */
function planOf(given: Config, { words, options }: { words: readonly string[]; options: IngestOptions }): Plan {
  const config = withPath(given, options.path);
  const { providers } = providersOf(config, silentLog);
  const { source, symbols } = sourceAndSymbols(config, providers, words);
  if (source === 'file' && config.environment.HISTORY_FILE === undefined) {
    throw new TickwireError('INVALID_INPUT', '--path: expected the CSV to load, got none');
  }
  const history = providers.history(source);
  const isLocal = history.tellsEverySymbol === true || source === 'fixture';
  if (symbols.length === 0 && !history.tellsEverySymbol) {
    throw new TickwireError('INVALID_INPUT', `symbols: expected at least one to load from ${source}, got none`);
  }
  const lastDay = options.to ?? new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS);
  const start = options.from ?? (isLocal ? BEGINNING : new Date(lastDay.getTime() - 365 * DAY_MS));
  const end = new Date(lastDay.getTime() + DAY_MS);
  if (start >= end) throw new TickwireError('INVALID_INPUT', '--to: expected a day that is not before --from');
  const wanted = symbols.length === 0 ? ['*'] : symbols;
  const requests = wanted.map((each) => ({ source, symbol: each, interval: options.interval, start, end }));
  return { history, requests, options };
}

/** The first word is the source, unless the default one is `fixture` and the word names no provider. */
function sourceAndSymbols(config: Config, providers: Providers, [first, ...rest]: readonly string[]) {
  const mayLeaveOut = config.provider === 'fixture';
  const unique = (words: readonly string[]) => [...new Set(words.flatMap((word) => word.split(',')).map(symbolOf))];
  if (first === undefined) {
    if (mayLeaveOut) return { source: 'fixture', symbols: [] };
    throw new TickwireError('INVALID_INPUT', 'source: expected the name of a provider with history, got none');
  }
  const isProvider = providers.health().some(({ name }) => name === first);
  if (mayLeaveOut && !isProvider) return { source: 'fixture', symbols: unique([first, ...rest]) };
  return { source: providers.nameOf(first), symbols: unique(rest) };
}

function symbolOf(text: string): string {
  const { data, error } = symbolSchema.safeParse(text);
  if (data !== undefined) return data;
  const got = JSON.stringify(text.slice(0, 40));
  throw new TickwireError('INVALID_INPUT', `symbol: ${error?.issues[0]?.message ?? 'expected a symbol'}, got ${got}`);
}

/** The variable that names the file of source `file`. */
function withPath(config: Config, path: string | undefined): Config {
  if (path === undefined) return config;
  return { ...config, environment: { ...config.environment, HISTORY_FILE: path } };
}

async function load(store: Store, { history, requests, options }: Plan, context: Context): Promise<IngestReport> {
  const startMs = Date.now();
  const progress = await openIngestProgress(requests, options, context);
  let outcomes: readonly IngestOutcome[] = [];
  try {
    outcomes = await ingestSymbols(requests, {
      dependencies: { store, source: history, clock: systemClock, patienceMs: options.patience * 1000 },
      signal: context.signal,
      concurrency: CONCURRENCY,
      onProgress: progress.tell,
    });
  } finally {
    progress.stop();
  }
  return reportOf(requests, outcomes, (Date.now() - startMs) / 1000);
}

/** Of a whole file by its lines, else by the days of all ranges. */
async function openIngestProgress(
  requests: readonly IngestRequest[],
  { path }: IngestOptions,
  context: Context,
): Promise<{ tell(request: IngestRequest, step: IngestStep): void; stop(): void }> {
  const isWholeFile = path !== undefined && requests[0]?.symbol === '*';
  const days = ({ start, end }: IngestRequest) => (end.getTime() - start.getTime()) / DAY_MS;
  const total = isWholeFile ? await countLines(path) : requests.reduce((sum, request) => sum + days(request), 0);
  const progress = context.progress({ total, unit: 'bars' });
  const done = new Map<IngestRequest, IngestStep>();
  return {
    stop: () => progress.stop(),
    tell(request, step) {
      done.set(request, step);
      const bars = [...done.values()].reduce((sum, each) => sum + each.bars, 0);
      const daysDone = [...done].reduce(
        (sum, [{ start }, { next }]) => sum + days({ ...request, start, end: next }),
        0,
      );
      progress.update(isWholeFile ? bars : daysDone, bars);
    },
  };
}

function refuseFailures({ failures, symbols, bars }: IngestReport): void {
  const broken = symbols.reduce((sum, { faults }) => sum + faults, 0);
  const reasons = failures.map((failure) => `${failure.symbol}: ${failure.detail}`);
  if (bars === 0 && broken > 0) reasons.push(`nothing could be read: ${symbols[0]?.first_faults[0]?.detail ?? ''}`);
  if (reasons.length === 0) return;
  throw new TickwireError('INVALID_INPUT', `not everything was loaded: ${reasons.join('; ')}`);
}
