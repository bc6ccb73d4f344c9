import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { paths, projectRoot } from './home.ts';
import { withLock } from './lock.ts';

/** Something made from files of the checkout: a file or a folder. */
export interface Built {
  path: string;
  /** Whether it was made by this call. */
  built: boolean;
}

interface Recipe {
  /** Folder below the cache; also the name of its lock. */
  name: string;
  /** Ending of the result's name: `.js`, or empty for a folder. */
  extension: string;
  /** Files and folders that it is made from, beside the packages: below `root`, or absolute for what makes it. */
  sources: readonly string[];
  /** Makes it at a path where nothing is yet. */
  make: (draft: string) => Promise<void>;
  root?: string;
}

/**
 * What is made from sources of the checkout, made unless it is there. Its name is the hash of all that it is made from, so
 * that an outdated one is never used. Throws what `make` throws.
 */
export async function builtFromSources({ name, extension, sources, make, root = projectRoot }: Recipe): Promise<Built> {
  const folder = join(paths.cache(), name);
  const path = join(folder, `${sourcesHash(root, sources)}${extension}`);
  if (existsSync(path)) return { path, built: false };
  return await withLock(`${name}-bundle`, async () => {
    if (existsSync(path)) return { path, built: false };
    mkdirSync(folder, { recursive: true });
    const draft = `${path}.${process.pid}.partial`;
    try {
      await make(draft);
      renameSync(draft, path);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
    removeOthers(folder, path);
    return { path, built: true };
  });
}

function sourcesHash(root: string, sources: readonly string[]): string {
  const hash = createHash('sha256').update(root);
  for (const source of ['package-lock.json', ...sources]) {
    for (const file of filesBelow(resolve(root, source))) hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 32);
}

function filesBelow(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** What it is used for is read at the start of its user: nobody uses one of other sources. */
function removeOthers(folder: string, kept: string): void {
  for (const name of readdirSync(folder)) {
    if (name !== basename(kept)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
