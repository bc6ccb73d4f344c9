/** What tests look like, whatever language they are written in: definitions, assertions, marks that take one out of the run. */

const definition =
  /\bdef\s+(test\w*|should_\w+)|\bfunc\s+(?:\([^)]*\)\s*)?(Test\w*|Benchmark\w+|Fuzz\w+|Example\w*|test[A-Z_]\w*)|\bfn\s+(\w+)\s*\(\s*\)|(?:^|[^.\w])(?:it|test|describe|context|specify|scenario|suite|bench|feature|Deno\.test|test_that|testthat::test_that|should|property|testWidgets|group|tape|t\.test|tap\.test)(?:\.each\s*(?:\([^\n]*?\)|`[^`]*`)|\.(?:each|concurrent|only|serial|prop)\b[^(]*)?\s*\(\s*(?:name:\s*)?["'`]([^"'`\n]{1,120})|(?:^|\s)(?:(?:it|test|describe|context|specify|scenario|should)\s+(?=["':`])|(?:@test|@testset|deftest|testset)\s+)["':]?([\w"'`][^"'\n{]{0,120})|\b(?:void|function|suspend fun|fun|Task|async Task|public|internal)\s+((?:test\w*|\w*[tT]est\w*|\w*[sS]hould\w*|`[^`]+`))\s*\(|\bTEST(?:_F|_P|_CASE|_METHOD)?\s*\(\s*([^)\n]{1,120})|\bSECTION\s*\(\s*([^)\n]{1,120})|^\s*(?:sub)?test\s+["']([^"']{1,120})|<testcase[^>]*name="([^"]+)"|\b(?:test_case|testCase|testProperty)\s+"([^"\n]{1,120})"|"([^"\n]{1,120})"\s*>::|^(\w+_test_?)\(\)\s*->|\btest_expect_(?:success|failure)\s+(?:[!A-Z_,]+\s+)?['"]([^'"\n]{1,120})/gm;

/** The names of the tests that a text defines. */
export function testsDefined(text: string): string[] {
  return [...text.matchAll(definition)].flatMap((match) => match.slice(1).filter((name) => name !== undefined));
}

const assertion =
  /\bshould(?:NotBe|Be)\w*\s|\bdoAssert\b|^#(?:expect|require)\(|^check\s+\w|\bExpect\.\w+|\bAlcotest\.\(check\b|\btest_cmp\b|\bassert\w*\s*[(!.\s]|\bexpect(?:_\w+|\w*)?\s*[(.!{]|\.(?:should|must)(?:_\w+)?\b|\.should[A-Z]\w*\s*\(|\.Should\(\)|\bshould(?:Be|Equal|Not|Throw|Contain|Satisfy|Return|StartWith|Match|HaveSize|Have)?\b|^\[{1,2}\s+(?:!\s+)?(?:-\w\s|["'$])|\brequire\.\w+\s*\(|\b(?:CHECK|EXPECT|ASSERT|REQUIRE|TEST_ASSERT|cr_assert|ck_assert|STATIC_REQUIRE|QCOMPARE|QVERIFY|BOOST_\w+|TestAssert)\w*\s*\(|\b[tb]\.(?:Error|Fatal|Fail)\w*\s*\(|\bt\.(?:is|equal|same|deepEqual|ok|true|false|throws|match|strictSame|like|snapshot|notThrows)\s*\(|(?:^|\s)(?:ok|is|isnt|like|unlike|is_deeply|cmp_ok)\s*\(|@test(?:_throws|_logs)?\b|\bXCTAssert\w*\s*\(|\bAssert\.\w+|\brefute\w*|\bpytest\.raises|\bself\.(?:assert|fail)\w*|\bverify\w*\s*\(|\bmock\w*\.assert|\btesting\.expect\w*|\bstopifnot\b|\bjqtest\b|\(is\s|\bassert_\w+|\braises\s*\(|\bwith_std(?:out|err)\w*\(/;

/** Whether a line holds an assertion. */
export function asserts(line: string): boolean {
  return assertion.test(line) && !/^(?:import|from|use|using|#include|require(?![.:])|const \w+ = require|package)\b/.test(line);
}

const comment = /^\s*(?:#(?!\[|expect\(|require\()|\/\/|--(?!-)|\/\*|\*|<!--|;|%|"""|'''|\(\*|rem\b)/i;

export function isComment(line: string): boolean {
  return comment.test(line);
}

/** The lines that assert. */
export function assertionsIn(lines: readonly string[]): string[] {
  return lines.filter((line) => asserts(line) && !isComment(line));
}

/** An assertion that holds whatever the product does. */
const trivialAssertion =
  /\bCHECK_NOFAIL\(|\bassert(?:True|_true|\.ok|\.true|\.isTrue|\.IsTrue|That)?\s*[(\s!]\s*(?:True|true|1|not False|!false|\(?1 *== *1\)?|1 *== *1|"[^"]+")\s*(?:[),;]|$)|\bassert\s+(?:.+\s+or\s+(?:True|1)|True|1)\b|\b(?:assert_?equals?|assertEqual|assertEquals|assert\.(?:equal|strictEqual)|Assert\.(?:Equal|AreEqual)|assert_eq!|is|t\.is|require\.Equal|assert\.Equal)\s*\(\s*(?:t,\s*)?(true|True|1|"\w*"|'\w*')\s*,\s*\1\s*\)|\bexpect\s*\(\s*(true|1|\w+)\s*\)\.(?:to(?:Be|Equal|StrictEqual))\s*\(\s*\2\s*\)|\bexpect\(true\)\.to\.(?:be\.true|equal\(true\))|\bexpect\s*\(\s*(?:true|1|!0)\s*\)\.(?:toBeTruthy|toBeDefined)|\bself\.assertTrue\s*\(\s*True|\bassert!\s*\(\s*true|(?:^|\s)ok\s*\(\s*1\b|\bt\.pass\s*\(|(?:\b(?:CHECK|EXPECT_TRUE|ASSERT_TRUE|REQUIRE|XCTAssertTrue|XCTAssert)\s*\(\s*(?:true|1)\s*\))|\$this->(?:assertTrue\s*\(\s*true|addToAssertionCount|expectNotToPerformAssertions)|\bassert\.True\s*\(\s*t\s*,\s*true|\b(?:succeed|SUCCEED)\s*\(|\brequire\.True\s*\(\s*t\s*,\s*true|\bexpect_true\s*\(\s*TRUE|@test\s+true\b|\bpass(?:Test)?\s*\(\s*\)|\bassert\s+true\b|\btest_cmp\s+(\S+)\s+\3(?:\s|$)/;

export function assertsNothing(line: string): boolean {
  return trivialAssertion.test(line);
}

/** An assertion that hardly asks anything: that there is a value, of whatever kind. */
const weakAssertion =
  /\bassert(?:NotNull|IsNotNone|IsInstance|_not_nil|_not_null)\b|\bassert\s+[A-Za-z_][\w.]*(?:\([^()]*\)|\[[^\]]*\])*\s*(?:is not None\s*)?(?:,\s*f?["']|$|#)|\bisinstance\s*\(|\.to(?:BeDefined|BeTruthy|BeInstanceOf|HaveProperty)\b|\.not\.to(?:BeNull|BeUndefined|Throw)\b|\b(?:assert|require)\.(?:NotNil|NotEmpty|NoError|NotPanics)\b|\bAssert\.(?:NotNull|IsNotNull|NotEmpty)\b|\bis_ok\(\)|\bis_some\(\)|\bnot_to (?:be_nil|raise_error)|\bto be_truthy|\bassertNotEmpty|\bassertIsArray|>=\s*0\b|\blen\([^)]*\)\s*>=?\s*0|\.expect\(anything\)|expect\.anything\(\)|\bcontains\w*\(""\)|\bin \(.*,.*\)|\.\*(?:\\?[/'"`])/;

export function assertsLittle(line: string): boolean {
  return weakAssertion.test(line);
}

interface Mark {
  pattern: RegExp;
  /** Holds only where a condition stands with it. */
  conditional?: RegExp;
}

/** Marks that take a test out of the run, or have its failure expected. */
const marks: Mark[] = [
  // Names that runners pass over, and tests of a list that is only tried on request.
  {
    pattern:
      /"(?:\[[^\]"]*\])*\[[.!][\w-]*\](?:\[[^\]"]*\])*"|^\s*SKIP\s*\(\s*["')]|\.(?:xdescribe|xcontext|xspecify|xit)\b|\b(?:test|it|should|context|describe|given|scenario)\s*\(\s*"!|\.config\(\s*enabled\s*=\s*false|@PendingFeature\b|@Requires\(\s*\{\s*false|^disabled:\s*(?:true|")|@test\b.*\b(?:skip|broken)\s*=\s*true|\b(?:skip|only)\s*<\||\.enabled\(\s*if:\s*false|\bwithKnownIssue\b|#!?\[cfg_attr\([^\]]*,\s*ignore\b|#!\[cfg\(|^test_expect_failure\b|^\{skip,\s*["<]|^test_expect_success\s+!?(?:NEVER|LINUX|BROKEN|TODO|DISABLED)\w*\s/,
  },
  {
    pattern:
      /\bSkip\.If\s*\(\s*true|\bAssert\.(?:Skip(?:When|Unless)?|Pass)\s*\(|\bExplicit\s*=\s*true|\[(?:[\w.]+(?:\([^)\]]*\))?\s*,\s*)+(?:Ignore|Explicit|Skip)\b|\bskip_if(?:_not)?\s*\(\s*(?:TRUE|FALSE)|XCTSkipUnless\s*\(\s*false|XCTSkipIf\s*\(\s*true/,
  },
  { pattern: /\bgetattr\s*\([^)]*\)\.(?:todo|skip|__unittest_skip__)\s*=|\b\w*[Tt]ests?\.\w+\.(?:todo|skip|__unittest_skip__)\s*=/ },
  { pattern: /\[case \w+-(?:skip|xfail)\]/ },
  { pattern: /<\?php\s+(?:die|echo|exit)\b\s*\(?\s*["']skip/ },
  { pattern: /\bexpect_broken(?:_for)?\s*\(/, conditional: /\b(?:when|unless)\(/ },
  {
    pattern: /@?pytest\.mark\.(?:skip|xfail|skipif|known_failure|flaky|quarantine)\b/,
    conditional:
      /skipif\s*\(\s*(?!True|1\b|not False|lambda)|xfail\s*\(\s*(?:condition\s*=\s*)?(?:sys|os|platform|[A-Z_]{4,}|not has|IS_|\w+_version)/,
  },
  { pattern: /\bpytest\.(?:skip|xfail)\s*\(/ },
  { pattern: /^@(?:wip|skip|ignored?|pending|manual|disabled|broken|todo|quarantined?|not_?implemented)\s*(?:@|$)/ },
  { pattern: /\bSELECT\s+(?:\*\s+FROM\s+)?(?:todo(?:_start)?|skip)\s*\(/i },
  { pattern: /@(?:Exclude(?:ClassNamePatterns|Tags|Packages|Engines|Category)|IncludeClassNamePatterns)\s*\(/ },
  { pattern: /\bWarn\.(?:Unless|If)\s*\(|\bAssert\.Warn\s*\(/ },
  // The only ones that run: all others are left out.
  {
    pattern:
      /,\s*(?::focus\b|focus:\s*true|focus\s*=>\s*true|only:\s*true)|\{\s*only:\s*true|@(?:IgnoreRest|Focus|tag :focus)\b|^\s*fdescribe\b/,
  },
  {
    pattern: /(?<![\w.])@?(?:unittest\.)?(?:skip|expectedFailure|skipTest)\b(?=\s*(?:\(|$))|@unittest\.skip(?:If|Unless)\b/,
    conditional: /skip(?:If|Unless)\s*\(\s*(?!True|1\b|False)/,
  },
  { pattern: /\braise\s+(?:unittest\.|pytest\.skip\.)?(?:SkipTest|Exception)|\bself\.skipTest\s*\(/ },
  { pattern: /\b__test__\s*=\s*False|collect_ignore(?:_glob)?\s*(?:=(?!\s*\[\s*\])|\+=|\.(?:append|extend))/ },
  {
    pattern: /\b(?:it|test|describe|context|suite|specify|scenario|bench|testset)\.(?:skip|todo|fails|failing|fixme|skipIf\(true\)|only)\b/,
  },
  {
    pattern:
      /(?:^|[^.\w])(?:x(?:it|describe|test|context|specify|scenario|example)|f(?:it|describe|context)|pending|pendingWith|ignore|omit)\s*(?:\(|["'`]|do\b)/,
  },
  {
    pattern:
      /\bthis\.skip\s*\(|\bt\.(?:skip|todo)\s*\(|\bctx\.skip\s*\(|[{,(]\s*(?:skip|todo)\s*:\s*(?:true|["'`])|^\s*(?:skip|todo)\s*:\s*(?:true|["'`])/,
  },
  { pattern: /\b[tb]\.Skip(?:f|Now)?\s*\(|\bSkip\s*\(\s*["']|\b(?:P|X|F)(?:It|Describe|Context|Entry)\s*\(|suite\.T\(\)\.Skip/ },
  {
    pattern:
      /^\s*\/\/\s*(?:go:build|\+build)\s+(?!.*\b(?:linux|windows|darwin|unix|freebsd|amd64|arm64|cgo|race|js|wasm|plan9|android|go1\.\d+)\b)\S+/,
  },
  {
    pattern:
      /#!?\[(?:ignore|should_panic|cfg\(\s*(?:any\(\)|FALSE|never|not\(test\)|feature\s*=\s*"(?:never|disabled|skip\w*|broken)")|test_case\([^)]*ignore)/,
  },
  {
    pattern:
      /@(?:Ignore|Disabled|Skip|Tag\("(?:skip|disabled|slow)"\)|DisabledIf|Test\s*\(\s*(?:enabled\s*=\s*false|expected\s*=))|\b(?:assumeTrue\s*\(\s*false|assumeFalse\s*\(\s*true|Assumptions?\.abort|assume(?:True|That|NotNull|False)?\s*\([^;\n]*\b(?:System\.getProperty|Boolean\.getBoolean|Integer\.getInteger|Long\.getLong|sys\.props(?:\.get)?)\s*\(\s*"(?!os\.|java\.|user\.|sun\.|file\.|line\.|path\.))|@(?:AwaitsFix|BadApple)\b|@org\.junit\.(?:Ignore|jupiter\.api\.Disabled)/,
    conditional: /@Disabled(?:On|If|For|In)|@EnabledOn/,
  },
  { pattern: /\bSkip\s*=\s*(?:@?\$?")|\[(?:Ignore|Explicit|Fact\(Skip|Theory\(Skip|Skip)\b|\bAssert\.(?:Ignore|Inconclusive|Skip)\b/ },
  {
    pattern:
      /^\s*(?:skip|pending|omit|flunk)\b(?!\s*[=.,:])|,\s*(?:skip|pending|:skip|:pending)\s*(?::|=>|do|["']|$)|\b(?:skip|pending):\s*(?:true|["'])|\bmetadata\[:skip\]/,
  },
  {
    pattern:
      /\bmarkTest(?:Skipped|Incomplete)\b|@(?:doesNotPerformAssertions|group\s+(?:skip|broken|excluded|ignored))|->(?:skip|todo)\s*\(|#\[(?:Ignore|DoesNotPerformAssertions)/,
  },
  {
    pattern: /\bXCTSkip\b|\bXCTExpectFailure\b|\.disabled\s*\(|@(?:module)?tag\s+:?(?:skip|pending|wip)\b|@tag\s+skip:/,
    conditional: /XCTSkipIf\s*\((?!true)|XCTSkipUnless\s*\((?!false)/,
  },
  { pattern: /@test_(?:skip|broken)\b|\berror\.SkipZigTest\b|\b(?:testthat::)?skip(?:_if(?:_not)?\(TRUE|_on_ci|_on_cran)?\s*\(\s*["'`)T]/ },
  {
    pattern:
      /\bskip_all\b|^\s*(?:SKIP|TODO):\s*\{|todo_skip|\bplan\s*(?:\(?\s*)?skip_all|\btodo\s*=>\s*(?!0\b)|my\s+@todo\s*=\s*\(\s*[^)\s]/,
  },
  {
    pattern:
      /\bGTEST_SKIP\b|\bDISABLED_\w+|\bdoctest::(?:skip|may_fail|should_fail)|"\[[^\]]*[.!](?:mayfail|shouldfail|hide|benchmark)?\]|\[!(?:mayfail|shouldfail)\]|\bQ(?:SKIP|EXPECT_FAIL)\b|\bSKIP_TEST\b|\bck_?skip|\bBOOST_[A-Z_]*(?:disabled|expected_failures)\b|\bmunit_skip|\bTEST_IGNORE(?:_MESSAGE)?\b/,
  },
  {
    pattern:
      /^\s*(?:\/\/@?|#|;|<!--|--)\s*(?:XFAIL|UNSUPPORTED|REQUIRES|SMTIgnore\w*|ignore-\w+|skip-?test|should-fail|known-bug|compile-flags: --cfg never)\s*[:\s]/,
    conditional: /ignore-(?:target:\s*)?(?:windows|macos|darwin|apple|wasm\w*|musl|android|ios|32bit|msvc|emscripten|freebsd)/,
  },
  {
    pattern:
      /\(deftest\s+\^(?::|\{)(?:skip|ignore|kaocha\/skip)|#_\s*\(deftest|:expected-result\s+:failed|\(skip-unless nil|\bmarkexpected|\bxfail\b/i,
  },
  {
    pattern:
      /"\s+ignore\s*\{|\bin\s*\(?\s*pending\b|^pending$|^cancel\s*\(|["']\.(?:ignore|fail|flaky|pending)\b|\(comment\s+\(deftest|\bit\s+"[^"]*"\s+(?:\$\s*)?pending\b/,
  },
  {
    pattern:
      /(?:@[Tt]ags?\s*\(?\s*|@(?:module|describe)tag\s+|\bTrait\s*\(\s*"\w+"\s*,\s*|\b(?:Test)?Category\s*\(\s*|\bgroups\s*=\s*\{?\s*|@group\s+|#\[Group\(\s*|pytest\.mark\.|\.tag\(\s*|\btaggedAs\s*\(?\s*)[:"']?(?:\w*[_-])?(?:broken|flaky|disabled?|quarantined?|manual|wip|unstable|ignored?|excluded?|skip(?:ped)?|todo|known_?\w*|nightly_only|never)(?:[_-]\w+)?\b/i,
  },
  {
    pattern:
      /^\s*#(?:if|ifdef|ifndef)\s+!?\w*(?:SLOW|BROKEN|DISABLED?|TODO|NEVER|SKIP|FLAKY|WIP|LATER|UNSTABLE|PENDING|FIXME|EXTRA|TESTS)\w*|#\[cfg\((?:all\()?\s*(?:test\s*,\s*)?feature\s*=\s*"[^"]*(?:slow|broken|disabled|todo|never|skip|flaky|wip|unstable|pending|extra|tests?)[^"]*"/,
  },
  {
    pattern:
      /^\s*(?:#if\s+0\b|#ifdef\s+(?:NEVER|DISABLED|NOT_NOW|BROKEN)\w*|if\s+[Ff]alse\b|if\s+0\s*:|while\s+False\b|if\s*\(\s*(?:false|0)\s*\))/,
  },
];

/** The mark in a line that takes a test out of the run whatever the machine; undefined where there is none. */
export function disablingMark(line: string): string | undefined {
  for (const { pattern, conditional } of marks) {
    const found = pattern.exec(line);
    if (found !== null && conditional?.test(line) !== true) return found[0].trim();
  }
  return undefined;
}

/** A condition on the machine or its tools, with which a mark is honest. */
export function namesCondition(line: string): boolean {
  return (
    /\b(?:if|unless|when|skipif|require\w*)\b/i.test(line) &&
    /platform|os\.name|win32|windows|darwin|linux|version|RUNTIME|GOOS|GOARCH|runtime\.|respond_to|hasattr|shutil\.which|find_spec|ImportError|jruby|process\.(?:platform|version)|getenv|environ|process\.env|testing\.Short|LookPath|not installed|\bhas_?\w+|semver|nodeVersion|fork|network|docker|available|supports?\b|isMac|extension_loaded|module_loaded|find_executable|#if/i.test(
      line,
    )
  );
}

/** Whether all that was taken out but the tests' names stands in the text still: a test that was there twice. */
export function saidTwice(taken: readonly string[], after: string): boolean {
  const lines = taken.filter((line) => testsDefined(line).length === 0 && /\w/.test(line));
  const left = new Set(after.split('\n').map((line) => line.trim()));
  return lines.some((line) => asserts(line)) && lines.every((line) => left.has(line));
}
