import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BuildOptions, Metafile } from 'esbuild';
import { messageOf, Problem } from '../schemas/problem.ts';
import { type Built, builtFromSources } from './built-from-sources.ts';
import { projectRoot } from './home.ts';

/** Folders that pages may import from (docs/architecture.md), beside packages. */
const sources = ['web/pages', 'web/model', 'schemas', import.meta.filename];

/**
 * Programs that import nothing of others, so that each comes in one request: what asks for the first data, and each file of
 * `web/pages/workers/`, a thread of the browser.
 */
function ownPrograms(pages: string): string[] {
  const found = ['early.ts', ...listed(join(pages, 'workers')).map((name) => join('workers', name))];
  return found.map((name) => join(pages, name)).filter((path) => existsSync(path));
}

function listed(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
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
  const common: BuildOptions = {
    outbase: pages,
    outdir: draft,
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome111', 'firefox114', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  };
  const main = join(pages, 'main.tsx');
  try {
    const { build } = await import('esbuild');
    const [parts, whole] = await Promise.all([
      // In parts: those that are not needed at first come when they are.
      build({ ...common, entryPoints: [main], splitting: true, sourcemap: 'linked', legalComments: 'linked', metafile: true }),
      // Whole, for its styles alone: those of all parts, in one order.
      build({ ...common, entryPoints: [main], write: false }),
      build({ ...common, entryPoints: ownPrograms(pages), sourcemap: 'linked', legalComments: 'linked' }),
    ]);
    for (const name of readdirSync(draft)) if (name.endsWith('.css') || name.endsWith('.css.map')) rmSync(join(draft, name));
    const styles = whole.outputFiles?.find(({ path }) => path.endsWith('.css'));
    writeFileSync(join(draft, 'main.css'), styles?.contents ?? '');
    writeFileSync(join(draft, 'index.html'), withModules(readFileSync(join(pages, 'index.html'), 'utf8'), parts.metafile));
  } catch (error) {
    throw new Problem('page_bundle_failed', `the pages cannot be bundled: ${messageOf(error)}`, {
      cause: error,
      hint: 'see whether web/ and schemas/ are as in the repository: git status',
    });
  }
}

/** The page, which names the parts that its program begins with: they come beside it and not behind it. */
function withModules(page: string, parts: Metafile | undefined): string {
  const main = Object.values(parts?.outputs ?? {}).find(({ entryPoint }) => entryPoint?.endsWith('main.tsx'));
  const needed = main?.imports.filter(({ kind, external }) => kind === 'import-statement' && external !== true) ?? [];
  const links = needed.map(({ path }) => `<link rel="modulepreload" href="${basename(path)}">`);
  return page.replace('<!--modules-->', links.join(''));
}
