import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** sha256 and size of a file's bytes. Throws the error of a file that cannot be read. */
export async function fileFacts(path: string): Promise<{ sha256: string; size_bytes: number }> {
  const digest = createHash('sha256');
  let size_bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    if (!(chunk instanceof Uint8Array)) continue;
    digest.update(chunk);
    size_bytes += chunk.length;
  }
  return { sha256: digest.digest('hex'), size_bytes };
}
