import { z } from 'zod';
import { isStorable } from './request-fields';

/** Behind which bar of which source a page starts: the source stays the same from page to page, whatever is loaded meanwhile. */
export interface BarCursor {
  readonly startAt: Date;
  readonly source: string;
}

const PLACE = /^(-?\d{1,15}) ([\x21-\x7e]{1,64})$/;

/** An opaque cursor that points behind a bar. */
export function barCursorOf({ startAt, source }: BarCursor): string {
  return Buffer.from(`${startAt.getTime()} ${source}`).toString('base64url');
}

/** The bar a cursor points behind. */
export const barCursorField = z
  .string()
  .max(200)
  .transform((cursor, context) => {
    const [, epochMs, source] = PLACE.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
    const startAt = new Date(Number(epochMs));
    if (source !== undefined && isStorable(startAt)) return { startAt, source };
    context.addIssue({ code: 'custom', message: 'expected the next_cursor of an earlier answer' });
    return z.NEVER;
  });
