/** The compressed bytes of one frame of zstd. */
export type ZstdFrame = AsyncGenerator<Uint8Array>;

/**
 * The frames of a stream of zstd, one after another; each has to be read before the next. Parallel packers and `cat` write several, and the
 * unpacker of Node stops behind the first without a word. Throws RangeError where a frame is cut, and for what is no frame.
 * Format: RFC 8878, section 3.
 */
export async function* zstdFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ZstdFrame> {
  const bytes = new Bytes(chunks);
  while (await bytes.more()) {
    const magic = await bytes.take(4);
    const number = magic.readUInt32LE();
    if (number === 0xfd2fb528) {
      yield frame(magic, bytes);
    } else if (number >>> 4 === 0x184d2a5) {
      for (let left = (await bytes.take(4)).readUInt32LE(); left > 0; left -= pieceBytes) await bytes.take(Math.min(left, pieceBytes));
    } else {
      throw new RangeError('what follows a frame of zstd is none');
    }
  }
}

const pieceBytes = 128 * 1024;

async function* frame(magic: Buffer, bytes: Bytes): ZstdFrame {
  yield magic;
  const descriptor = await bytes.take(1);
  const flags = descriptor.readUInt8();
  const single = (flags & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][flags & 3] ?? 0;
  const content = [single ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  yield descriptor;
  yield await bytes.take((single ? 0 : 1) + dictionary + content);
  for (let last = false; !last; ) {
    const header = await bytes.take(3);
    const value = header.readUIntLE(0, 3);
    last = (value & 1) === 1;
    yield header;
    // Of a block of one repeated byte, only that byte is there.
    yield await bytes.take(((value >> 1) & 3) === 1 ? 1 : value >> 3);
  }
  if ((flags & 4) !== 0) yield await bytes.take(4);
}

/** Takes bytes from a stream by number. */
class Bytes {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async more(): Promise<boolean> {
    while (this.#rest.length === 0) if (!(await this.#read())) return false;
    return true;
  }

  async take(count: number): Promise<Buffer> {
    while (this.#rest.length < count) if (!(await this.#read())) throw new RangeError('a frame of zstd is cut');
    const taken = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    return taken;
  }

  async #read(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    this.#rest = Buffer.concat([this.#rest, next.value]);
    return true;
  }
}
