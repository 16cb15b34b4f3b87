import type { LivePrice } from '../domain/live-frame';
import type { Context } from './context';
import type { FeedEvent } from './price-feed';
import { shortDuration } from './printable';
import type { Cell } from './table';
import { signed, type WatchView } from './watch';

/** The oldest age of a price that is still shown as fresh, as the API has it by default. */
const STALE_AFTER_MS = 300_000;
/** Ages are drawn anew so often, and changes no more often than every fifth of it. */
const DRAW_EVERY_MS = 1_000;
const MIN_BETWEEN_MS = 200;
/** Lines of the screen that are no prices. */
const FRAME_LINES = 5;
const DEFAULT_ROWS = 24;

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const CLEAR = '\u001b[H\u001b[J';

type Connection = Exclude<FeedEvent, { readonly prices: unknown }>;

/**
 * The whole terminal as a table of prices, with their ages and the state of the connection always in sight. `stop` gives the terminal back and leaves the last
 * state on it.
 */
export function openWatchScreen(context: Context, wanted: readonly string[]): WatchView {
  const { stdout } = context.io;
  const prices = new Map<string, LivePrice | undefined>(wanted.map((symbol) => [symbol, undefined]));
  let connection: Connection | undefined;
  let drawnMs = 0;
  let soon: NodeJS.Timeout | undefined;
  const text = (rows: number) => `${headOf(connection)}\n\n${tableOf(context, prices, { connection, rows })}\n`;
  const draw = () => {
    clearTimeout(soon);
    soon = undefined;
    drawnMs = Date.now();
    stdout.write(`${CLEAR}${text((stdout.rows ?? DEFAULT_ROWS) - FRAME_LINES)}`);
  };
  stdout.write(ENTER);
  draw();
  const ageing = setInterval(draw, DRAW_EVERY_MS);
  return {
    take: (event) => {
      if (!('prices' in event)) connection = event;
      else for (const [symbol, price] of Object.entries(event.prices)) prices.set(symbol, price);
      soon ??= setTimeout(draw, Math.max(0, drawnMs + MIN_BETWEEN_MS - Date.now()));
    },
    stop: () => {
      clearInterval(ageing);
      clearTimeout(soon);
      stdout.write(`${LEAVE}${text(Number.POSITIVE_INFINITY)}`);
    },
  };
}

function headOf(connection: Connection | undefined): string {
  if (!connection) return 'connecting …';
  if (connection.kind === 'live') return 'live; Ctrl-C ends';
  const age = shortDuration((Date.now() - connection.since.getTime()) / 1000);
  const what = connection.kind === 'lost' ? 'NOT CONNECTED' : 'STALE';
  return `${what} for ${age}: ${connection.reason}; these are the last prices known`;
}

interface Shown {
  readonly connection: Connection | undefined;
  readonly rows: number;
}

function tableOf(
  context: Context,
  prices: ReadonlyMap<string, LivePrice | undefined>,
  { connection, rows }: Shown,
): string {
  const sorted = [...prices].sort(([a], [b]) => (a < b ? -1 : 1));
  const isLive = connection?.kind === 'live';
  const table = context.table(
    ['SYMBOL', 'PRICE', 'CURRENCY', 'CHANGE', 'PROVIDER', 'AGE'],
    sorted.slice(0, rows).map(([symbol, price]) => rowOf(symbol, price, isLive)),
  );
  return sorted.length > rows ? `${table}\nand ${sorted.length - rows} more` : table;
}

function rowOf(symbol: string, price: LivePrice | undefined, isLive: boolean): readonly Cell[] {
  if (!price) return [symbol, '-', '-', '-', '-', 'no price yet'];
  const ageMs = Date.now() - Date.parse(price.timestamp);
  const isStale = !isLive || ageMs > STALE_AFTER_MS;
  const age = `${shortDuration(Math.max(0, ageMs) / 1000)}${isStale ? ', stale' : ''}`;
  return [
    symbol,
    String(price.price),
    price.currency ?? '-',
    { text: signed(price.change_percent), colour: price.change < 0 ? 'red' : 'green' },
    price.provider,
    isStale ? { text: age, colour: 'red' } : age,
  ];
}
