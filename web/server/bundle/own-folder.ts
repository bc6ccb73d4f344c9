import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { withLock } from '../../../platform/lock.ts';
import { isMissingFile } from '../../../platform/missing-file.ts';
import { Problem } from '../../../schemas/problem.ts';

/** Tells a bundle from a folder of somebody; it is also what a whole one ends with. */
export const markFile = 'bundle.json';

/**
 * Fills a folder beside `out` and puts it in its place when it is whole; whatever stops it leaves `out` as it was. Throws
 * `Problem` folder_in_use for a folder that holds something else than a bundle, bundle_running while another process of this
 * home writes there.
 */
export async function replaceBundle<T>(out: string, fill: (draft: string) => Promise<T>): Promise<T> {
  const beside = (state: string) => join(dirname(out), `.${basename(out)}.${state}`);
  const [draft, old] = [beside('bundling'), beside('old')];
  const work = async () => {
    // A program that was killed between two renames left the earlier bundle beside its place.
    if (!existsSync(out) && existsSync(old)) await rename(old, out);
    await refuseForeign(out);
    await rm(draft, { recursive: true, force: true });
    try {
      await mkdir(draft, { recursive: true });
      const result = await fill(draft);
      await rm(old, { recursive: true, force: true });
      if (existsSync(out)) await rename(out, old);
      await rename(draft, out);
      await rm(old, { recursive: true, force: true });
      return result;
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  };
  let begun = false;
  try {
    return await withLock(
      lockOf(out),
      async () => {
        begun = true;
        return await work();
      },
      { timeoutMs: 0 },
    );
  } catch (error) {
    if (begun || !(error instanceof Problem) || error.code !== 'lock_timeout') throw error;
    throw new Problem('bundle_running', `another process is writing a bundle to ${out}; nothing was changed`, {
      cause: error,
      hint: 'wait until it has ended, or give another folder by --out',
    });
  }
}

/** The folder is empty, not there, or a bundle. */
async function refuseForeign(out: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(out);
  } catch (error) {
    if (isMissingFile(error)) return;
    throw new Problem('folder_in_use', `${out} is no folder`, { cause: error, hint: 'give a new folder by --out' });
  }
  if (names.length === 0 || names.includes(markFile)) return;
  throw new Problem('folder_in_use', `${out} holds something that is no bundle, as ${names[0]}; nothing was changed`, {
    hint: 'give an empty or new folder by --out',
  });
}

function lockOf(out: string): string {
  return `view-bundle-${createHash('sha256').update(out).digest('hex').slice(0, 16)}`;
}
