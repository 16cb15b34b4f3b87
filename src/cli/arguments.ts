import { type Command, InvalidArgumentError } from 'commander';
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

/** An http(s) address. */
export function httpAddress(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('Expected http://host:port or https://host:port.');
}

/** Adds an example to the help of `command`. */
export function withExample(command: Command, example: string): Command {
  return command.addHelpText('after', `\nExample:\n  ${example}`);
}
