import { deflateRawSync } from 'node:zlib';
import { zipEntries } from '../../src/local/zip';

/** A zip archive by hand, so that the reader is held to the format and not to a writer of ours. */
function aZip(files: readonly { name: string; body: string; method: 0 | 8 | 12; extra?: string }[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, body, method, extra = '' } of files) {
    const packed = method === 8 ? deflateRawSync(body) : Buffer.from(body);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(extra.length, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, Buffer.from(name));
    locals.push(local, Buffer.from(name), Buffer.from(extra), packed);
    offset += 30 + name.length + extra.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

describe('zipEntries', () => {
  it('unpacks stored and deflated files', () => {
    const archive = aZip([
      { name: 'a.txt', body: 'as it is', method: 0, extra: 'pad' },
      { name: 'bin/b', body: 'x'.repeat(10_000), method: 8 },
    ]);

    const entries = zipEntries(archive);

    expect(entries.map(({ name }) => name)).toEqual(['a.txt', 'bin/b']);
    expect(entries.map((entry) => entry.unpack().toString())).toEqual(['as it is', 'x'.repeat(10_000)]);
  });

  it('says which packing it does not know', () => {
    const [entry] = zipEntries(aZip([{ name: 'a', body: 'x', method: 12 }]));

    expect(() => entry!.unpack()).toThrow('a is packed by method 12, expected 0 or 8');
  });

  it('refuses what is no archive', () => {
    expect(() => zipEntries(Buffer.from('<html>not found</html>'))).toThrow('expected a zip archive');
  });
});
