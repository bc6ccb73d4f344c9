import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { Problem } from '../../schemas/problem.ts';
import type { ByteSource } from './byte-source.ts';
import { zstdFrames } from './zstd-frames.ts';

/** The bytes of a file from its beginning, without what packs them. Each call of `chunks` begins anew. */
export interface ByteStream {
  /** How the file is packed; null where it is not. */
  packing: 'gzip' | 'zstd' | null;
  /** At most {@link headBytes}, without a byte order mark. */
  head: Buffer;
  chunks(): AsyncGenerator<Uint8Array>;
}

const headBytes = 4096;

/** Opens a file that may be packed by gzip or zstd, or written as UTF-16: the stream is UTF-8 then. Throws what the unpacking throws. */
export async function openStream(source: ByteSource): Promise<ByteStream> {
  const packing = packingOf(await source.read(0, 4));
  const unpacked = () => (packing === null ? chunksOf(source) : unpack(chunksOf(source), packing));
  const first = await headOf(unpacked());
  const utf16 = first[0] === 0xff && first[1] === 0xfe ? 'utf-16le' : first[0] === 0xfe && first[1] === 0xff ? 'utf-16be' : null;
  const chunks = () => (utf16 === null ? unpacked() : asUtf8(unpacked(), utf16));
  const head = utf16 === null ? first : await headOf(chunks());
  return { packing, head: head.subarray(0, 3).equals(mark) ? head.subarray(3) : head, chunks };
}

const mark = Buffer.from([0xef, 0xbb, 0xbf]);

function packingOf(head: Uint8Array): ByteStream['packing'] {
  const bytes = Buffer.from(head);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (bytes.length < 4) return null;
  const number = bytes.readUInt32LE();
  // A frame to be skipped may come first.
  return number === 0xfd2fb528 || number >>> 4 === 0x184d2a5 ? 'zstd' : null;
}

async function* chunksOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += source.stride) yield await source.read(at, at + source.stride);
}

async function* unpack(packed: AsyncIterable<Uint8Array>, packing: 'gzip' | 'zstd'): AsyncGenerator<Uint8Array> {
  if (packing === 'gzip') yield* through(packed, createGunzip());
  else for await (const frame of zstdFrames(packed)) yield* through(frame, createZstdDecompress());
}

async function* through(packed: AsyncIterable<Uint8Array>, unpacker: Transform): AsyncGenerator<Uint8Array> {
  let failure: Error | undefined;
  // Where the source fails, what came before is unpacked first.
  const feed = async function* () {
    try {
      yield* packed;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
  };
  // A failure of the unpacker is thrown by reading it.
  const fed = pipeline(Readable.from(feed()), unpacker).catch(() => undefined);
  for await (const chunk of unpacker) if (chunk instanceof Uint8Array) yield chunk;
  await fed;
  if (failure !== undefined) throw failure;
}

async function* asUtf8(chunks: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

async function headOf(chunks: AsyncGenerator<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    pieces.push(chunk);
    length += chunk.length;
    if (length >= headBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, headBytes);
}

/** Forms that are not read, by their first bytes. */
const otherForms: [name: string, signature: string, instead: string][] = [
  ['an encrypted Parquet file', 'PARE', 'write it without encryption'],
  ['a ZIP archive', 'PK\x03\x04', 'unpack it, or pack the file by gzip or zstd'],
  ['packed by bzip2', 'BZh', 'pack it by gzip or zstd'],
  ['packed by xz', '\xfd7zXZ', 'pack it by gzip or zstd'],
  ['packed by LZ4', '\x04\x22\x4d\x18', 'pack it by gzip or zstd'],
  ['an Arrow file', 'ARROW1', 'write it as Parquet: `Dataset.to_parquet`'],
  ['an Arrow stream', '\xff\xff\xff\xff', 'write it as Parquet: `Dataset.to_parquet`'],
  ['an ORC file', 'ORC', 'write it as Parquet or JSONL'],
  ['an Avro file', 'Obj\x01', 'write it as Parquet or JSONL'],
  ['an SQLite database', 'SQLite format 3', 'write the table as Parquet or JSONL'],
  ['a pickle of Python', '\x80\x04', 'write it as Parquet or JSONL'],
  ['a pickle of Python', '\x80\x05', 'write it as Parquet or JSONL'],
];

/** Refuses a file whose form is known and not read. Throws `Problem` source_unreadable, with what to do instead. */
export function refuseOtherForms(name: string, { head, packing }: ByteStream): void {
  const text = head.toString('latin1');
  const form = otherForms.find(([, signature]) => text.startsWith(signature));
  if (form !== undefined) throw otherForm(name, form[0], form[2]);
  if (text.slice(257, 262) === 'ustar') throw otherForm(name, 'a tar archive', 'unpack it, and give the folder');
  if (packing !== null && text.startsWith('PAR1'))
    throw otherForm(name, `a Parquet file packed by ${packing}`, 'unpack it: it is read in parts');
  if (/\.[ct]sv(\.(gz|zst))?($|[?#])/i.test(name))
    throw otherForm(name, 'a table of comma-separated values', 'write it as Parquet or JSONL');
}

function otherForm(name: string, form: string, hint: string): Problem {
  return new Problem('source_unreadable', `${name} is ${form}, which is not read`, { hint });
}
