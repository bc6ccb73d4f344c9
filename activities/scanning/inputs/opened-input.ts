import { createReadStream } from 'node:fs';
import { openContents } from '../../ingestion/index.ts';

const chunkBytes = 1024 * 1024;

/** How an input is scanned: lines in blocks by all threads, everything else as a whole by one of them. */
export type OpenedInput = { kind: 'lines'; chunks: AsyncIterable<Uint8Array> } | { kind: 'parquet' } | { kind: 'whole' };

/** Opens a file and looks at how it begins. What cannot be opened is read as a whole, which reports why. */
export async function openedFile(path: string): Promise<OpenedInput> {
  const stream = createReadStream(path, { highWaterMark: chunkBytes });
  const contents = await openContents(path, stream).catch(() => undefined);
  if (contents?.kind === 'lines') return { kind: 'lines', chunks: contents.chunks };
  stream.destroy();
  return contents?.kind === 'parquet' && contents.packing === null ? { kind: 'parquet' } : { kind: 'whole' };
}

/** A stream that is not lines is collected. */
export async function openedStream(
  name: string,
  stream: AsyncIterable<Uint8Array>,
): Promise<{ kind: 'lines'; chunks: AsyncIterable<Uint8Array> } | { kind: 'whole'; bytes: Uint8Array<ArrayBuffer> }> {
  const contents = await openContents(name, stream);
  if (contents.kind === 'lines') return { kind: 'lines', chunks: contents.chunks };
  const pieces: Uint8Array[] = [];
  for await (const piece of contents.chunks) pieces.push(piece);
  return { kind: 'whole', bytes: new Uint8Array(Buffer.concat(pieces)) };
}
