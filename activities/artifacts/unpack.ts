import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdDecompress, zstdDecompressSync } from 'node:zlib';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import { Problem } from '../../schemas/problem.ts';

const decompress = promisify(zstdDecompress);

/** Larger artifacts than this (bytes) are refused on read before they are unpacked. */
const sizeLimit = 4 * 1024 ** 3 - 1;
/** Beyond it, a wrong size on a reference would ask for memory that nothing fills. */
const largestChunk = 64 * 1024 * 1024;

/** The bytes of a packed artifact (zstd), checked against size and sha256. Throws `Problem` artifact_damaged. */
export async function unpack(packed: Uint8Array, ref: ArtifactRef): Promise<Buffer> {
  const options = optionsFor(ref);
  return checked(await decompress(packed, options).catch((error: unknown) => Promise.reject(broken(ref, error))), ref);
}

/** The same in this thread: for threads that do nothing else meanwhile. */
export function unpackNow(packed: Uint8Array, ref: ArtifactRef): Buffer {
  const options = optionsFor(ref);
  let bytes: Buffer;
  try {
    bytes = zstdDecompressSync(packed, options);
  } catch (error) {
    throw broken(ref, error);
  }
  return checked(bytes, ref);
}

/** In one step: by default Node asks for the result in pieces of 16 KB, each a way to another thread and back. */
function optionsFor(ref: ArtifactRef): { maxOutputLength: number; chunkSize: number } {
  const { size_bytes } = ref;
  if (size_bytes > sizeLimit) throw damaged(ref, `its size is given as ${size_bytes} bytes`);
  return { maxOutputLength: Math.max(size_bytes, 1), chunkSize: Math.min(size_bytes + 64, largestChunk) };
}

function checked(bytes: Buffer, ref: ArtifactRef): Buffer {
  if (bytes.byteLength !== ref.size_bytes || hash('sha256', bytes) !== ref.sha256) throw damaged(ref, 'its bytes have another sha256');
  return bytes;
}

function broken(ref: ArtifactRef, cause: unknown): Problem {
  return damaged(ref, 'it cannot be unpacked', cause);
}

function damaged(ref: ArtifactRef, why: string, cause?: unknown): Problem {
  return new Problem('artifact_damaged', `artifact ${ref.sha256} (${ref.content_type}) is damaged: ${why}`, {
    hint: 'restore the file from a backup, or delete it and run the stage that made it again',
    cause,
  });
}
