import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { builtFromSources } from '../built-from-sources.ts';
import { projectRoot } from '../home.ts';

export interface WorkflowBundle {
  codePath: string;
  /** Whether it was made by this call. */
  built: boolean;
}

const bundler = join(import.meta.dirname, 'bundle-workflows.ts');

/** Folders that workflows may import from (docs/architecture.md), beside packages, and what bundles them. */
const sources = ['workflows', 'schemas', bundler];

/**
 * The workflows' code as workers load it, made unless it is there; making it takes a second or two. Throws `Problem`
 * workflow_bundle_failed when the sources cannot be bundled.
 */
export async function ensureWorkflowBundle(root = projectRoot): Promise<WorkflowBundle> {
  const { path, built } = await builtFromSources({
    name: 'workflows',
    extension: '.js',
    sources,
    root,
    make: async (draft) => await makeBundle(root, draft),
  });
  return { codePath: path, built };
}

/** By a process of its own: webpack and its 150 MB would otherwise stay in the worker for as long as it lives. */
async function makeBundle(root: string, draft: string): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [bundler, join(root, 'workflows', 'index.ts'), draft], { timeout: 300_000 });
  } catch (error) {
    const told = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Problem('workflow_bundle_failed', `the workflows cannot be bundled: ${told === '' ? messageOf(error) : told}`, {
      cause: error,
      hint: 'see whether workflows/ and schemas/ are as in the repository: git status',
    });
  }
}
