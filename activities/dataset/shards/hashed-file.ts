import { createHash } from 'node:crypto';
import type { ReleaseDraft, ReleaseFile } from '../release-folder.ts';

/** Writes one file of a release, and gives its hash and size at the end. The file is closed even when `fill` fails. */
export async function writeHashed<T extends object>(
  draft: Pick<ReleaseDraft, 'create'>,
  path: string,
  fill: (write: ReleaseFile['write']) => Promise<T>,
): Promise<T & { path: string; sha256: string; size_bytes: number }> {
  const file = await draft.create(path);
  const digest = createHash('sha256');
  let size_bytes = 0;
  let filled: T;
  try {
    filled = await fill(async (bytes) => {
      digest.update(bytes);
      size_bytes += bytes.length;
      await file.write(bytes);
    });
  } finally {
    await file.close();
  }
  return { ...filled, path, sha256: digest.digest('hex'), size_bytes };
}
