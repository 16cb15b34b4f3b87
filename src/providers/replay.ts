import { type Clock, systemClock } from '../platform/clock';
import type { Environment } from '../platform/environment';
import { TickwireError } from '../platform/errors';
import { defineProvider, type QuoteSource } from './provider';
import { partVerdicts, toQuote, unknownSymbol } from './quote-rules';
import { readTape, type TapeTrade } from './tape';

/** A recorded tape that runs on as if it were today: the newest trade of each symbol at the tape's position. */
export const replay = defineProvider({
  name: 'replay',
  aliases: [],
  title: 'A recorded tape of trades (CSV or CSV.gz), played from its first trade at any speed; no network, no key',
  documentation: null,
  variables: [
    { name: 'REPLAY_FILE', purpose: 'path of a CSV or CSV.gz of trades', required: true, secret: false },
    {
      name: 'REPLAY_SPEED',
      purpose: 'times the real pace, or Infinity; 1 when not set',
      required: false,
      secret: false,
    },
  ],
  limits: [],
  maxSymbolsPerCall: 1000,
  timeoutMs: 10_000,
  open: (environment) => openReplay(environment, systemClock),
  volumeIsTraded: true,
});

/** How far a tape was read. Memory is one trade for each symbol, and the one trade read ahead. */
interface Position {
  readonly trades: AsyncIterator<TapeTrade>;
  readonly newest: Map<string, TapeTrade>;
  firstAtMs: number | undefined;
  ahead: TapeTrade | undefined;
  badLines: number;
}

/**
 * A source whose tape starts now, at its first trade, and runs forward only. After its last trade the last prices stay. Trades of one instant answer
 * with the last of them; lines that are no trades are left out and counted in `raw`. @throws PROVIDER_NOT_CONFIGURED when `REPLAY_SPEED` is no speed.
 */
export function openReplay(environment: Environment, clock: Clock): QuoteSource {
  const path = environment.REPLAY_FILE ?? '';
  const speed = speedOf(environment.REPLAY_SPEED);
  const openedAtMs = clock().getTime();
  let position: Promise<Position> | undefined;

  const advance = (signal: AbortSignal): Promise<Position> => {
    const realMs = clock().getTime() - openedAtMs;
    const elapsedMs = speed === Number.POSITIVE_INFINITY ? speed : realMs * speed;
    const advanced = (position ?? Promise.resolve(startOf(path))).then((from) => advanceBy(from, elapsedMs, signal));
    position = advanced;
    advanced.catch(() => {
      if (position === advanced) position = undefined;
    });
    return advanced;
  };

  return {
    fetchQuotes: async (symbols, signal) => {
      const { newest, badLines } = await advance(signal).catch(refuseTape);
      const verdicts = symbols.map((symbol) => {
        const trade = newest.get(symbol);
        if (!trade) return unknownSymbol(symbol, 'the tape has no trade of it up to its position');
        const { price, currency, size: volume, observedAt, line: sequence } = trade;
        return toQuote(symbol, { price, currency, volume, sequence, observedAtMs: observedAt.getTime() }, clock());
      });
      const trades = symbols.flatMap((symbol) => newest.get(symbol) ?? []);
      return { raw: { trades, bad_lines: badLines }, ...partVerdicts(verdicts) };
    },
  };
}

function startOf(path: string): Position {
  const position: Position = {
    trades: readTape(path, {
      onBadLine: () => {
        position.badLines += 1;
      },
    }),
    newest: new Map(),
    firstAtMs: undefined,
    ahead: undefined,
    badLines: 0,
  };
  return position;
}

/** Reads until the first trade that lies beyond `elapsedMs` after the tape's first one; stops early when the caller gave up, to go on with the next. */
async function advanceBy(position: Position, elapsedMs: number, signal: AbortSignal): Promise<Position> {
  while (!signal.aborted) {
    position.ahead ??= (await position.trades.next()).value;
    const trade = position.ahead;
    if (!trade) break;
    position.firstAtMs ??= trade.observedAt.getTime();
    if (trade.observedAt.getTime() - position.firstAtMs > elapsedMs) break;
    const known = position.newest.get(trade.symbol);
    if (!known || known.observedAt <= trade.observedAt) position.newest.set(trade.symbol, trade);
    position.ahead = undefined;
  }
  return position;
}

function speedOf(text = '1'): number {
  const speed = Number(text);
  if (speed > 0) return speed;
  throw new TickwireError(
    'PROVIDER_NOT_CONFIGURED',
    `REPLAY_SPEED: expected a number above zero or Infinity, got ${text}`,
  );
}

/** Without the path, which callers of the API are not to see. */
function refuseTape(cause: unknown): never {
  throw new TickwireError('PROVIDER_UNAVAILABLE', 'replay cannot read the tape that REPLAY_FILE names', { cause });
}
