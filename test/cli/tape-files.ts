import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const START_MS = Date.parse('2026-01-05T15:00:00.000Z');
const SYMBOLS = ['AAPL', 'MSFT', 'GOOGL'];

/** `count` trades of three symbols, ten milliseconds apart. */
export function tapeOf(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const time = new Date(START_MS + index * 10).toISOString();
    return `${time},${SYMBOLS[index % SYMBOLS.length]},${100 + (index % 50) / 4},${index + 1}`;
  });
  return `${['timestamp,symbol,price,size', ...lines].join('\n')}\n`;
}

/** A folder of its own for tapes. */
export function openTapeFolder(): { write(name: string, text: string): string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'tickwire-tapes-'));
  return {
    write: (name, text) => {
      const path = join(folder, name);
      writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
