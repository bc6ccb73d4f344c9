import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, Problem } from '../schemas/problem.ts';
import { type Built, builtFromSources } from './built-from-sources.ts';
import { projectRoot } from './home.ts';

/** Folders that pages may import from (docs/architecture.md), beside packages. */
const sources = ['web/pages', 'web/model', 'schemas', import.meta.filename];

/** Programs of the page: itself with all styles that its parts import, and each file of `web/pages/workers/`, a thread of the browser. */
function entries(pages: string): string[] {
  const workers = join(pages, 'workers');
  return [join(pages, 'main.tsx'), ...(existsSync(workers) ? readdirSync(workers).map((name) => join(workers, name)) : [])];
}

/**
 * A folder with the pages as browsers load them, made unless it is there. Throws `Problem` page_bundle_failed when the
 * sources cannot be bundled.
 */
export async function ensurePageBundle(root = projectRoot): Promise<Built> {
  return await builtFromSources({ name: 'pages', extension: '', sources, root, make: async (draft) => await makePages(root, draft) });
}

async function makePages(root: string, draft: string): Promise<void> {
  const pages = join(root, 'web', 'pages');
  mkdirSync(draft, { recursive: true });
  try {
    const { build } = await import('esbuild');
    await build({
      entryPoints: entries(pages),
      outbase: pages,
      outdir: draft,
      bundle: true,
      minify: true,
      sourcemap: 'linked',
      format: 'esm',
      splitting: true,
      target: ['chrome111', 'firefox114', 'safari16.4'],
      jsx: 'automatic',
      jsxImportSource: 'preact',
      logLevel: 'silent',
      legalComments: 'linked',
    });
    cpSync(join(pages, 'index.html'), join(draft, 'index.html'));
  } catch (error) {
    throw new Problem('page_bundle_failed', `the pages cannot be bundled: ${messageOf(error)}`, {
      cause: error,
      hint: 'see whether web/ and schemas/ are as in the repository: git status',
    });
  }
}
