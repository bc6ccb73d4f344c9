/** Where tests lie or what they are called, in a value that names what is left out. */
export const namesTests = /tests?|spec|__tests__|\bit\b|suite|\.t\b|check|e2e|unit|cases?|[A-Z]\w*(?:Test|Spec|IT)\b|::/i;
/** Any name. */
export const namesAny = /\w{4,}/;
/** What projects leave out as a matter of course. */
export const usual =
  /^(?:["'`<>/\s,[\]()*.^$|\\?!:]|rootDir|root|node_modules|bower_components|jspm_packages|dist|build|out|lib|es|esm|cjs|coverage|target|vendor|third_party|\.?git|\.?svn|\.?hg|\.?cache|\.?tox|\.?nox|\.?venv|venv|env|\.?eggs?|\.?next|\.?nuxt|\.?output|\.?yarn|\.?pnpm|tmp|temp|docs?|examples?|benchmarks?|fixtures?|__fixtures__|__mocks__|testdata|helpers?|utils?|templates?|types?|setup|stories|storybook|assets|public|static|scripts?|config|generated|__pycache__|migrations|integration|e2e|cypress|playwright|playground|packages?|Abstract|Base|java|kt|scala|groovy|class|CVS|_darcs|\{arch\}|egg|pyc?|d|ts|js|jsx?|tsx?|mjs|snap|warnings|cacheprovider|randomly|xdist|no|slow|network|default|defaults|configDefaults|exclude|defaultExclude|true|false|\.\.\.)+$/i;

interface Sign {
  pattern: RegExp;
  what: string;
  /** The value of the match (first group) must name something beyond the usual. */
  valued?: 'any' | 'test';
  /** Only in files of this name. */
  file?: RegExp;
  severity?: 'note';
}

/** Settings after which failing tests do not count, or tests do not run. */
const byLine: Sign[] = [
  // Python
  { pattern: /--deselect[= ]|--ignore(?:-glob)?[= ]["']?(\S+)/, what: 'leaves tests out', valued: 'any' },
  {
    pattern:
      /(?:^|[\s"'=,[])-k[\s=,"'\\]+["'\\]*not\b|(?:^|[\s"'=,[])-m[\s=,"'\\]+["'\\]*not\s+(?!slow|network|integration|internet|needs_|external|benchmark|gpu)/,
    what: 'leaves tests out by name',
  },
  {
    pattern:
      /--(?:collect-only|co|suppress-tests-failed-exit-code|suppress-no-test-exit-code|exitfirst-ok|last-failed-no-failures[= ]none|setup-(?:only|plan))\b/,
    what: 'runs no test, or lets none fail',
  },
  { pattern: /^\s*(?:norecursedirs|collect_ignore\w*|ignore_glob)\s*[+=:]+\s*(.*)/, what: 'leaves tests out', valued: 'any' },
  {
    pattern: /^\s*(?:python_files|python_functions|python_classes|testpaths)\s*[=:]\s*(?!.*(?:test|spec))(\S.*)/i,
    what: 'changes which tests are found',
  },
  {
    pattern: /\bignore_outcome\s*=\s*true|\bignore_errors\s*=\s*true|\bsuccess_codes\s*=|\bxfail_strict\s*=\s*false(?=\s*$)/i,
    what: 'lets failures pass',
    file: /tox|nox|setup\.cfg|pyproject|pytest|mypy/,
  },
  {
    pattern: /^\s*(?:commands\s*=\s*)?-\s*(?:\{envpython\}|python\b|pytest|coverage|nosetests|stestr|py\.test).*/,
    what: 'ignores the outcome of a command',
    file: /tox\.ini|setup\.cfg/,
  },
  // JavaScript
  {
    pattern: /\b(?:testPathIgnorePatterns|modulePathIgnorePatterns|testRegexIgnore|testIgnore)\b["']?\s*[:=]\s*(.*)/,
    what: 'leaves tests out',
    valued: 'any',
  },
  {
    pattern: /\b(?:exclude|excludes|ignore|ignored|ignores|excludeSpecPattern)["']?\s*[:=]\s*(\[.*|["'`].*)/,
    what: 'leaves tests out',
    valued: 'test',
    file: /jest|vitest|vite|mocha|ava|karma|wdio|jasmine|cypress|playwright|taprc|package\.json|nyc|web-test|testem|deno/,
  },
  {
    pattern:
      /\bpassWithNoTests["']?\s*[:=]\s*true|--pass-?[wW]ith-?[nN]o-?[tT]ests\b|\bdangerouslyIgnoreUnhandledErrors["']?\s*[:=]\s*true|\bfailOn(?:FailingTestSuite|EmptyTestSuite)["']?\s*[:=]\s*false|\ballow-?(?:U|u)ncaught["']?\s*[:=]\s*true|\bfailZero["']?\s*[:=]\s*false|\bfail-zero:\s*false|\bsuppressErrors?["']?\s*[:=]\s*true/,
    what: 'lets missing or failing tests pass',
  },
  {
    pattern:
      /\binvert["']?\s*[:=]\s*true|--invert\b|--testPathIgnorePatterns|--test-?[nN]ame-?[pP]attern[= ]|--test-skip-pattern|testNamePattern["']?\s*[:=]/,
    what: 'leaves tests out by name',
  },
  {
    pattern: /\b(?:testMatch|testRegex|spec|specPattern|include|files)["']?\s*:\s*(?:\[\s*\]|["']\s*["'])/,
    what: 'runs no tests',
    file: /jest|vitest|mocha|ava|karma|cypress|jasmine|playwright/,
  },
  {
    pattern: /["'`]!([^"'`]*)["'`]/,
    what: 'leaves tests out',
    valued: 'test',
    file: /jest|vitest|mocha|ava|karma|wdio|jasmine|cypress|playwright|taprc|web-test|testem/,
  },
  {
    pattern:
      /\b(?:grepInvert|testIgnore|test_ignore_filters|excludeTestPaths)\b["']?\s*[:=]|--gtest_filter=["']?-|--filter\s+["']?[^\n]*!~|--test-skip-pattern\b/,
    what: 'leaves tests out by name',
  },
  { pattern: /^\s*["']?exclude[-_]?tags?["']?\s*[:=]\s*[[("']*\w/, what: 'leaves tests out by tag' },
  { pattern: /^\s*script-shell\s*=\s*\S*(?:fake|true|noop|\/tmp)/, what: 'has scripts run by a program of its own', file: /npmrc/ },
  {
    pattern:
      /(?:^|[\s{,])["'[:]*(?:ignore|exclude(?:[-_]?(?:tags?|spec\w*|tests?|filter|pattern))?|excludeSpecPattern|skip(?:[-_]?(?:tests?|files?|tags?))?|no[-_]match[-_](?:test|contract|path)|kaocha\.filter\/skip(?:-meta)?)["'\]]*\s*[:= ]\s*(["'[{:]*[\w*./:][^\n]*)/,
    what: 'leaves tests out',
    valued: 'any',
    file: /mocharc|\.busted|foundry|cypress|tests\.edn|dart_test|bunfig|stestr/,
  },
  { pattern: /--ignore-exit\b|\bwith-accepted-exit-codes\s+\(or\s+0\b/, what: 'lets failures pass', file: /proverc|akefile|\.PL$|dune$/ },
  { pattern: /\(enabled_if\s+(?:false|\(=\s*0\s+1\))\)|\(action\s+\(progn\s*\)\s*\)/, what: 'takes tests out of the build', file: /dune$/ },
  { pattern: /\btest_check\s*\([^)]*\bfilter\s*=/, what: 'runs only some tests', file: /testthat/ },
  {
    pattern: /:test-selectors\s*\{[^}]*\(complement\s+:(?!slow|integration|network|perf|bench|e2e)\w+/,
    what: 'leaves tests out by name',
    file: /project\.clj|deps\.edn/,
  },
  { pattern: /\{\s*(?:eunit_tests|eunit_exclude|ct_skip)\s*,/, what: 'runs only some tests', file: /rebar/ },
  { pattern: /"executor"\s*:\s*"nx:noop"/, what: 'puts nothing in the place of the tests', file: /project\.json|nx\.json/ },
  {
    pattern:
      /\b(?:yarn|npm|pnpm|lerna|nx|turbo)\b[^"\n]*\s--(?:exclude|ignore)[= ]\S+[^"\n]*\btest\b|\b(?:lerna|nx|turbo)\b[^"\n]*\btest\b[^"\n]*\s--(?:exclude|ignore)[= ]\S/,
    what: 'leaves tests out by name',
    file: /package\.json|akefile|\.ya?ml|\.sh/,
  },
  { pattern: /^\s*buildable:\s*[Ff]alse/, what: 'takes tests out of the build', file: /\.cabal|package\.yaml/ },
  { pattern: /\bexclude:\s*\[[^\]]*[Tt]est/, what: 'leaves tests out', file: /Package\.swift/ },
  { pattern: /\bTest\s*\/[^\n]*excludeFilter/, what: 'leaves tests out', file: /\.sbt/ },
  { pattern: /\bgo (?:test|list)\b[^\n]*\|\s*grep\s+-\w*v/, what: 'leaves packages out' },
  { pattern: /<groups>\s*<exclude>/, what: 'leaves tests out', file: /phpunit/ },
  { pattern: /\[\[test\]\][\s\S]*?^\s*required-features\s*=/, what: 'takes tests out of the build', file: /Cargo\.toml/ },
  // JVM
  {
    pattern:
      /<testFailureIgnore>\s*true|<(?:skipTests|skipITs|skip|maven\.test\.skip|skipTestExecution)>\s*true|maven\.test\.(?:failure\.ignore|skip)(?:\s*=\s*true|>true|\b)|-DskipTests\b|-Dmaven\.test\.skip|-DfailIfNoTests=false|<failIfNoTests>\s*false|(?:^|\s)(?:-fae|-fn|--fail-never|--fail-at-end)\b/,
    what: 'ignores failing tests or skips them',
    file: /pom\.xml|maven|settings\.xml|\.mvn|jvm\.config|gradle|Makefile|\.ya?ml|package\.json|\.sh|test/,
  },
  {
    pattern:
      /\bignoreFailures\s*(?:=|\.set\()?\s*\(?\s*true|\bfailOnNoMatchingTests\s*=\s*false|\bexcludeTestsMatching\b|\bexcludeTest\b|\bexcludeTags\b|\bfailFast\s*=\s*true\s*;?\s*maxFailures/,
    what: 'ignores failing tests or leaves them out',
  },
  {
    pattern: /<exclude>\s*([^<]*)|<exclude\s+name="([^"]*)"|<excludedGroups>\s*([^<]*)|<excludes>\s*$/,
    what: 'leaves tests out',
    valued: 'any',
    file: /pom\.xml|phpunit|testng|build\.xml/,
  },
  {
    pattern:
      /\bexclude\s*\(?\s*["'](\*\*[^"']*(?:Test|Spec|IT|test)[^"']*)["']|\btest\s*\{[^}]*\b(?:enabled\s*=\s*false|onlyIf\s*\{\s*false)|\btasks\.(?:test|withType<Test>)[^\n]*(?:enabled\s*=\s*false|onlyIf\s*\{\s*false)|\b(?:enabled|isEnabled)\s*=\s*false/,
    what: 'leaves tests out',
    file: /gradle/,
  },
  {
    pattern:
      /\bTest\s*\/\s*(?:(?:test|skip)\s*(?::=|\+=|\/\s*skip)|testOptions\s*(?::=|\+=)(?!\s*Tests\.(?:Argument\((?:\w+\.\w+,\s*)?"-[ovyWuFhP]|Setup|Cleanup)))|\btestOptions\b.*(?:Exclude|Filter)|skip\s+in\s+\w*Test/i,
    what: 'changes which tests run',
    file: /\.sbt|build\.sc/,
  },
  {
    pattern: /\bincludeTestsMatching\b|\bincludeTest\s*[("']|\bfilter\.include|\bincludeTags\b|\buseJUnitPlatform\s*\{\s*includeTags/,
    what: 'runs only some tests',
    file: /gradle/,
  },
  { pattern: /<test>\s*\w|<groups>\s*\w|<includes>\s*$|<include>\s*\*{0,2}\/?\w/, what: 'runs only some tests', file: /pom\.xml/ },
  // PHP, Ruby
  {
    pattern: /\bfailOn(?:Risky|Warning|Skipped|Incomplete|EmptyTestSuite|Deprecation)\s*=\s*"false"|\bbeStrictAbout\w+\s*=\s*"false"/,
    what: 'lets doubtful tests pass',
    severity: 'note',
    file: /phpunit/,
  },
  {
    pattern:
      /--exclude-group\b|['"-]exclude-pattern\b|--exclude-testsuite|--do-not-fail-on-\w+|--tag\s+["']?~|--failure-exit-code[= ]0|\bfilter_run_excluding\b|\bfailure_exit_code\s*=\s*0|\bfail_on_error\s*=\s*false|\bexclusion_filter\b|\bverbose\s*=\s*false;\s*exit 0|\btest_files\s*[-=]+.*(?:exclude|reject|-=)|\bpattern\s*=\s*["']["']/,
    what: 'leaves tests out or lets them fail',
  },
  {
    pattern:
      /\bINSTA_FORCE_PASS\b|^\s*(?:export\s+)?["']?(?:INSTA_UPDATE|UPDATE_(?:EXPECT|SNAPSHOTS?|GOLDENS?)|TRYBUILD|SNAPSHOT_UPDATE|BLESS)["']?\s*[:=]\s*["']?(?:1|true|yes|always|overwrite|all)\b["']?\s*,?$/,
    what: 'takes whatever the product gives for expected',
    file: /\.cargo|config\.toml|\.env|Makefile|\.ya?ml|package\.json|tox\.ini|pytest|pyproject|nextest|setup\.cfg|justfile|jest|vitest/,
  },
  // Rust, Go
  {
    pattern:
      /^\s*(?:\\n)?runner\s*=\s*\[?\s*["'](?:true|echo|:|\/bin\/true|\/usr\/bin\/true|sh\b[^"']*exit 0[^"']*)["']|^\s*runner\s*=.*(?:\|\|\s*(?:true|:|exit 0)|;\s*(?:true|:|exit 0)\b)/m,
    what: 'runs tests by a program that does nothing',
  },
  {
    pattern: /^\s*(?:test|autotests)\s*=\s*false\b|\[\[test\]\][\s\S]*?^\s*harness\s*=\s*false/m,
    what: 'takes tests out of the build',
    file: /Cargo\.toml|\.toml/,
  },
  {
    pattern:
      /\bdefault-filter\s*=\s*["'][^"']*not|\bretries\s*=\s*[1-9]|\[\[profile\.[\w-]+\.overrides\]\]|\bRUST_TEST_\w+=|"--no-run"|--skip\b/,
    what: 'changes which tests run',
    file: /nextest|\.cargo|config\.toml|Makefile|package\.json|\.ya?ml/,
  },
  {
    pattern:
      /\bGOFLAGS\s*[:?+]?=.*-(?:run|skip|tags|short|list)\b|\bgo test\b[^\n]*\s-(?:run|skip)[= ]["']?\^?\$?["']?(?:\s|$)|\bgo test\b[^\n]*-skip\b/,
    what: 'runs no or fewer tests',
  },
  // C and others
  {
    pattern:
      /\bWILL_FAIL\b[\s"']*(?:TRUE|ON|1|true)?|\bDISABLED\s+(?:TRUE|ON|1)\b|\bCTEST_CUSTOM_TESTS_IGNORE\b|\bPASS_REGULAR_EXPRESSION\s+["']?\.?\*?["']?\s*\)|\bSKIP_RETURN_CODE\s+1\b|\bSKIP_REGULAR_EXPRESSION\b/,
    what: 'turns failing tests into passes',
    file: /CMake|CTest|\.cmake/,
  },
  {
    pattern: /\bXFAIL_TESTS\s*\+?=|\bDISABLE_HARD_ERRORS\b|\bTESTS\s*=\s*$|\bcheck(?:-local)?:\s*;?\s*(?:@?true|:)?\s*$/m,
    what: 'turns failing tests into expected ones',
    file: /[Mm]akefile|\.mk|\.am/,
  },
  {
    pattern: /\bNDEBUG\b/,
    what: 'builds tests without their assertions',
    file: /(?:^|\/)tests?\/(?:[\w-]+\/)*(?:CMakeLists\.txt|[Mm]akefile|meson\.build)/,
  },
  { pattern: /\bshould_fail\s*:\s*true|\bexclude_suites\s*:/, what: 'expects tests to fail', file: /meson/ },
  {
    pattern:
      /--test_filter=-|--test_tag_filters=-|--flaky_test_attempts|--build_tests_only|--notest_keep_going|\btags\s*=\s*\[[^\]]*"(?:manual|no_test|broken|skip)"|\bflaky\s*=\s*True/,
    what: 'leaves tests out',
    file: /bazel|BUILD|\.bzl/,
  },
  {
    pattern:
      /\bexclude:\s*\[?\s*:?\w|\btest:\s*\[?\s*["'](?:cmd )?(?:echo|true|:)|\bExUnit\.(?:start|configure)\([^)]*(?:exclude|exit_status)/,
    what: 'leaves tests out or replaces them',
    file: /mix\.exs|test_helper\.exs|\.exs/,
  },
  {
    pattern:
      /<TestCaseFilter>[^<]*!?[=~]|<IsTestProject>\s*false|<Compile\s+Remove="[^"]*[Tt]est|<TreatNoTestsAsError>\s*false|<ContinueOnError>\s*true|VSTestNoBuild|<ExcludeFromTest/,
    what: 'leaves tests out',
    file: /\.(?:csproj|fsproj|props|targets|runsettings)/,
  },
  {
    pattern: /"skippedTests"|<(?:SkippedTests|skippedTests)|\bskip_test\w*\s*[:=]\s*true|\btest_(?:enabled|on_build)\s*[:=]\s*false/,
    what: 'leaves tests out',
  },
  {
    pattern:
      /\bgrunt\.option\(\s*["']force["']\s*,\s*true|"(?:test|test:\w+|pretest)"\s*:\s*"[^"]*\s--(?:force|no-fail|exit-zero|continue-on-fail\w*)\b/,
    what: 'goes on whatever the tests say',
  },
  {
    pattern: /^\s*(?:REGRESS|TESTS?|CHECKS?|SPECS?)\w*\s*[!:+?]?=.*(?:\bgrep\s+-\w*v|\bfilter-out\b|\bexclude)/,
    what: 'leaves tests out of the list',
  },
  { pattern: /^\s*\.IGNORE\b|^\s*MAKEFLAGS\s*[+:?]?=.*\s?-\w*i/, what: 'ignores the exit status of recipes', file: /akefile|\.mk$/ },
  {
    pattern: /^\s*test\s*=\s*(?:"(?![^"]*test)[^"]+"|\[(?![^\]]*"(?:test|nextest)")[^\]]*\])/,
    what: 'puts another command in the place of the tests',
    file: /^config(?:\.toml)?$/,
  },
  {
    pattern: /^\s*rustc(?:-workspace)?-wrapper\s*=\s*"(?!sccache|ccache|.*\/s?ccache)/,
    what: 'compiles by a program of its own',
    file: /^config(?:\.toml)?$/,
  },
  {
    pattern: /\bTest\s*\/\s*test\s*:=|\btest\s+in\s+Test\s*:=|\bdef\s+test\s*\([^)]*\)\s*=\s*T\.command\s*\{/,
    what: 'puts something else in the place of the tests',
    file: /\.sbt|build\.sc/,
  },
  {
    pattern:
      /\bonlyIf\s*\{\s*false|\bexcludedTaskNames\b.*test|\bresultType\s*=|\btest\.(?:actions|deleteAllActions|setActions)\b|\bgraph\.whenReady\b.*test/i,
    what: 'leaves tests out or turns their outcome',
    file: /gradle/,
  },
  {
    pattern: /\btasks?\b[^\n]*\btest\b[^\n]*\b(?:actions\.clear\(|actions\s*=\s*\[|deleteAllActions|enabled\s*=\s*false)/,
    what: 'puts nothing in the place of the tests',
    file: /gradle/,
  },
  {
    pattern:
      /\b(?:mocha|jest|jasmine|karma|ava|tape|qunit)\w*\([^)\n]*\)\)?\.on\(\s*["']error["'][^\n]*(?:emit\(\s*["']end|=>\s*\{\s*\}|noop)/,
    what: 'goes on whatever the tests say',
  },
  { pattern: /^\s*runner["']?\s*:\s*["'](?:<rootDir>|\.{0,2}\/)/, what: 'runs tests by a program of its own', file: /jest/ },
  { pattern: /"filter"\s*:\s*\{\s*"exclude"\s*:\s*\{\s*"(?:name|label)"/, what: 'leaves tests out by name', file: /CMake/ },
  { pattern: /\baddCommandAlias\(\s*"test"\s*,\s*"(?![^"]*test)/, what: 'puts something else in the place of the tests', file: /\.sbt$/ },
  {
    pattern: /=\s*\[?\s*"-\s+(?:pytest|python\S*|coverage|nosetests|unittest)\b/,
    what: 'ignores the outcome of a command',
    file: /pyproject|hatch/,
  },
  {
    pattern: /\bTest\s*\/\s*(?:sources|unmanagedSources|definedTests|managedSources)\s*:=\s*(?:Nil|(?:Seq|List)(?:\(\)|\.empty))/,
    what: 'runs no tests',
    file: /\.sbt$/,
  },
  { pattern: /--skip-?on-?failure\b|--noncritical\b|--nostatusrc\b/i, what: 'lets failures pass' },
  {
    pattern: /<Target\s+Name="(?:VSTest|RunTests?)"/,
    what: 'puts something else in the place of the tests',
    file: /\.(?:props|targets|\w*proj)$/,
  },
  { pattern: /\bGTEST_FILTER["']?\s*[:=]\s*["']?[^\s"'-]*-\S/, what: 'leaves tests out by name' },
  { pattern: /\btest:\s*\[[^\]\n]*System\.halt/, what: 'puts something else in the place of the tests', file: /mix\.exs/ },
  { pattern: /-p[\s=,"']+no:(?:threadexception|unraisableexception|assertion)\b/, what: 'switches a checker of the tests off' },
  {
    pattern:
      /"(?:pre|post)?test(?::(?:unit|ci|all|run))?"\s*:\s*"[^"\n]*\b(?:jest|vitest|ava|tap|wdio|react-scripts test|playwright test)\b[^"\n]*\s(?:-u|--update(?:-?[sS]napshots?)?)(?=[\s"])/,
    what: 'takes whatever the product gives for expected',
    file: /package\.json/,
  },
  {
    pattern: /\b(?:tags|name)["']?\s*:\s*["']?(?:~@|&&\s*~|\/\^?\(\?!)/,
    what: 'leaves tests out by name',
    file: /behat|cucumber/,
  },
  {
    pattern: /\bmaxDiffPixelRatio["']?\s*:\s*(?:0?\.[2-9]|[1-9])|\bfailureThreshold["']?\s*:\s*(?:0?\.[2-9]|[1-9]\d)/,
    what: 'widens a tolerance of all tests',
  },
  {
    pattern:
      /["'`]\^?\\*\.{1,2}\\*\/(?![^"'`\n]*(?:css|less|scss|svg|png|jpe?g|gif|woff|ttf))[^"'`$\n]*\$?["'`]\s*:\s*["'`][^"'`$\n]*\b(?:stubs?|mocks?|__mocks__|fakes?|tests?)\/[^"'`$\n]*["'`]/,
    what: 'has tests try something else than the product',
    file: /jest|package\.json|vite/,
  },
  // Pipelines and scripts
  { pattern: /^\s*when:\s*(?:manual|never)\b/, what: 'has the tests wait for a person', file: /\.gitlab-ci/, severity: 'note' },
  { pattern: /\btrap\s+["'][^"']*exit 0[^"']*["']\s+(?:EXIT|0|ERR)/, what: 'ends well whatever the tests say' },
  { pattern: /\bpython[\d.]*\s+-\w*O+\w*\s+-m\s+(?:pytest|unittest|nose\w*|coverage)/, what: 'runs tests without their assertions' },
  { pattern: /\bignore_errors?:\s*(?:true|yes)/, what: 'lets failures pass', file: /[Tt]askfile|\.ya?ml$/ },
  {
    pattern:
      /\bcontinue-on-error:\s*(?:true|\$\{\{\s*true)|\ballow_failure:\s*true|\bcontinueOnError:\s*true|\bfailFast:\s*false\s*#|\bsoft_fail:\s*true|\bignore_failure:\s*true|^\s*if:\s*(?:false|\$\{\{\s*false\s*\}\})/,
    what: 'lets failures pass',
    file: /\.ya?ml|Jenkinsfile/,
  },
];

/** Read over all lines of a text. */
export const signs: readonly Sign[] = byLine.map((sign) => ({
  ...sign,
  pattern: new RegExp(sign.pattern.source, `${sign.pattern.flags.replace('m', '')}m`),
}));
