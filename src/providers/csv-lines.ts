import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf, TickwireError } from '../platform/errors';
import { MAX_LINE_CHARACTERS } from './csv-fields';

/**
 * The lines of a text file, or of one compressed with gzip (named `.gz`), in constant memory: as many at once as a chunk completes; the beginning of one that
 * never ends is all that is kept of it. Leaving the loop closes the file.
 * @throws INVALID_INPUT when the file cannot be read as `what`, or is damaged: after the lines before the damage.
 */
export async function* linesOf(path: string, what: string): AsyncGenerator<string[]> {
  let rest = '';
  try {
    for await (const characters of charactersOf(path)) {
      const lines = (rest + characters).split('\n');
      rest = (lines.pop() ?? '').slice(0, MAX_LINE_CHARACTERS + 1);
      yield lines;
    }
  } catch (error) {
    throw new TickwireError('INVALID_INPUT', `${path}: cannot be read as ${what}: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (rest !== '') yield [rest];
}

function charactersOf(path: string): AsyncIterable<string> {
  const file = createReadStream(path);
  if (!/\.gz$/i.test(path)) return file.setEncoding('utf8');
  const unzipped = createGunzip().setEncoding('utf8');
  pipeline(file, unzipped, () => undefined);
  return unzipped;
}
