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

/** Bytes that come once, without what packs them, and as UTF-8 without a byte order mark where they were text of another encoding. */
export interface UnpackedBytes {
  packing: ByteStream['packing'];
  head: Buffer;
  /** All bytes, those of `head` among them. */
  chunks: AsyncGenerator<Uint8Array>;
}

/** As {@link openStream}, for bytes that can be read only once; `headBytes` are looked at ahead, where there are as many. */
export async function unpackOnce(bytes: AsyncIterable<Uint8Array>, headBytes: number): Promise<UnpackedBytes> {
  const enough = (length: number) => length >= headBytes;
  let packing: ByteStream['packing'] = null;
  let peeked = await peek(bytes, enough);
  // What is packed may be packed again, as by a server.
  for (let layer = 0; layer < 2; layer += 1) {
    const found = packingOf(peeked.head);
    if (found === null) break;
    packing ??= found;
    peeked = await peek(unpack(peeked.chunks, found), enough);
  }
  const utf16 = utf16Of(peeked.head);
  if (utf16 !== null) peeked = await peek(asUtf8(peeked.chunks, utf16), enough);
  const marked = peeked.head.subarray(0, 3).equals(mark);
  return marked ? { packing, head: peeked.head.subarray(3), chunks: without(mark.length, peeked.chunks) } : { packing, ...peeked };
}

/**
 * Looks at bytes ahead until `enough` says so of their number; the stream begins with them again. An error of the stream is thrown where
 * it is read, behind what came before it.
 */
export async function peek(
  bytes: AsyncIterable<Uint8Array>,
  enough: (length: number, last: Uint8Array) => boolean,
): Promise<{ head: Buffer; chunks: AsyncGenerator<Uint8Array> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let next = await nextOf(iterator);
  for (let length = 0; next.kind === 'chunk'; next = await nextOf(iterator)) {
    pieces.push(next.chunk);
    length += next.chunk.length;
    if (enough(length, next.chunk)) break;
  }
  const last = next;
  const chunks = async function* () {
    yield* pieces.splice(0);
    if (last.kind === 'failure') throw last.error;
    if (last.kind === 'chunk') yield* { [Symbol.asyncIterator]: () => iterator };
  };
  return { head: Buffer.concat(pieces), chunks: chunks() };
}

type Next = { kind: 'chunk'; chunk: Uint8Array } | { kind: 'end' } | { kind: 'failure'; error: Error };

async function nextOf(iterator: AsyncIterator<Uint8Array>): Promise<Next> {
  try {
    const next = await iterator.next();
    return next.done === true ? { kind: 'end' } : { kind: 'chunk', chunk: next.value };
  } catch (error) {
    return { kind: 'failure', error: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function* without(count: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = count;
  for await (const chunk of chunks) {
    const kept = chunk.subarray(left);
    left -= chunk.length - kept.length;
    if (kept.length > 0) yield kept;
  }
}

/** By the byte order mark, else by the zero beside the brace that JSON begins with. */
function utf16Of(head: Buffer): string | null {
  const [first, second] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const opens = (byte: number | undefined) => byte === 0x7b || byte === 0x5b;
  if (opens(first) && second === 0) return 'utf-16le';
  return first === 0 && opens(second) ? 'utf-16be' : null;
}

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
  ['an empty ZIP archive', 'PK\x05\x06', 'there is nothing in it'],
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

/** The name of a form that is not read, by its first bytes, and what to do instead; null for what is unknown. */
export function otherFormOf(head: Buffer): { form: string; instead: string } | null {
  const text = head.toString('latin1');
  const found = otherForms.find(([, signature]) => text.startsWith(signature));
  if (found !== undefined) return { form: found[0], instead: found[2] };
  return text.slice(257, 262) === 'ustar' ? { form: 'a tar archive', instead: 'unpack it, and give the folder' } : null;
}

/** Refuses a file whose form is known and not read. Throws `Problem` source_unreadable, with what to do instead. */
export function refuseOtherForms(name: string, { head, packing }: ByteStream): void {
  const other = otherFormOf(head);
  if (other !== null) throw otherForm(name, other.form, other.instead);
  if (packing !== null && head.toString('latin1').startsWith('PAR1'))
    throw otherForm(name, `a Parquet file packed by ${packing}`, 'unpack it: it is read in parts');
  if (/\.[ct]sv(\.(gz|zst))?($|[?#])/i.test(name))
    throw otherForm(name, 'a table of comma-separated values', 'write it as Parquet or JSONL');
}

function otherForm(name: string, form: string, hint: string): Problem {
  return new Problem('source_unreadable', `${name} is ${form}, which is not read`, { hint });
}
