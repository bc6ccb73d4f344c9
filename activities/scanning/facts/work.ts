/** What the agent ran that leaves files behind. */
export type Work = 'tests' | 'coverage' | 'build' | 'compile' | 'patch' | 'tools';

const work: [Work, RegExp][] = [
  [
    'tests',
    /^(?:py\.?test|unittest|nose(?:2|tests)?|tox|nox|jest|vitest|mocha|ava|karma|jasmine|tap|lab|cypress|playwright|bloop|ctest|phpunit|pest|paratest|rspec|rake|minitest|bats|prove|gotestsum|mvnw?|gradlew?|sbt|check|trial|stestr|\S*run_?tests?\S*)\b|^(?:go|cargo|dotnet|mix|deno|bun|swift|cabal|stack|lein|meson|dune|zig|flutter|dart|elm|gleam|crystal|nimble|bazel|bazelisk|pants|hatch|pdm|nx|turbo|lerna)\b.*\b(?:test|runtest|nextest|llvm-cov|check)|^(?:make|gmake|ninja|just|task|invoke|inv|npm|yarn|pnpm|jlpm|composer|node|python[\d.]*|ruby|php|sh|bash|Rscript)\b.*(?:test|check|spec|unit|\bci\b|cov)|^rebar3 (?:ct|eunit|proper)/,
  ],
  [
    'coverage',
    /--cov\b|^(?:coverage (?!report|html|xml|json|annotate|debug|combine)|nyc|c8|gcov|gcovr|kcov|mvnw?|gradlew?|tox|nox)\b|-m coverage|-cover(?:profile)?\b|llvm-cov|tarpaulin|jacoco|--coverage|COVERAGE=|\b(?:npm|yarn|pnpm|make)\b.*\bcov/,
  ],
  [
    'build',
    /^(?:make|gmake|cmake|ninja|meson|bazel|bazelisk|cargo|mvnw?|gradlew?|javac|kotlinc|sbt|dotnet|msbuild|tsc|webpack|rollup|vite|esbuild|babel|gulp|gcc|g\+\+|cc|c\+\+|clang(?:\+\+)?|rustc|dune|cabal|stack|mix|zig|swift|lerna|nx|turbo|mypy|dmypy|ruff|eslint|phpstan|psalm)\b|^go (?:build|test|install|vet|run)|^pip[\d.]* install .*(?:^|\s)\.(?:\[|\s|$)|\b(?:build|compile|bundle|setup\.py)\b/,
  ],
  ['patch', /^patch\b/],
  [
    'tools',
    /^(?:jupyter[\w-]*|ipython|papermill|nbconvert|ctags|etags|gtags|cscope|starscope|mutmut|cosmic-ray|stryker|asv|hyperfine|clangd|ccls|metals|bloop|gopls|jdtls|pyright|basedpyright|pylsp|solargraph|elixir-ls)\b|\b(?:nbconvert|mutmut|stryker|pitest|mutationCoverage|infection|benchmark)\b/,
  ],
  ['compile', /\b(?:py_compile|compileall)\b|^(?:erlc|scalac|groovyc)\b/],
];

const patchingGit = /^(?:apply|am|merge|rebase|cherry-pick|revert|stash|mergetool|checkout|pull)$/;

/** Programs that run nothing, whatever their words are. */
const onlyLooks = new Set(
  'code > < create view browse echo printf grep egrep fgrep rg ag cat ls find head tail sed awk less more wc diff cp mv rm mkdir cd test [ stat file tree which sort uniq cut tr comm jq sqlite3 strings xargs'.split(
    ' ',
  ),
);

/** A program in the command's own words, or a report of an earlier run: nothing is tested by it, whatever words it has. */
function looksOnly(program: string, argv: readonly string[]): boolean {
  const [, first = '', second = ''] = argv;
  if (/^(?:-[a-zA-Z]*[cepr]|--eval|--print)$/.test(first) && interpreter.test(program))
    return !/\b(?:pytest|unittest|nose)\.main\b|subprocess/.test(second);
  return (/^py\.?test$/.test(program) && argv.includes('--cache-show')) || (/^(?:nyc|c8)$/.test(program) && first === 'report');
}

/** A script in a folder of tests, or one that is named as a test, run by its path. */
const runsTest = /(?:^|\/)(?:tests?|spec|sharness)\/(?!bin\/)[^ ]+$|(?:^|\/)t\d{3,5}-[\w-]+\.sh$|[-_.]tests?\.(?:sh|py|rb|pl)$/;

const interpreter = /^(?:python[\d.]*|pypy\d?|node|ruby|perl|php|lua|bun|deno|Rscript)$/;

const known = new Map<string, readonly Work[]>();

/** What a command line runs that leaves files behind. Agents repeat themselves, so lines are kept. */
export function workOf(program: string, argv: readonly string[]): readonly Work[] {
  if (program === 'git') return argv.slice(1).some((word) => patchingGit.test(word)) ? ['patch'] : [];
  if (onlyLooks.has(program)) return [];
  if (looksOnly(program, argv)) return [];
  const path = argv[0] ?? '';
  if (path.includes('/') && runsTest.test(path)) return ['tests'];
  const line = `${program} ${argv.slice(1, 24).join(' ')}`.slice(0, 400);
  let found = known.get(line);
  if (found === undefined) {
    found = work.filter(([, pattern]) => pattern.test(line)).map(([kind]) => kind);
    if (known.size > 4_000) known.clear();
    known.set(line, found);
  }
  return found;
}
