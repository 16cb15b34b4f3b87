import { Option } from 'commander';
import { DAY_MS } from '../domain/instant';
import { TickwireError } from '../platform/errors';
import { monthOf, startOf } from '../store/price-months';
import type { SeriesKey } from '../store/store';
import { symbols, wholeNumber, withExample } from './arguments';
import { audited } from './audited';
import type { CommandDefinition, Context } from './context';
import { countOf } from './printable';
import type { Difference } from './verify-difference';
import { repairAll, type Verified, type VerifyOptions, verifyAll } from './verify-run';

/** Differences that are named; the others are counted. */
const NAMED = 50;

interface Options {
  readonly symbol?: readonly string[];
  readonly from: 'table' | 'topic';
  readonly repair?: true;
  readonly patience: number;
}

/** `tickwire verify`: whether the averages and the latest prices are what follows from the prices, and with --repair that they are. */
export const verify: CommandDefinition = (program, context) => {
  const command = program
    .command('verify')
    .description(
      'compare averages and latest prices with what follows from the stored prices; exit code 1 when they differ',
    )
    .option('--symbol <symbols>', 'of these symbols only', symbols)
    .addOption(
      new Option('--from <source>', 'what is true: the stored prices, or all that the topic holds besides them')
        .choices(['table', 'topic'])
        .default('table'),
    )
    .option('--repair', 'mend what differs, and verify again')
    .option(
      '--patience <seconds>',
      'how long to wait for the consumers when something differs',
      wholeNumber(0, 86_400),
      60,
    )
    .action((options: Options) => withAll(context, options, (parts) => verifyAndTell(context, options, parts)));
  withExample(command, 'tickwire verify --from topic --repair');
};

async function verifyAndTell(context: Context, { repair, from }: Options, parts: VerifyOptions): Promise<void> {
  const first = await verifyAll(parts);
  const isRepaired = repair === true && first.count > 0 && !parts.signal.aborted;
  if (isRepaired) {
    await audited(parts.store, { action: 'verify.repair', target: from }, () => repairAll(parts));
  }
  const verified = isRepaired ? await verifyAll(parts) : first;
  context.print(documentOf(verified, { from, repaired: isRepaired ? first : undefined }), () =>
    [
      ...(isRepaired ? [`${tableOf(context, first)}\n`] : []),
      ...(verified.count > 0 ? [`${tableOf(context, verified)}\n`] : []),
      ...(isRepaired ? [`repaired: ${countOf(first.count, 'difference')}`] : []),
      ...(verified.count === 0 ? [sentenceOf(verified)] : []),
    ].join('\n'),
  );
  if (verified.count === 0) return;
  const advice = isRepaired ? 'they are still there after the repair' : '`tickwire verify --repair` mends them';
  throw new TickwireError('CONFLICT', `${countOf(verified.count, 'difference')} found; ${advice}`);
}

/** Opens what is configured. The topic and its broker have to be there where they are asked for. */
async function withAll(
  context: Context,
  { symbol, from, patience }: Options,
  use: (parts: VerifyOptions) => Promise<void>,
): Promise<void> {
  const { kafkaBrokers, redisUrl, movingAverageWindow, priceRetentionDays } = context.config();
  const fromTopic = from === 'topic';
  const wanted = new Set(symbol);
  await context.withStore(async (store) => {
    const series = await store.prices.listSeries();
    if (!fromTopic) refuseUnknown(wanted, series);
    const progress = context.progress({ total: Math.max(1, series.length), unit: 'series' });
    const parts = {
      ...{ store, fromTopic, windowSize: movingAverageWindow, patienceMs: patience * 1000 },
      notBefore: keptSince(priceRetentionDays),
      isWanted: (name: string) => wanted.size === 0 || wanted.has(name),
      signal: context.signal,
      onSeries: (done: number) => progress.update(done, done),
    };
    const withCache = (bus: VerifyOptions['bus']) =>
      redisUrl === undefined
        ? use({ ...parts, bus, cache: undefined })
        : context.withCache((cache) => use({ ...parts, bus, cache }));
    try {
      await (kafkaBrokers === undefined && !fromTopic ? withCache(undefined) : context.withBus(withCache));
    } finally {
      progress.stop();
    }
  });
}

function refuseUnknown(wanted: ReadonlySet<string>, series: readonly SeriesKey[]): void {
  const unknown = [...wanted].filter((name) => !series.some((key) => key.symbol === name));
  if (unknown.length === 0) return;
  throw new TickwireError('NOT_FOUND', `no prices of ${unknown.join(', ')} are stored; nothing was verified`);
}

/** The first instant of the oldest month that retention keeps whole. */
function keptSince(retentionDays: number): Date | undefined {
  return retentionDays > 0 ? startOf(monthOf(new Date(Date.now() - retentionDays * DAY_MS))) : undefined;
}

function sentenceOf({ series, latest, topic }: Verified): string {
  const sum = (read: (one: Verified['series'][number]) => number) => series.reduce((all, one) => all + read(one), 0);
  return [
    `${countOf(
      sum(({ prices }) => prices),
      'price',
    )} of ${series.length} series: `,
    `${countOf(
      sum(({ averages }) => averages),
      'average',
    )} as they follow from them`,
    latest ? `, ${countOf(latest.symbols, 'symbol')} in the cache` : ', the cache not looked at (REDIS_URL is not set)',
    topic ? `, ${countOf(topic.events, 'event')} of the topic stored` : '',
  ].join('');
}

function tableOf(context: Context, { differences, count }: Verified): string {
  const rows = differences.slice(0, NAMED);
  const more = count - rows.length;
  return [
    context.table(
      ['WHAT', 'SYMBOL', 'PROVIDER', 'EVENT', 'STORED', 'COMPUTED'],
      rows.map((one) => [one.kind, one.symbol, one.provider, one.eventId, one.stored ?? '-', one.computed ?? '-']),
    ),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ].join('\n');
}

function documentOf(verified: Verified, { from, repaired }: { from: string; repaired: Verified | undefined }) {
  const { series, latest, topic, count, differences } = verified;
  return {
    from,
    clean: count === 0,
    differences: count,
    named: differences.slice(0, NAMED).map(wireOf),
    repaired: repaired
      ? { differences: repaired.count, named: repaired.differences.slice(0, NAMED).map(wireOf) }
      : null,
    series: series.map(({ symbol, provider, prices, averages, digests }) => ({
      ...{ symbol, provider, prices, averages, digest: digests.stored, computed_digest: digests.computed },
    })),
    cached_symbols: latest?.symbols ?? null,
    topic_events: topic?.events ?? null,
  };
}

function wireOf({ kind, symbol, provider, eventId, stored, computed }: Difference) {
  return { what: kind, symbol, provider, event_id: eventId, stored, computed };
}
