import { z } from 'zod';
import type { EventKey } from '../domain/price-event';
import { isStorable } from './request-fields';

/** Instant, sequence and id of the last point that was served, as text. */
const KEY = /^(-?\d{1,15}) (\d{1,16}) ([\x21-\x7e]{1,200})$/;

/** An opaque cursor that points behind `key`. */
export function cursorOf({ observedAt, sequence, eventId }: EventKey): string {
  return Buffer.from(`${observedAt.getTime()} ${sequence} ${eventId}`).toString('base64url');
}

/** The key a cursor points behind. */
export const cursorField = z
  .string()
  .max(400)
  .transform((cursor, context) => {
    const key = keyOf(cursor);
    if (key) return key;
    context.addIssue({ code: 'custom', message: 'expected the next_cursor of an earlier answer' });
    return z.NEVER;
  });

function keyOf(cursor: string): EventKey | undefined {
  const [, epochMs, order, eventId] = KEY.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (epochMs === undefined || order === undefined || eventId === undefined) return undefined;
  const [observedAt, sequence] = [new Date(Number(epochMs)), Number(order)];
  return isStorable(observedAt) && Number.isSafeInteger(sequence) ? { observedAt, sequence, eventId } : undefined;
}
