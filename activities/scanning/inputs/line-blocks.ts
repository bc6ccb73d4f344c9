const blockBytes = 2 * 1024 * 1024;
const longestLine = 64 * 1024 * 1024;

export interface LineBlock {
  /** Whole lines, in a buffer of their own so that it can be handed to another thread. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Number of the first line, from 1. */
  firstLine: number;
}

/** Cuts a stream into blocks of whole lines. A line beyond 64 MB is cut, and fails to parse where it is. */
export async function* lineBlocks(stream: AsyncIterable<Uint8Array>): AsyncGenerator<LineBlock> {
  let pieces: Uint8Array[] = [];
  let size = 0;
  let firstLine = 1;
  for await (const chunk of stream) {
    pieces.push(chunk);
    size += chunk.length;
    const newline = size >= blockBytes ? chunk.lastIndexOf(0x0a) : -1;
    if (newline === -1 && size < longestLine) continue;
    const end = newline === -1 ? size : size - chunk.length + newline + 1;
    const all = joined(pieces, size);
    const bytes = all.slice(0, end);
    const lines = countNewlines(bytes);
    yield { bytes, firstLine };
    firstLine += lines;
    pieces = [all.slice(end)];
    size -= end;
  }
  if (size > 0) yield { bytes: joined(pieces, size), firstLine };
}

function joined(pieces: Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function countNewlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) count += 1;
  return count;
}
