import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { isMissingFile } from '../../../platform/missing-file.ts';
import { Bucket, type PutBody } from '../../../platform/s3/bucket.ts';
import { bucketSettings, parseS3Address } from '../../../platform/s3/bucket-settings.ts';
import { syncFolder } from '../../../platform/sync-folder.ts';
import { fileFacts } from '../shards/file-facts.ts';

/** Where a release is pushed to. Paths have slashes and are relative to it. */
export interface Destination {
  readonly location: string;
  /** Paths of all files that are there. */
  list(): Promise<string[]>;
  /** Null when there is no such file. */
  sha256(path: string): Promise<string | null>;
  /** Whole or not at all. */
  put(path: string, body: PutBody): Promise<void>;
  remove(path: string): Promise<void>;
}

/** A folder, or a bucket for an address `s3://BUCKET/FOLDER`. */
export function openDestination(address: string, signal?: AbortSignal): Destination {
  return address.startsWith('s3://') ? bucketDestination(address, signal) : folderDestination(address, signal);
}

function bucketDestination(address: string, signal?: AbortSignal): Destination {
  const { bucket: name, prefix } = parseS3Address(address);
  const bucket = new Bucket(bucketSettings(name), signal);
  const below = prefix === '' ? '' : `${prefix}/`;
  return {
    location: `s3://${name}/${prefix}`,
    list: async () => (await bucket.list(below)).map((key) => key.slice(below.length)),
    sha256: (path) => bucket.sha256(`${below}${path}`),
    put: (path, body) => bucket.put(`${below}${path}`, body),
    remove: (path) => bucket.remove(`${below}${path}`),
  };
}

/** Hidden and random: a push that died leaves nothing that a reader takes for rows; the next one removes it. */
const partial = /(^|\/)\.tracemill-[0-9a-f-]{36}\.partial$/;

function folderDestination(address: string, signal?: AbortSignal): Destination {
  const folder = resolve(address);
  return {
    location: folder,
    async list() {
      const paths = await filesBelow(folder);
      for (const path of paths.filter((name) => partial.test(name))) await rm(join(folder, path), { force: true });
      return paths.filter((name) => !partial.test(name));
    },
    sha256: (path) => fileSha256(join(folder, path)),
    async put(path, body) {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      const draft = join(dirname(target), `.tracemill-${randomUUID()}.partial`);
      try {
        await write(draft, body.open(), signal);
        await rename(draft, target);
      } finally {
        await rm(draft, { force: true });
      }
      await syncFolder(dirname(target));
    },
    remove: (path) => rm(join(folder, path), { force: true }),
  };
}

/** Durable when it resolves. */
async function write(path: string, source: Readable | Uint8Array, signal?: AbortSignal): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(source, { ...(signal && { signal }) });
    await file.sync();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await file.close();
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory());
    return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
}

/** Null when there is no such file. */
export async function fileSha256(path: string): Promise<string | null> {
  try {
    return (await fileFacts(path)).sha256;
  } catch (error) {
    if (isMissingFile(error)) return null;
    throw error;
  }
}
