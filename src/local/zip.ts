import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

/** A file in a zip archive (APPNOTE.TXT 4.3.12), not yet unpacked. */
export interface ZipEntry {
  readonly name: string;
  unpack(): Buffer;
}

/** The files of a zip archive, in its directory's order; no zip64, no encryption. @throws Error when it is not such an archive. */
export function zipEntries(archive: Buffer): readonly ZipEntry[] {
  const end = archive.lastIndexOf(uint32(END_OF_DIRECTORY));
  if (end < 0) throw new Error('expected a zip archive, found no end of its directory');
  const entries: ZipEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0; count -= 1) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error(`zip archive: expected an entry at byte ${at}`);
    const nameLength = archive.readUInt16LE(at + 28);
    entries.push(entryAt(archive, at, nameLength));
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

function entryAt(archive: Buffer, at: number, nameLength: number): ZipEntry {
  const method = archive.readUInt16LE(at + 10);
  const packedSize = archive.readUInt32LE(at + 20);
  const localHeader = archive.readUInt32LE(at + 42);
  const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
  return { name, unpack: () => unpack({ archive, localHeader, packedSize, method, name }) };
}

interface Packed {
  readonly archive: Buffer;
  readonly localHeader: number;
  readonly packedSize: number;
  readonly method: number;
  readonly name: string;
}

function unpack({ archive, localHeader, packedSize, method, name }: Packed): Buffer {
  const start = localHeader + 30 + archive.readUInt16LE(localHeader + 26) + archive.readUInt16LE(localHeader + 28);
  const packed = archive.subarray(start, start + packedSize);
  if (method === STORED) return packed;
  if (method === DEFLATED) return inflateRawSync(packed);
  throw new Error(`zip archive: ${name} is packed by method ${method}, expected ${STORED} or ${DEFLATED}`);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
