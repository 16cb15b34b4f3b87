import { type Command, InvalidArgumentError } from 'commander';
import { SCOPES, type Scope } from '../domain/access';
import { MAX_GRACE_SECONDS } from '../domain/api-key';
import { symbolSchema } from '../domain/symbol';

/** A parser of whole numbers from `low` to `high`. */
export function wholeNumber(low: number, high = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    throw new InvalidArgumentError(
      high === Number.MAX_SAFE_INTEGER
        ? `Expected a whole number of at least ${low}.`
        : `Expected a whole number from ${low} to ${high}.`,
    );
  };
}

/** A symbol in the pipeline's spelling. */
export function symbol(text: string): string {
  const parsed = symbolSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('A symbol is 1 to 32 of A-Z 0-9 . - = ^ : /');
}

/** For arguments that may be repeated: `AAPL MSFT` and `AAPL,MSFT` are the same two symbols. */
export function symbols(text: string, before: readonly string[] = []): readonly string[] {
  const added = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(symbol);
  if (added.length === 0) throw new InvalidArgumentError('Expected a symbol.');
  return [...new Set([...before, ...added])];
}

/** A day as its midnight UTC. */
export function day(text: string): Date {
  const midnight = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? text : Number.NaN);
  // Date takes 30 February for 2 March.
  if (!Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text)) return midnight;
  throw new InvalidArgumentError('Expected a day such as 2026-01-05.');
}

const DAY_SECONDS = 86_400;
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: DAY_SECONDS };
/** Ten years: what is longer is a slip of the pen. */
const MAX_DURATION_SECONDS = 3_660 * DAY_SECONDS;

/** A time such as `90d`, `12h`, `30m` or `0s`, in seconds. */
export function duration(text: string): number {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNIT_SECONDS[unit ?? ''] ?? Number.NaN);
  if (seconds <= MAX_DURATION_SECONDS) return seconds;
  throw new InvalidArgumentError('Expected a time such as 90d, 12h, 30m or 0s, at most 3660d.');
}

/** How long a secret stays good beside the one that replaced it, in seconds: a time as the API takes it. */
export function grace(text: string): number {
  const seconds = duration(text);
  if (seconds <= MAX_GRACE_SECONDS) return seconds;
  throw new InvalidArgumentError('Expected at most 30d: what is to be good for longer is no old secret.');
}

/** An instant ahead: a time from now on, or the midnight UTC that begins a day. */
export function expiry(text: string): Date {
  const at = /^\d+[a-z]$/.test(text) ? new Date(Date.now() + 1000 * duration(text)) : day(text);
  if (at.getTime() > Date.now()) return at;
  throw new InvalidArgumentError('Expected a time ahead: 90d, or a day to come.');
}

/** Scopes of a key, each once, in the order they are documented. */
export function scopes(text: string): readonly Scope[] {
  const given = text.split(',').map((part) => part.trim());
  const known = SCOPES.filter((scope) => given.includes(scope));
  if (given.every((part) => known.some((scope) => scope === part))) return known;
  throw new InvalidArgumentError(`Expected some of ${SCOPES.join(', ')}, separated by commas.`);
}

const MAX_NAME = 64;

/** The name of a key, as the API takes it: one line that a terminal shows as it is. */
export function keyName(text: string): string {
  const name = text.trim();
  if (name.length >= 1 && name.length <= MAX_NAME && !/\p{C}/u.test(name)) return name;
  throw new InvalidArgumentError(`Expected a name of 1 to ${MAX_NAME} printable characters.`);
}

/** An http(s) address. */
export function httpAddress(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('Expected http://host:port or https://host:port.');
}

/** Adds an example to the help of `command`. */
export function withExample(command: Command, example: string): Command {
  return command.addHelpText('after', `\nExample:\n  ${example}`);
}
