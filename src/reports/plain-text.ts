/** Control characters, halves of surrogate pairs, and marks that turn the direction of writing: XML forbids some, and all can make a text look like another. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufffe\uffff]+/gu;

/** A text on one line, without characters that no document may hold. */
export function plainText(text: string): string {
  return text.replace(UNPRINTABLE, ' ');
}

/** A text at most `length` characters long, the rest as an ellipsis. */
export function shortened(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

/**
 * A text that ECharts may draw, at most `length` characters long. Its cache of text widths is a plain object, where `__proto__` or `constructor` as a text
 * finds what every object inherits, and writes to it; with a space behind, it does not.
 */
export function drawableText(text: string, length: number): string {
  const drawn = shortened(plainText(text), length);
  return drawn in Object.prototype ? `${drawn} ` : drawn;
}

/** A text as the content of an element or the value of a quoted attribute, of HTML and of SVG. */
export function escaped(text: string): string {
  return plainText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
