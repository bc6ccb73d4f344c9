import { open } from 'node:fs/promises';
import { isMissingFile } from '../../platform/missing-file.ts';

/**
 * A piece of a growing text file: from byte `offset` on, at most `maxBytes` (and no fewer than a character has). A character that is not there whole is left for
 * the next piece. A file that is not there yet is empty.
 */
export async function readOutput(path: string, offset: number, maxBytes: number): Promise<{ text: string; next: number }> {
  let bytes: Buffer;
  try {
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(Math.max(maxBytes, 4));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      bytes = buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissingFile(error)) return { text: '', next: offset };
    throw error;
  }
  const whole = bytes.subarray(0, bytes.length - unfinished(bytes));
  return { text: whole.toString('utf8'), next: offset + whole.length };
}

/** How many bytes at the end are the beginning of a UTF-8 character whose rest is missing. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/** The last `count` lines of a text file, of its last 256 KiB at most; `next` is the byte behind them. */
export async function lastLines(path: string, count: number): Promise<{ lines: string[]; next: number }> {
  const window = 256 * 1024;
  let size = 0;
  try {
    const file = await open(path, 'r');
    try {
      ({ size } = await file.stat());
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!isMissingFile(error)) throw error;
  }
  const { text, next } = await readOutput(path, Math.max(0, size - window), window);
  return { lines: text === '' ? [] : text.replace(/\n$/, '').split('\n').slice(-count), next };
}
