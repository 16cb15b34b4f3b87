import fc from 'fast-check';
import { jsonOfBytes, printable, printableBytes, shortDuration } from '../../src/cli/printable';

const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

it('no bytes, whatever they are, can drive a terminal or break a line', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(printableBytes(Buffer.from(bytes))).not.toMatch(UNSAFE);
    }),
  );
});

it('text of any language stays as it is', () => {
  expect(printableBytes(Buffer.from('Zürich 東京 ☕'))).toBe('Zürich 東京 ☕');
});

it('every byte that is no text is shown by its number', () => {
  expect(printableBytes(Buffer.from([0xff, 0xe9, 0x80, 0x41, 0x0a]))).toBe('\\xff\\xe9\\x80A\\x0a');
  expect(printable('a\u202eb\u{e0001}')).toBe('a\\u{202e}b\\u{e0001}');
});

it('bytes survive the way through JSON', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (array) => {
      const bytes = Buffer.from(array);
      const json = jsonOfBytes(bytes) ?? { text: '' };
      const back = 'text' in json ? Buffer.from(json.text) : Buffer.from(json.base64, 'base64');
      expect(back.equals(bytes)).toBe(true);
    }),
  );
});

it.each([
  [0.4, '0 s'],
  [59.6, '1 min 0 s'],
  [200, '3 min 20 s'],
  [7_500, '2 h 5 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(shortDuration(seconds)).toBe(text);
});
