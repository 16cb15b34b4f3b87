import { z } from 'zod';

/** RFC 3339, UTC, milliseconds: the only spelling of an instant on the wire, `2026-01-05T15:00:00.000Z`. */
const SPELLING = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** Milliseconds of a UTC day. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** Days seen, either way: events come day by day, and the calendar is what costs. */
const startOfDay = new Map<string, number>();
const textOfDay = new Map<number, string>();
const MAX_DAYS = 4_096;

/** Epoch milliseconds of an instant in the wire's spelling; NaN for any other text, and for days or times that do not exist. */
export function parseInstant(text: string): number {
  if (!SPELLING.test(text)) return Number.NaN;
  const day = text.slice(0, 10);
  const startMs = startOfDay.get(day) ?? learnDay(day);
  const [hours, minutes, seconds] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  if (hours > 23 || minutes > 59 || seconds > 59) return Number.NaN;
  const millis = twoDigits(text, 20) * 10 + digit(text, 22);
  return startMs + hours * 3_600_000 + minutes * 60_000 + seconds * 1_000 + millis;
}

/** The instant in the wire's spelling, as `toISOString` writes it. */
export function formatInstant(instant: Date): string {
  const ms = instant.getTime();
  const startMs = Math.floor(ms / DAY_MS) * DAY_MS;
  const day = textOfDay.get(startMs);
  if (day !== undefined) return `${day}T${timeOfDay(ms - startMs)}Z`;
  const text = instant.toISOString();
  if (SPELLING.test(text)) learnDay(text.slice(0, 10));
  return text;
}

/** Epoch milliseconds of a day's start; NaN for one that is not in the calendar: Date.parse takes 30 February for 2 March. */
function learnDay(text: string): number {
  const start = new Date(`${text}T00:00:00.000Z`);
  if (start.getUTCDate() !== Number(text.slice(8))) return Number.NaN;
  if (startOfDay.size >= MAX_DAYS) {
    startOfDay.clear();
    textOfDay.clear();
  }
  startOfDay.set(text, start.getTime());
  textOfDay.set(start.getTime(), text);
  return start.getTime();
}

function timeOfDay(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const clock = `${twoDigitText(Math.floor(seconds / 3_600))}:${twoDigitText(Math.floor(seconds / 60) % 60)}:${twoDigitText(seconds % 60)}`;
  return `${clock}.${String(ms % 1_000).padStart(3, '0')}`;
}

function twoDigitText(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function digit(text: string, at: number): number {
  return text.charCodeAt(at) - 48;
}

/** An instant on the wire, still as text. */
export const instantSchema = z
  .string()
  .refine((text) => !Number.isNaN(parseInstant(text)), 'expected an RFC 3339 UTC instant with milliseconds');
