import { createRequire } from 'node:module';
import { Language, Parser, type Tree } from 'web-tree-sitter';
import { Problem } from '../../schemas/problem.ts';

/** Programs longer than this, in UTF-16 units, are not given to a grammar. */
export const LONGEST_PARSED = 262_144;

const PARSE_BUDGET_MS = 400;

let parsers: { bash: Parser; python: Parser } | undefined;

/** Loads the Bash and Python grammars, once a thread. Everything else of the scanner is synchronous. */
export async function loadGrammars(): Promise<void> {
  if (parsers !== undefined) return;
  const { resolve } = createRequire(import.meta.url);
  await Parser.init();
  const [bash, python] = await Promise.all([
    Language.load(resolve('tree-sitter-bash/tree-sitter-bash.wasm')),
    Language.load(resolve('tree-sitter-python/tree-sitter-python.wasm')),
  ]);
  parsers ??= { bash: new Parser().setLanguage(bash), python: new Parser().setLanguage(python) };
}

/**
 * Parses within a bound on length and time and hands the tree to `read`, which must not keep it. Gives
 * undefined when the bound was hit.
 */
export function withTree<T>(grammar: 'bash' | 'python', source: string, read: (tree: Tree) => T): T | undefined {
  if (parsers === undefined) {
    throw new Problem('grammars_not_loaded', 'the scanner was used before its grammars were loaded', {
      hint: 'await loadGrammars() first',
    });
  }
  if (source.length > LONGEST_PARSED) return undefined;
  const parser = parsers[grammar];
  const deadline = performance.now() + PARSE_BUDGET_MS;
  const tree = parser.parse(source, null, { progressCallback: () => performance.now() > deadline });
  if (tree === null) {
    parser.reset();
    return undefined;
  }
  try {
    return read(tree);
  } finally {
    tree.delete();
  }
}
