import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissingFile } from '../../platform/missing-file.ts';
import { Problem } from '../../schemas/problem.ts';

/**
 * The id of the store in a folder. The first process that asks makes it. It is kept beside the artifacts, so that all that
 * share the folder share the id. Throws `Problem` store_id_unreadable when the file holds something else.
 */
export async function storeId(folder: string): Promise<string> {
  const path = join(folder, 'id');
  const known = await readId(path);
  if (known !== undefined) return known;
  await mkdir(folder, { recursive: true });
  await makeId(path);
  return (await readId(path)) ?? storeId(folder);
}

async function readId(path: string): Promise<string | undefined> {
  try {
    const id = (await readFile(path, 'utf8')).trim();
    if (/^[0-9a-f]{12}$/.test(id)) return id;
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    throw error;
  }
  throw new Problem('store_id_unreadable', `${path} does not hold the id of a store`, {
    hint: 'restore it from a backup; with another id, campaigns under way wait for workers of the old one',
  });
}

/** Written whole, then linked to its name: of several that try, one succeeds, and no reader gets half an id. */
async function makeId(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.partial`;
  try {
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(`${randomBytes(6).toString('hex')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
