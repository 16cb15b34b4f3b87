import { isUtf8 } from 'node:buffer';

/** Control characters, and those that reorder or hide what follows: they could drive the reader's terminal. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** `text` with every unsafe character written as `\xNN` or `\u{N}`: one line that a terminal shows as it is. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const digits = code.toString(16);
    return code < 256 ? `\\x${digits.padStart(2, '0')}` : `\\u{${digits}}`;
  });
}

/** Bytes as one line: text where they are UTF-8, else `\xNN` for everything that is not plain ASCII. */
export function printableBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return printable(bytes.toString('utf8'));
  const escaped = (character: string) => `\\x${character.charCodeAt(0).toString(16)}`;
  return printable(bytes.toString('latin1')).replace(/[\u00a0-\u00ff]/g, escaped);
}

/** Bytes as a JSON value that loses nothing: `text` where they are UTF-8, else `base64`. */
export function jsonOfBytes(bytes: Buffer | null): { text: string } | { base64: string } | null {
  if (bytes === null) return null;
  return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') };
}

/** An instant as tables show it: to the second, UTC. */
export function shortInstant(instant: string | null | undefined): string {
  return instant ? instant.replace(/\.\d+Z$/, 'Z') : '-';
}

/** Whole numbers with separators, others with one digit. */
export function shortNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 && !Number.isInteger(value) ? 1 : 0 });
}

/** `1 event`, `2 events`. */
export function countOf(count: number, noun: string): string {
  return `${shortNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Seconds as `7 s`, `3 min 20 s` or `2 h 5 min`. */
export function shortDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
