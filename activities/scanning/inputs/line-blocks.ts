import { largestValue } from '../../tables/json-rows.ts';

const usualBytes = { block: 2 * 1024 * 1024, longestLine: largestValue };

export interface LineBlock {
  /** Whole lines, in a buffer of their own so that it can be handed to another thread; none for a line that is too long. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Number of the first line, from 1. */
  firstLine: number;
  /** The block stands for one line beyond what a row may have; nothing of it is kept. */
  tooLong: boolean;
}

/**
 * Cuts a stream into blocks of whole lines. A long line makes a long block, up to {@link largestValue}. Where the stream fails, the whole
 * lines before come first, then its error is thrown.
 */
export async function* lineBlocks(
  stream: AsyncIterable<Uint8Array>,
  { block, longestLine }: { block: number; longestLine: number } = usualBytes,
): AsyncGenerator<LineBlock> {
  let pieces: Uint8Array[] = [];
  let size = 0;
  /** Bytes up to the last end of a line. */
  let whole = 0;
  let firstLine = 1;
  let skipping = false;
  let failure: Error | undefined;
  const failed = (error: unknown) => {
    failure = error instanceof Error ? error : new Error(String(error));
  };
  for await (const piece of untilFailure(stream, failed)) {
    const end = skipping ? piece.indexOf(0x0a) + 1 : 0;
    if (skipping && end === 0) continue;
    if (skipping) {
      yield { bytes: new Uint8Array(0), firstLine, tooLong: true };
      firstLine += 1;
      skipping = false;
    }
    const chunk = piece.subarray(end);
    const newline = chunk.lastIndexOf(0x0a);
    if (newline !== -1) whole = size + newline + 1;
    pieces.push(chunk);
    size += chunk.length;
    if (size >= block && whole > 0) {
      const bytes = joined(pieces, whole);
      const lines = countNewlines(bytes);
      yield { bytes, firstLine, tooLong: false };
      firstLine += lines;
      pieces = after(pieces, whole);
      size -= whole;
      whole = 0;
    }
    if (size > longestLine && whole === 0) {
      [pieces, size] = [[], 0];
      skipping = true;
    }
  }
  if (skipping) yield { bytes: new Uint8Array(0), firstLine, tooLong: true };
  // A line in which the stream failed is no line.
  else if (size > 0) yield { bytes: joined(pieces, failure === undefined ? size : whole), firstLine, tooLong: false };
  if (failure !== undefined) throw failure;
}

async function* untilFailure(stream: AsyncIterable<Uint8Array>, failed: (error: unknown) => void): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    failed(error);
  }
}

/** The first bytes of the pieces, copied once and into memory that nothing has filled before. */
function joined(pieces: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
  let at = 0;
  for (const piece of pieces) {
    if (at === size) break;
    const part = piece.subarray(0, size - at);
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The pieces without their first bytes. */
function after(pieces: readonly Uint8Array[], size: number): Uint8Array[] {
  let left = size;
  return pieces.flatMap((piece) => {
    const rest = piece.subarray(left);
    left -= Math.min(left, piece.length);
    return rest.length === 0 ? [] : [rest];
  });
}

function countNewlines(bytes: Uint8Array<ArrayBuffer>): number {
  const searched = Buffer.from(bytes.buffer);
  let count = 0;
  for (let at = searched.indexOf(0x0a); at !== -1; at = searched.indexOf(0x0a, at + 1)) count += 1;
  return count;
}
