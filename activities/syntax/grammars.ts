import { createRequire } from 'node:module';
import { Language, Parser, type Tree } from 'web-tree-sitter';
import { Problem } from '../../schemas/problem.ts';

/** Programs longer than this, in UTF-16 units, are not given to a grammar. */
export const longestParsed = 262_144;

/**
 * Steps after which a program counts as unreadable. The parser reports one for each hundred of its operations, and
 * how many a program takes depends on its text alone. Ordinary code of the length above takes about 4,000.
 */
const mostParseSteps = 8_000;

let parsers: { bash: Parser; python: Parser } | undefined;
let loading: Promise<void> | undefined;

/**
 * Loads the Bash and Python grammars, once a thread. Everything else of the scanner is synchronous. All that ask while it is under way
 * wait for the same one: a second start of the parser library makes the grammars of the first one unusable.
 */
export function loadGrammars(): Promise<void> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<void> {
  const { resolve } = createRequire(import.meta.url);
  await Parser.init();
  const [bash, python] = await Promise.all([
    Language.load(resolve('tree-sitter-bash/tree-sitter-bash.wasm')),
    Language.load(resolve('tree-sitter-python/tree-sitter-python.wasm')),
  ]);
  parsers = { bash: new Parser().setLanguage(bash), python: new Parser().setLanguage(python) };
}

/**
 * Parses within a bound on length and steps and hands the tree to `read`, which must not keep it. Gives undefined
 * when a bound was hit: for the same program always, on a slow or busy machine too.
 */
export function withTree<T>(grammar: 'bash' | 'python', source: string, read: (tree: Tree) => T): T | undefined {
  if (parsers === undefined) {
    throw new Problem('grammars_not_loaded', 'the scanner was used before its grammars were loaded', {
      hint: 'await loadGrammars() first',
    });
  }
  if (source.length > longestParsed) return undefined;
  const parser = parsers[grammar];
  let steps = 0;
  const progressCallback = () => {
    steps += 1;
    return steps > mostParseSteps;
  };
  const tree = parser.parse(source, null, { progressCallback });
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
