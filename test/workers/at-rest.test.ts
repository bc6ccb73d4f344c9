import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../platform/home.ts';

/** Everything that comes with a module of the project. */
function loadedWith(file: string): string {
  const list = join(import.meta.dirname, 'list-modules.ts');
  return execFileSync(process.execPath, [list, join(projectRoot, file)], { encoding: 'utf8', maxBuffer: 16 * 1024 ** 2 });
}

function packagesIn(output: string): Set<string> {
  return new Set([...output.matchAll(/\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//g)].map((match) => match[1] ?? ''));
}

describe('a worker at rest', () => {
  it('has loaded nothing that only some activity needs', () => {
    const modules = loadedWith('workers/run-worker.ts');
    const loaded = packagesIn(modules);
    expect(loaded).toContain('@temporalio/worker');
    const later = [
      '@duckdb/node-api',
      'apache-arrow',
      'hyparquet',
      'web-tree-sitter',
      'nunjucks',
      'openai',
      'yaml',
      '@swc/core',
      '@huggingface/tokenizers',
      '@huggingface/jinja',
      '@kubernetes/client-node',
    ];
    expect(later.filter((name) => loaded.has(name))).toEqual([]);
    expect(modules).not.toContain('activities/rendering/student-tokenizer');
  });
});
