import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../platform/home.ts';

/** Packages that come with a module of the project. */
function packagesOf(file: string): Set<string> {
  const list = join(import.meta.dirname, 'list-modules.ts');
  const output = execFileSync(process.execPath, [list, join(projectRoot, file)], { encoding: 'utf8', maxBuffer: 16 * 1024 ** 2 });
  return new Set([...output.matchAll(/\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//g)].map((match) => match[1] ?? ''));
}

describe('a worker at rest', () => {
  it('has loaded nothing that only some activity needs', () => {
    const loaded = packagesOf('workers/run-worker.ts');
    expect(loaded).toContain('@temporalio/worker');
    const later = ['@duckdb/node-api', 'apache-arrow', 'hyparquet', 'web-tree-sitter', 'nunjucks', 'openai', 'yaml', '@swc/core'];
    expect(later.filter((name) => loaded.has(name))).toEqual([]);
  });
});
