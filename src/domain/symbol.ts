import { z } from 'zod';

/** A ticker as the pipeline writes it: trimmed, upper case, 1 to 32 of `A-Z 0-9 . - = ^ : /`. */
export const symbolSchema = z
  .string()
  .max(64, 'a symbol has at most 32 characters')
  // ASCII alone: other letters become these in upper case, as the long s and the dotless i do.
  .transform((text) => text.trim().replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()))
  .pipe(z.string().regex(/^[A-Z0-9.\-=^:/]{1,32}$/, 'a symbol is 1 to 32 of A-Z 0-9 . - = ^ : /'));

const SYMBOL = /^[A-Z0-9.\-=^:/]{1,32}$/;

/** True for text that already is a symbol in the pipeline's spelling. */
export function isSymbol(text: unknown): text is string {
  return typeof text === 'string' && SYMBOL.test(text);
}
