import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A folder for the files of one test file, removed afterwards. */
export function aFolder(): { write: (name: string, content: string | Buffer) => string; path: string } {
  const path = mkdtempSync(join(tmpdir(), 'tickwire-tape-'));
  afterAll(() => rmSync(path, { recursive: true }));
  return {
    path,
    write: (name, content) => {
      const file = join(path, name);
      writeFileSync(file, name.endsWith('.gz') && typeof content === 'string' ? gzipSync(content) : content);
      return file;
    },
  };
}
