import { crc32, inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { Problem } from '../../schemas/problem.ts';
import type { ByteSource } from './byte-source.ts';

/** A file in a ZIP archive. */
export interface ZipEntry {
  name: string;
  /** Bytes without packing. */
  size: number;
  /** Throws `Problem` source_unreadable for an entry that is damaged, encrypted, too large or packed in another way than deflate or zstd. */
  read(): Promise<Buffer>;
}

/** Bytes that an entry may have without packing; it is read as a whole. */
const largestEntry = 512 * 1024 * 1024;

const endSize = 22;
const longestComment = 0xffff;

/**
 * The files of a ZIP archive by its directory, ZIP64 too. Format: APPNOTE of PKWARE, sections 4.3 and 4.5.3. Throws `Problem`
 * source_unreadable where there is no directory.
 */
export async function zipEntries(source: ByteSource): Promise<ZipEntry[]> {
  const { count, size, offset } = await directoryOf(source);
  const directory = Buffer.from(await source.read(offset, offset + size));
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50) throw damaged(source, 'its directory is cut');
    const [name, extra, comment] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    const end = at + 46 + (name ?? 0) + (extra ?? 0);
    const header = directory.subarray(at, end);
    entries.push(entryOf(source, header, header.subarray(46, 46 + (name ?? 0)).toString('utf8'), header.subarray(46 + (name ?? 0))));
    at = end + (comment ?? 0);
  }
  return entries;
}

async function directoryOf(source: ByteSource): Promise<{ count: number; size: number; offset: number }> {
  const start = Math.max(0, source.size - endSize - longestComment - 20);
  const tail = Buffer.from(await source.read(start, source.size));
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end === -1 || end + endSize > tail.length) throw damaged(source, 'it has no directory: it is cut, or still being written');
  const locator = end - 20;
  if (locator >= 0 && tail.readUInt32LE(locator) === 0x07064b50) {
    const at = Number(tail.readBigUInt64LE(locator + 8));
    const wide = Buffer.from(await source.read(at, at + 56));
    if (wide.length < 56 || wide.readUInt32LE(0) !== 0x06064b50) throw damaged(source, 'its directory cannot be found');
    const [count = 0, size = 0, offset = 0] = [32, 40, 48].map((field) => Number(wide.readBigUInt64LE(field)));
    return { count, size, offset };
  }
  return { count: tail.readUInt16LE(end + 10), size: tail.readUInt32LE(end + 12), offset: tail.readUInt32LE(end + 16) };
}

function entryOf(source: ByteSource, header: Buffer, name: string, extra: Buffer): ZipEntry {
  const wide = wideFields(extra);
  const field = (at: number) => {
    const value = header.readUInt32LE(at);
    return value === 0xffffffff ? (wide.shift() ?? value) : value;
  };
  const [flags, method, sum] = [header.readUInt16LE(8), header.readUInt16LE(10), header.readUInt32LE(16)];
  // In the order in which the wide ones follow one another.
  const size = field(24);
  const packed = field(20);
  const offset = field(42);
  const read = async () => {
    if ((flags & 1) !== 0) throw damaged(source, `${name} is encrypted`);
    if (size > largestEntry) throw damaged(source, `${name} has more than the ${largestEntry} bytes that are read`);
    const local = Buffer.from(await source.read(offset, offset + 30));
    if (local.length < 30 || local.readUInt32LE(0) !== 0x04034b50) throw damaged(source, `${name} is not where its directory says`);
    const begin = offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
    const content = unpacked(source, name, method, Buffer.from(await source.read(begin, begin + packed)));
    if (crc32(content) !== sum) throw damaged(source, `${name} is damaged`);
    return content;
  };
  return { name, size, read };
}

/** The numbers of 64 bits that stand in the field of ZIP64. */
function wideFields(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const data = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
    return Array.from({ length: Math.floor(data.length / 8) }, (_, index) => Number(data.readBigUInt64LE(index * 8)));
  }
  return [];
}

function unpacked(source: ByteSource, name: string, method: number, content: Buffer): Buffer {
  try {
    if (method === 0) return content;
    if (method === 8) return inflateRawSync(content, { maxOutputLength: largestEntry });
    if (method === 93) return zstdDecompressSync(content, { maxOutputLength: largestEntry });
  } catch (error) {
    throw new Problem('source_unreadable', `${source.name}: ${name} is damaged`, { cause: error });
  }
  throw damaged(source, `${name} is packed by method ${method}, which is not read`);
}

function damaged({ name }: ByteSource, what: string): Problem {
  return new Problem('source_unreadable', `${name}: ${what}`);
}
