import type { Surroundings } from './surroundings.ts';
import type { Work } from './work.ts';

/** Where builders keep what they compiled and printed, tests' output too. */
const buildCache =
  /\/(?:\.cache\/(?:go-build|bazel(?!\/_bazel_[^/]+\/\w+\/external\/)|ccache|sccache|golangci-lint)|\.gradle\/caches\/build-cache[\w-]*|\.ccache|go-build)(?:\/|$)/;

export function isBuildCache(path: string): boolean {
  return buildCache.test(path);
}

/** What a test, coverage or build run leaves in a tree, with what the agent must have run for it to be its own. */
const kinds: [pattern: RegExp, by: Work][] = [
  [
    /(?:^|\/)(?:\.pytest_cache|\.hypothesis\/examples|\.stestr|\.testrepository|\.testmondata|\.phpunit\.(?:result\.)?cache|\.rspec_status|\.nose\w*|\.jest-?cache|jest_[\w*]+|\.vitest|\.ava-cache|pytest-of-\w+)(?:\/|$)|(?:^|\/)\.(?:tox|nox)\/(?:[\w.-]+\/)?log\/|(?:^|\/)spec\/examples\.txt$|\.mix_test_failures$/,
    'tests',
  ],
  [
    /(?:^|\/)(?:surefire-reports|failsafe-reports|test-results?|test-reports?|testresults?|junit-reports?|allure-results)(?:\/.|$)|(?:^|\/)(?:TEST-[\w.*$-]+\.(?:xml|txt)|junit[\w.-]*\.xml|nosetests\.xml|pytest[\w-]*\.xml|[\w*-]+\.trx|\.last-run\.json|LastTest(?:sFailed)?\.log)$/i,
    'tests',
  ],
  [
    /(?:^|\/)(?:\.coverage(?:\.[\w.-]+)?$|htmlcov(?:\/|$)|\.nyc_output(?:\/|$)|coverage\/(?:[\w.*-]+\/)*[\w.*-]+\.(?:info|html|json|xml|txt)$|lcov(?:-report\/|\.info)|coverage[\w.-]*\.(?:xml|json|out|txt|lcov|info)$|cover(?:age)?[\w-]*\.out$|[\w-]+\.cover(?:profile)?$|clover\.xml$|jacoco[\w.-]*(?:\/[\w/.*$-]+)?\.(?:xml|csv|exec|html)$|[\w.*-]+\.gc(?:da|no|ov)$|default\.profraw$)/i,
    'coverage',
  ],
  [
    /(?:^|\/)(?:\.mypy_cache|\.pytype|\.ruff_cache|\.pyre|\.eslintcache|\.tsbuildinfo|\.sass-cache|\.parcel-cache|\.turbo|\.nx\/cache|\.phpstan|\.psalm|\.scannerwork)(?:\/|$)/,
    'build',
  ],
  [
    /(?:^|\/)(?:target|build|out|bin|obj|_build|classes|\.stack-work|dist-newstyle)\/(?:[\w.*$-]+\/)*(?:test-classes|classes\/\w+\/test|deps|tests?|debug|release|incremental)\/[^\s]*$/i,
    'build',
  ],
  [
    /(?:^|\/)(?:\.benchmarks|bazel-testlogs|testlogs|Testing\/Temporary|playwright-report|cypress\/(?:screenshots|videos)|\.?allure(?:-report)?|\.cache\/v\/cache|node_modules\/\.(?:cache\/[\w.@-]+|vite\/vitest|vitest))\/.|(?:^|\/)test-output\/(?:index|emailable|testng)[\w.-]*$/,
    'tests',
  ],
  [
    /(?:^|\/)(?:\.mutmut-cache$|\.stryker-tmp\/|reports\/mutation|\.asv\/results\/|\.ccls-cache\/|\.cache\/(?:clangd|ccls|jedi|gopls|jdtls|mypy|pyright|pylsp|metals)\/|\.metals\/[\w.-]+\.db|\.bloop\/|\.elixir_ls\/|\.solargraph\/|G(?:R?TAGS|PATH)$|cscope\.(?:in\.|po\.)?out$)/,
    'tools',
  ],
  [
    /\.snap\.new$|(?:^|\/)\.pending-snap[\w.*-]*$|\.(?:received|actual)\.\w+$|(?:^|\/)(?:test-suite\.log|nosetests\.xml|mochawesome-report\/.|tmp\/rspec_status\.txt|erl_crash\.dump|prof\/combined\.prof|\.dart_tool\/test\/|unit_test_assets\/|logs\/ct_run[\w.*@-]*\/|ct_run[\w.*@-]+\/)|\.trs$|(?:^|\/)\.build\/\w+\/\w+PackageTests\.xctest|\/(?:\.zig-cache|zig-cache)\/o\/|(?:^|\/)\.deps\/\w*test\w*\.T?Po$|\/(?:compileTest\w+|executionHistory)\//,
    'tests',
  ],
  [/(?:^|\/)(?:target|build\/libs)\/[\w.*-]+-(?:tests?|test-sources)\.jar$/, 'build'],
  [buildCache, 'build'],
  [/(?:^|\/)(?:build\/(?:lib|bdist)[\w.-]*\/|dist\/[\w.*-]+\.(?:whl|tar\.gz|egg|zip|tgz|gem|jar|crate)$)/, 'build'],
];
/** A classpath of compiled tests, or what a build of .NET put out. */
const testClasses =
  /(?:^|\/)(?:test-classes|classes\/(?:\w+\/)?(?:test|integrationTest))(?:\/|$)|(?:^|\/)(?:bin|obj)\/(?:[\w.-]+\/)*[\w.-]*tests?[\w.-]*\.(?:dll|exe)$/i;
const compiled = /\.(?:pyc|pyo|class|beam|elc|o|rlib|rmeta|hi|cmi|cmt|luac)$/i;
const backups = /\.(?!log\b|conf\b|cfg\b|ini\b|list\b)\w{1,5}(?:\.(?:orig|bak|old|save|backup)|~)$/;
const swaps = /(?:^|\/)\.[\w.*-]+\.(?:sw[a-p?*]|un~)$|[^/]\.kate-swp$|(?:^|\/)(?:#[^/]+#|\.#[^/]+)$|(?:^|\/)\.(?:netrwhist|~lock\.[^/]+)$/;
const decompilers =
  /^(?:uncompyle6|decompyle3|pycdc|pycdas|pydisasm|unpyc3?|javap|cfr|procyon|jadx|fernflower|vineflower|ilspycmd|monodis|dis|strings|objdump|nm|xxd|hexdump|od|code|cat|head|tail|less|more|view|grep|egrep|rg|vim?|nvim|sed|awk|base64|dotnet|java|python\d?|cp)$/;
/** Ways to read a leftover rather than to list, ignore or remove it. */
const notRead = /^(?:ls|rm|find|mv|touch|mkdir|chmod|test|du|stat|tree|create|>|git|echo|\[)$/;

const onlyLists = /\b(?:unzip|zipfile|zipinfo) -l\b|\btar -?\w*t/;

/** The leftover of somebody's earlier work that reading this path shows; undefined for the agent's own and for the rest. */
export function leftoverOf(path: string, program: string, surroundings: Surroundings): string | undefined {
  if (notRead.test(program) || /(?:^|\/)node_modules\/(?!\.(?:cache|vite|vitest)\/)/.test(path)) return undefined;
  if (swaps.test(path)) return 'an editor’s unsaved copy';
  if ((compiled.test(path) || testClasses.test(path)) && decompilers.test(program)) {
    const isTest = /test|spec|IT\.class/i.test(path) && !testClasses.test(path);
    const own =
      surroundings.hasRun('compile') ||
      (isTest && /\.py[co]$/.test(path) ? false : surroundings.hasRun('build') || surroundings.hasRun('tests'));
    return own ? undefined : 'compiled code whose source is not at hand';
  }
  if (backups.test(path) && !/(?:^|\/)(?:tests?|fixtures?|test_?data|spec|examples?)\//i.test(path))
    return surroundings.isDiscovered(path) && !surroundings.hasRun('patch') ? 'a file as it was before somebody changed it' : undefined;
  for (const [pattern, by] of kinds) {
    if (!pattern.test(path)) continue;
    // The names in a distribution that was built say no more than the tree.
    if (path.includes('dist/') && onlyLists.test(surroundings.source) && !/-\w*[px]\b/.test(surroundings.source)) return undefined;
    if (surroundings.seeking.others) return 'what an earlier run left';
    return surroundings.hasRun(by) || (by !== 'coverage' && surroundings.hasRun('tests')) ? undefined : 'what an earlier run left';
  }
  return undefined;
}
