import { createHash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { withLock } from '../../platform/lock.ts';
import { isMissingFile } from '../../platform/missing-file.ts';
import { syncFolder } from '../../platform/sync-folder.ts';
import type { ReleaseDraft, ReleaseFile, ReleaseFolder } from './release-folder.ts';

/** The longest release takes hours; the next writer waits for it. */
const writerWaitMs = 24 * 3600_000;
/** Finishing what a dead writer began is two renames. */
const repairWaitMs = 10_000;

/**
 * A release in a folder of this machine. A folder that is not empty cannot be replaced in one step, so the new one is
 * first renamed to a name that says that it is complete. When a writer dies after that, the next process that comes
 * finishes the replacement, readers included. At every moment the old or the new release is there.
 */
export function localReleaseFolder(path: string): ReleaseFolder {
  const out = resolve(path);
  const { building } = siblingsOf(out);
  return {
    location: out,
    async read(file) {
      await finishReplacement(out);
      return await readFile(join(out, file));
    },
    async localFile(file) {
      await finishReplacement(out);
      return join(out, file);
    },
    async replace(fill, { onWait, signal } = {}) {
      const work = async () => {
        await putInPlace(out);
        await rm(building, { recursive: true, force: true });
        try {
          await mkdir(building, { recursive: true });
          const result = await fill(localDraft(building));
          signal?.throwIfAborted();
          await commit(out);
          return result;
        } finally {
          await rm(building, { recursive: true, force: true });
        }
      };
      const options = { timeoutMs: writerWaitMs, ...(onWait && { onWait }), ...(signal && { signal }) };
      return await withLock(lockOf(out), work, options);
    },
  };
}

/** Finishes the replacements that dead writers left half done in the folders of all campaigns below `releases`. */
export async function finishReplacements(releases: string): Promise<void> {
  for (const campaign of await foldersIn(releases)) {
    const names = await foldersIn(join(releases, campaign));
    const versions = names.flatMap((name) => /^\.(.+)\.(?:ready|old)$/.exec(name)?.[1] ?? []);
    for (const version of new Set(versions)) await finishReplacement(join(releases, campaign, version));
  }
}

/** Beside the release and hidden, so that nothing takes them for versions. */
function siblingsOf(out: string): Record<'building' | 'ready' | 'old', string> {
  const sibling = (state: string) => join(dirname(out), `.${basename(out)}.${state}`);
  return { building: sibling('building'), ready: sibling('ready'), old: sibling('old') };
}

function lockOf(out: string): string {
  return `release-${createHash('sha256').update(out).digest('hex').slice(0, 16)}`;
}

function localDraft(folder: string): ReleaseDraft {
  return {
    read: (file) => readFile(join(folder, file)),
    localFile: async (file) => join(folder, file),
    create: (file) => createFile(join(folder, file)),
  };
}

async function createFile(path: string): Promise<ReleaseFile> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'wx');
  return {
    write: (bytes) => file.writeFile(bytes),
    async close() {
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

/** The rename to `ready` is what makes the new release valid. */
async function commit(out: string): Promise<void> {
  const { building, ready } = siblingsOf(out);
  await syncFolders(building);
  renameSync(building, ready);
  await syncFolder(dirname(out));
  await putInPlace(out);
}

/** Only under the lock: completes a replacement, wherever its writer died. */
async function putInPlace(out: string): Promise<void> {
  const { ready, old } = siblingsOf(out);
  if (existsSync(ready)) {
    if (existsSync(out)) {
      await rm(old, { recursive: true, force: true });
      // One right after the other: nothing else happens in this process while there is no folder.
      renameSync(out, old);
    }
    renameSync(ready, out);
    await syncFolder(dirname(out));
  } else if (!existsSync(out) && existsSync(old)) renameSync(old, out);
  await rm(old, { recursive: true, force: true });
}

async function finishReplacement(out: string): Promise<void> {
  const { ready, old } = siblingsOf(out);
  // Nothing to finish; a writer of the first release is not waited for.
  if (!existsSync(ready) && (existsSync(out) || !existsSync(old))) return;
  await withLock(lockOf(out), () => putInPlace(out), { timeoutMs: repairWaitMs });
}

/** A renamed folder is durable once it and what holds it are on disk. */
async function syncFolders(folder: string): Promise<void> {
  for (const name of await foldersIn(folder)) await syncFolders(join(folder, name));
  await syncFolder(folder);
}

async function foldersIn(path: string): Promise<string[]> {
  try {
    return (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw error;
  }
}
