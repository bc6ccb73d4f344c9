import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, Problem } from '../schemas/problem.ts';
import { type Built, builtFromSources } from './built-from-sources.ts';
import { projectRoot } from './home.ts';

/** Folders that pages may import from (docs/architecture.md), beside packages. */
const sources = ['web/pages', 'web/model', 'schemas', 'platform/page-bundle.ts'];

/** Programs of the page: itself, and each worker thread of the browser by its file below `web/pages/workers`. */
const entries = ['main.tsx'];

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
      entryPoints: entries.map((name) => join(pages, name)),
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
    for (const name of ['index.html', 'main.css']) cpSync(join(pages, name), join(draft, name));
  } catch (error) {
    throw new Problem('page_bundle_failed', `the pages cannot be bundled: ${messageOf(error)}`, {
      cause: error,
      hint: 'see whether web/ and schemas/ are as in the repository: git status',
    });
  }
}
