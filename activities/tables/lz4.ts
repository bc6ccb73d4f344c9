/**
 * One block of LZ4 without a frame: Parquet's LZ4_RAW. `length`: bytes that come out. Throws RangeError for a block that is damaged or
 * holds more or less. Format: github.com/lz4/lz4, doc/lz4_Block_format.md.
 */
export function lz4Block(input: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  let at = 0;
  let filled = 0;
  const byte = (): number => {
    const value = input[at];
    if (value === undefined) throw new RangeError('an LZ4 block is cut short');
    at += 1;
    return value;
  };
  const longer = (nibble: number): number => {
    let value = nibble;
    if (nibble === 15) for (let more = 255; more === 255; value += more) more = byte();
    return value;
  };
  while (at < input.length) {
    const token = byte();
    const literals = longer(token >> 4);
    if (at + literals > input.length || filled + literals > length) throw new RangeError('an LZ4 block holds more than it should');
    output.set(input.subarray(at, at + literals), filled);
    at += literals;
    filled += literals;
    // The last sequence has no match.
    if (at === input.length) break;
    const distance = byte() | (byte() << 8);
    const match = longer(token & 15) + 4;
    if (distance === 0 || distance > filled || filled + match > length) throw new RangeError('an LZ4 block is damaged');
    // A match may overlap what it writes.
    for (const end = filled + match; filled < end; filled += 1) output[filled] = output[filled - distance] ?? 0;
  }
  if (filled !== length) throw new RangeError('an LZ4 block holds less than it should');
  return output;
}

/** Parquet's older codec LZ4: blocks of Hadoop, each behind its two sizes, or, as some writers have it, one block alone. */
export function lz4Hadoop(input: Uint8Array, length: number): Uint8Array {
  return hadoopBlocks(input, length) ?? lz4Block(input, length);
}

function hadoopBlocks(input: Uint8Array, length: number): Uint8Array | undefined {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const output = new Uint8Array(length);
  let at = 0;
  let filled = 0;
  while (at < input.length) {
    if (at + 8 > input.length) return undefined;
    const size = view.getUint32(at);
    const packed = view.getUint32(at + 4);
    if (filled + size > length || at + 8 + packed > input.length) return undefined;
    try {
      output.set(lz4Block(input.subarray(at + 8, at + 8 + packed), size), filled);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
    at += 8 + packed;
    filled += size;
  }
  return filled === length ? output : undefined;
}
