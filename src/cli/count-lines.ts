import { createReadStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { messageOf, TickwireError } from '../platform/errors';

/** Lines of a CSV or CSV.gz after the first, which names the columns; at least 1. @throws INVALID_INPUT when it cannot be read. */
export async function countLines(file: string): Promise<number> {
  let lines = 0;
  try {
    await pipeline(
      createReadStream(file),
      /\.gz$/i.test(file) ? createGunzip() : new PassThrough(),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
        }
      },
    );
    return Math.max(1, lines - 1);
  } catch (cause) {
    throw new TickwireError('INVALID_INPUT', `cannot read ${file}: ${messageOf(cause)}`, { cause });
  }
}
