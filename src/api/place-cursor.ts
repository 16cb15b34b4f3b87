import { z } from 'zod';
import { isStorable } from './request-fields';

/** Where a row stands in a list that is ordered by an instant, and by id within one. */
interface Place {
  readonly at: Date;
  /** UUID. */
  readonly id: string;
}

/** Instant and id of the last row that was served, as text. */
const PLACE = /^(-?\d{1,15}) ([0-9a-f-]{36})$/;

/** An opaque cursor that points behind a row of the list. */
export function placeCursorOf({ at, id }: Place): string {
  return Buffer.from(`${at.getTime()} ${id}`).toString('base64url');
}

/** The place a cursor points behind. */
export const placeCursorField = z
  .string()
  .max(200)
  .transform((cursor, context): Place => {
    const [, epochMs, id] = PLACE.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
    const at = new Date(Number(epochMs));
    if (id !== undefined && z.guid().safeParse(id).success && isStorable(at)) return { at, id };
    context.addIssue({ code: 'custom', message: 'expected the next_cursor of an earlier answer' });
    return z.NEVER;
  })
  .meta({ type: 'string', description: 'next_cursor of the page before' });
