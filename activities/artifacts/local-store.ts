import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { isMissingFile } from '../../platform/missing-file.ts';
import { syncFolder } from '../../platform/sync-folder.ts';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';
import type { ArtifactStore } from './store.ts';
import { storeId } from './store-id.ts';
import { unpack, unpackNow } from './unpack.ts';

const compress = promisify(zstdCompress);

/**
 * Artifacts up to this are unpacked in place, in a fraction of a millisecond: the way to another thread costs more, and many such ways at
 * once make V8 collect all of its garbage again and again.
 */
const atOnceBytes = 256 * 1024;

/** A store in a folder: `ab/cd/<sha256>.zst`. */
export function localStore(folder: string): ArtifactStore {
  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256.slice(2, 4), `${sha256}.zst`);

  const store: ArtifactStore = {
    id: () => storeId(folder),

    async put(bytes, contentType) {
      const ref = { sha256: sha256Of(bytes), size_bytes: bytes.byteLength, content_type: contentType };
      const packed = await compress(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
      const path = pathOf(ref.sha256);
      // A file of another size is torn or foreign and is written again; bytes that changed in place are found by reads.
      if ((await sizeOf(path, ref)) !== packed.byteLength) await writeDurably(path, packed);
      return ref;
    },

    async get(ref) {
      const packed = await readPacked(pathOf(ref.sha256), ref);
      return ref.size_bytes <= atOnceBytes ? unpackNow(packed, ref) : await unpack(packed, ref);
    },

    getPacked: async (ref) => await readPacked(pathOf(ref.sha256), ref),

    async has(ref) {
      return (await sizeOf(pathOf(ref.sha256), ref)) !== undefined;
    },

    async verify(ref) {
      try {
        await store.get(ref);
        return 'intact';
      } catch (error) {
        if (error instanceof Problem && error.code === 'artifact_missing') return 'missing';
        if (error instanceof Problem && error.code === 'artifact_damaged') return 'damaged';
        throw error;
      }
    },

    location: (ref) => pathOf(ref.sha256),
  };
  return store;
}

/** Bytes on disk, packed; undefined only where there is no file. */
async function sizeOf(path: string, ref: ArtifactRef): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    throw inaccessible(ref, path, error);
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The name appears only once the bytes are on disk, and stays after a power cut. */
async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true });
  const temporary = join(directory, `.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  for (const made of [directory, dirname(directory), dirname(dirname(directory))]) await syncFolder(made);
}

async function readPacked(path: string, ref: ArtifactRef): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (!isMissingFile(error)) throw inaccessible(ref, path, error);
    throw new Problem('artifact_missing', `artifact ${ref.sha256} (${ref.content_type}) is not in the store`, {
      hint: `expected at ${path}; copy it from the host that made it, or run the stage that made it again`,
    });
  }
}

/** The store does not say whether the artifact is there, so it does not count as missing. */
function inaccessible(ref: ArtifactRef, path: string, cause: unknown): Problem {
  return new Problem('artifact_inaccessible', `artifact ${ref.sha256} (${ref.content_type}) cannot be looked up: ${messageOf(cause)}`, {
    hint: `check the rights and the disk at ${path}`,
    cause,
  });
}
