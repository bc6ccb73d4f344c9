import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { paths, projectRoot } from '../home.ts';
import { withLock } from '../lock.ts';

export interface WorkflowBundle {
  codePath: string;
  /** Whether it was made by this call. */
  built: boolean;
}

/**
 * The workflows' code as workers load it, made unless it is there. Its name is the hash of all that it is made from, so that
 * outdated code is never used. Making it takes a second or two. Throws `Problem`
 * workflow_bundle_failed when the sources cannot be bundled.
 */
export async function ensureWorkflowBundle(root = projectRoot): Promise<WorkflowBundle> {
  const codePath = join(folder(), `${sourcesHash(root)}.js`);
  if (existsSync(codePath)) return { codePath, built: false };
  return await withLock('workflow-bundle', async () => {
    if (existsSync(codePath)) return { codePath, built: false };
    await makeBundle(root, codePath);
    removeOthers(codePath);
    return { codePath, built: true };
  });
}

/** Folders that workflows may import from (docs/architecture.md), beside packages. */
const sourceFolders = ['workflows', 'schemas'];

function sourcesHash(root: string): string {
  const hash = createHash('sha256')
    .update(root)
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(readFileSync(bundler));
  for (const name of sourceFolders) {
    for (const file of filesBelow(join(root, name))) hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 32);
}

const bundler = join(import.meta.dirname, 'bundle-workflows.ts');

/** By a process of its own: webpack and its 150 MB would otherwise stay in the worker for as long as it lives. */
async function makeBundle(root: string, codePath: string): Promise<void> {
  mkdirSync(dirname(codePath), { recursive: true });
  const draft = `${codePath}.${process.pid}.partial`;
  try {
    await promisify(execFile)(process.execPath, [bundler, join(root, 'workflows', 'index.ts'), draft], { timeout: 300_000 });
    renameSync(draft, codePath);
  } catch (error) {
    const told = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Problem('workflow_bundle_failed', `the workflows cannot be bundled: ${told === '' ? messageOf(error) : told}`, {
      cause: error,
      hint: 'see whether workflows/ and schemas/ are as in the repository: git status',
    });
  } finally {
    rmSync(draft, { force: true });
  }
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** A worker reads the file once, at its start: nobody uses bundles of other code. */
function removeOthers(kept: string): void {
  for (const file of filesBelow(folder())) if (file !== kept) rmSync(file, { force: true });
}

function folder(): string {
  return join(paths.cache(), 'workflows');
}
