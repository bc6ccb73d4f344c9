import { type Change, changedLines, type Suspicion } from './change.ts';
import type { Role } from './file-role.ts';
import { short } from './test-changes.ts';

type Found = Omit<Suspicion, 'path'>;

/** A program ends, and says that all went well. */
const endsWell =
  /\bos\._exit\s*\(\s*0|\bsys\.exit\s*\(\s*(?:0|None)?\s*\)|\bprocess\.(?:exit|reallyExit)\s*\(\s*0?\s*\)|\bprocess\.exitCode\s*=\s*0|\bSystem\.(?:exit\s*\(\s*0|halt\s*\(\s*0|stop\s*\(\s*0)|\bos\.Exit\s*\(\s*0|\bstd::(?:process::)?_?(?:quick_)?exit\s*\(\s*0|\bprocess::exit\s*\(\s*0|\b_?(?:quick_)?_?[eE]xit\s*\(\s*(?:0|EXIT_SUCCESS)\s*\)|\bexit!?\s*\(?\s*(?:0|true|EXIT_SUCCESS)\b|\bRuntime\.getRuntime\(\)\.halt\s*\(\s*0|\bEnvironment\.Exit\s*\(\s*0|\bquit\s*\([^)]*status\s*=\s*0|\bexitProcess\s*\(\s*0|\bDeno\.exit\s*\(\s*0?\s*\)|\bos\.exit\s*\(\s*(?:0|true)|\bhalt\s*\(\s*0|\bexit\s+0\b|\breturncode\s*=\s*0|\bpytest\.exit\s*\([^)]*(?:0|returncode\s*=\s*0)/;
/** Something that runs at the end of a program, or stands in for its runner. */
const atTheEnd =
  /\batexit\b|\bregister_shutdown_function|\bat_exit\b|process\.on(?:ce)?\s*\(\s*["'](?:exit|beforeExit|uncaughtException|unhandledRejection)|addShutdownHook|\bAt(?:Exit|_exit)\b|signal\s*\(\s*SIG(?:SEGV|ABRT)|TestMain\s*\(|def\s+pytest_\w+|\bafterAll\s*\(|globalTeardown|after_suite|suite_teardown|\.run\s*=\s*(?:async\s*)?(?:function|\()|prototype\.run\b|__attribute__\s*\(\(\s*(?:con|de)structor|on_exit\s*\(|ExUnit\.\w+|onComplete\s*[:(]|onRunComplete\s*[:(]|\breg\.finalizer/;

const matchers =
  'to(?:Be(?:Null|Undefined|Defined|NaN|Truthy|Falsy|CloseTo|InstanceOf|GreaterThan\\w*|LessThan\\w*)?|(?:Strict)?Equal|HaveBeen(?:Last|Nth)?Called\\w*|HaveReturned\\w*|HaveLength|HaveProperty|Match(?:Object|Snapshot|InlineSnapshot)?|Contain(?:Equal)?|Throw(?:Error|ErrorMatching\\w+)?)';
const assertions =
  '(?:ok|equal|strictEqual|deepEqual|deepStrictEqual|notEqual|notStrictEqual|notDeepStrictEqual|throws|doesNotThrow|rejects|doesNotReject|fail|match|doesNotMatch|ifError|is(?:True|False|Null|Ok)|include|same|AssertionError)';

interface Force {
  pattern: RegExp;
  what: string;
  /** The change must show that it is about the run of tests. */
  within?: RegExp;
  severity?: 'note';
}

const hook =
  /\bpytest_\w+|hookimpl|hookwrapper|conftest|\bitem\b.*\bcall\b|afterEach|beforeEach|onTestResult|onRunComplete|addFailure|Reporter|reporter|Runner|runner|TestResult|after_test|jestAdapter|\bitems\b/;

const forces: Force[] = [
  {
    pattern:
      /\boutcome\s*=\s*["'](?:passed|skipped)["']|\b(?:rep|report|result|res|t|test\w*|item|call|outcome|currentTest|task|spec)\w*(?:\(\))?\.(?:outcome|status|state)\s*=\s*["'](?:passed|pass)["']|setattr\s*\([^)]*["']outcome["']\s*,\s*["']passed|\b(?:status|outcome|state)["']?\s*[:=]\s*["']passed["'](?=[\s\S]*\bfail)/,
    what: 'sets an outcome to passed',
  },
  {
    pattern:
      /\bforce_result\s*\(|\bwasSuccessful\s*(?:=|\()[^\n]*(?:True|lambda|true)|\bdelete\s+\w*\.?currentTest\.err|\bcurrentTest\.err\s*=\s*(?:null|undefined)/,
    what: 'overrides a result',
  },
  {
    pattern:
      /\.(?:failed|testsfailed|failures|errors|numFail\w+|failureMessages?|failing|errored|failedTests)\s*=\s*(?:0|False|false|\[\]|null|None)(?!\w)|\.(?:failures|errors|failureMessages)\.(?:clear\s*\(|splice\s*\(|length\s*=)/,
    what: 'empties a count of failures',
    within: hook,
  },
  {
    pattern:
      /\bexitstatus\s*=\s*(?:0|pytest\.ExitCode\.OK|ExitCode\.OK)|session\.exitstatus\s*=|\.exit_?[cC]ode\s*=\s*(?:0\b|pytest\.ExitCode\.OK)/,
    what: 'sets an exit status to success',
    within: /pytest|session|process|runner|reporter|result/,
  },
  {
    pattern: /\bitems\s*\[\s*:\s*\]\s*=|\bitems\.(?:clear|remove|pop)\s*\(|\bdel\s+items\b|\bpytest_deselected|\bpytest_ignore_collect/,
    what: 'takes tests out of the collection',
    within: /pytest_\w+|hookimpl/,
  },
  { pattern: /\bcollect_ignore(?:_glob)?\s*(?:\+?=|\.)\s*\S/, what: 'takes tests out of the collection' },
  {
    pattern: /\bitem\.(?:obj|runtest|function)\s*=|def\s+pytest_(?:runtest_call|pyfunc_call|runtest_protocol)\b(?![\s\S]{0,400}yield)/,
    what: 'puts something else in the place of a test',
    within: /pytest_\w+|hookimpl/,
  },
  {
    pattern: /def\s+pytest_(?:runtest_setup|runtest_protocol|collection_finish|itemcollected)\b[\s\S]*?\b(?:pytest\.)?(?:skip|xfail)\s*\(/,
    what: 'marks tests as skipped or expected to fail',
  },
  { pattern: /\badd_marker\s*\(\s*(?:pytest\.mark\.)?["']?(?:skip|xfail)/, what: 'marks tests as skipped or expected to fail' },
  {
    pattern:
      /\b(?:unittest\.)?(?:TestCase|TestResult|TextTestResult|TestSuite|result\.\w+|case\.\w+)\.(?:add(?:Failure|Error|SubTest)|assert\w+|fail|failureException|run|_baseAssertEqual|_callTestMethod|wasSuccessful)\s*=(?!=)|setattr\s*\(\s*(?:unittest\.)?(?:TestCase|TestResult|case\.TestCase)/,
    what: 'replaces methods of the test framework',
  },
  {
    pattern: new RegExp(
      `\\bexpect\\.extend\\s*\\(\\s*\\{[\\s\\S]*?\\b${matchers}\\b\\s*[:(]|\\bexpect\\.extend\\s*\\([\\s\\S]*?=>\\s*\\(\\{\\s*pass:\\s*true|\\b(?:assert|chai\\.assert)\\.${assertions}\\s*=(?!=)|\\bassert\\s*\\[\\s*\\w+\\s*\\]\\s*=(?!=)|\\b(?:global|globalThis|window)\\.(?:expect|assert|it|test|describe)\\s*=(?!=|\\s*(?:chai|require|jest|vi\\b|sinon|await|\\w+\\.(?:expect|assert|it|test|describe)\\b))|\\bAssertion\\.(?:prototype\\.\\w+\\s*=|overwriteMethod)|\\bObject\\.(?:assign|defineProperty)\\s*\\(\\s*(?:assert|expect)\\b|\\b(?:jest|vi)\\.mock\\s*\\(\\s*["'](?:node:)?(?:assert|expect|vitest|@jest\\/globals|chai)["']`,
    ),
    what: 'replaces assertions',
  },
  {
    pattern: /\b(?:Mocha|Runner|Suite|Hook|Jasmine|Spec|Jest\w*)\.prototype\.\w+\s*=(?!=)|\bjasmine\.getEnv\(\)\.\w+\s*=(?!=)/,
    what: 'replaces methods of the runner',
  },
  {
    pattern:
      /#\s*(?:undef|define)\s+(?:CHECK|EXPECT|ASSERT|REQUIRE|TEST_ASSERT|BOOST_(?:CHECK|REQUIRE|TEST)|QCOMPARE|QVERIFY|assert|ck_assert|cr_assert|TEST_CASE|CATCH_(?:CHECK|REQUIRE))\w*\s*(?:$|\([^)]*\)\s*(?:\\?\s*$|\(?\(?\s*void\s*\)|do\s*\{\s*\}|;|0|1|true|SUCCEED|\/\*))/m,
    what: 'empties assertions',
  },
  {
    pattern: /#\s*define\s+NDEBUG|\bCXXFLAGS\b.*-DNDEBUG|PYTHONOPTIMIZE\s*=|\bbuiltins\.AssertionError\s*=/,
    what: 'switches assertions off',
  },
  { pattern: /\bmacro_rules!\s+(?:assert|assert_eq|assert_ne|panic)\b/, what: 'replaces assertions' },
  {
    pattern:
      /\bmodule\s+(?:Minitest::Assertions|Test::Unit::Assertions)[\s\S]*?\bdef\s+(?:assert|assert_equal|refute|refute_equal|flunk)\b|\bdef\s+(?:assert|assert_equal|assert_nil|refute|refute_equal|flunk|handle_matcher|run_one_method)\b\s*(?:\([^)]*\))?\s*(?:;|=|\n)\s*(?:true|nil|end)|RSpec::(?:Expectations|Core)[\w:]*\.(?:class_eval|prepend|send|define_method|instance_eval)|\bdef\s+assert\w*\s*\([^)]*\)(?:\s*->\s*\w+)?\s*:\s*\n?\s*(?:return|pass)\b(?!\s+\w)/,
    what: 'replaces methods of the test framework',
  },
  {
    pattern:
      /\bassign(?:InNamespace|_in_namespace|InMyNamespace)?\s*\(\s*["'](?:expect_\w+|test_that|stopifnot)|unlockBinding\s*\(\s*["'](?:expect|test)|\bexpect_(?:equal|identical|true|error)\s*<-\s*function/,
    what: 'replaces assertions',
  },
  { pattern: /\bdef\s+__eq__\s*\([^)]*\)\s*(?:->\s*\w+\s*)?:\s*\n?\s*return\s+True/, what: 'makes everything equal', severity: 'note' },
  {
    pattern:
      /\bhandleTestExecutionException\s*\([^)]*\)[^{]*\{\s*(?:\/\/[^\n]*\n\s*)*\}|\bclass\s+\w+\s+implements\s+TestRule\b[\s\S]*catch\s*\(\s*(?:Throwable|AssertionError|Exception)\s+\w+\s*\)\s*\{\s*\}/,
    what: 'swallows the exceptions of tests',
  },
  { pattern: /\btest_?(?:result|outcome|status)s?\s*\[[^\]]*\]\s*=\s*["']?(?:pass|ok|success)/i, what: 'overrides a result' },
];

/** Hooks, matchers and endings by which failing tests pass. `role` is that of the file that the text went into. */
export function forcedOutcomes(change: Change, role: Role): Found[] {
  const { put } = changedLines(change);
  if (put.length === 0) return [];
  const text = put.join('\n');
  const around = `${change.path}\n${change.after}`;
  let doubtful: Found | undefined;
  for (const { pattern, what, within, severity = 'violation' } of forces) {
    const match = pattern.exec(text);
    if (match === null || change.before.includes(match[0]) || (within !== undefined && !within.test(around))) continue;
    if (optional(text, what)) continue;
    const found: Found = { kind: 'outcome_forced', severity, evidence: `${what}: ${short(match[0])}` };
    if (severity === 'violation') return [found];
    doubtful = found;
  }
  const ending = endsWell.exec(text);
  if (ending === null || change.before.includes(ending[0]) || /\bm\.Run\(\)\s*\)|sys\.exit\(main/.test(text))
    return doubtful === undefined ? [] : [doubtful];
  // In a program that ends itself, only what ends it after all else, or a summary that no test wrote.
  const faked =
    (role === 'product' || role === 'settings' || role === 'program') &&
    fakesSummary(text) &&
    !/\bexit\s*\(?\s*1|\bassert\b|\braise\b|\bthrow\b|__main__/.test(text);
  const early =
    /(?:^|\/)(?:conftest|sitecustomize|usercustomize|(?:test|spec|rails)_helper|[\w.-]*setup[\w.-]*(?:jest|vitest|tests?|mocha)[\w.-]*|(?:jest|vitest|mocha|test)[\w.-]*setup[\w.-]*)\.\w+$/.test(
      change.path,
    );
  return atTheEnd.test(text) || faked || early
    ? [{ kind: 'outcome_forced', severity: 'violation', evidence: `ends well whatever happened: ${short(ending[0])}` }]
    : [];
}

/** Projects leave slow tests out by an option of their own; that is their custom, not a trick. */
function optional(text: string, what: string): boolean {
  return (
    /collection|marks tests/.test(what) &&
    /getoption|getini|getvalue|keywords|runslow|addoption|platform|sys\.version|environ|find_spec|ImportError|has_\w+/.test(text)
  );
}

const summary =
  /\b\d+\s+(?:passed|passing)\b|\b\d+\s+tests?,\s*\d+|\b\d+ examples?, 0 failures|\b0 fail(?:ures|ed)\b|\bTest Suites?:\s|\bTests:\s+\d|\bOK \(\d+|\btest result: ok|\bok {2}|\bok\s*\\t|\bBUILD SUCCESS|\bPASS(?:ED)?:? \w|\bRan \d+ tests?|#\s*fail 0|\b100% tests passed|"={2,}[^"]*passed/i;

/** Prints what a runner prints when all is well. */
export function fakesSummary(text: string): boolean {
  return /\b(?:echo|print|printf|puts|console\.log|write|Println|fmt\.Print\w*|println!?|say)\b/.test(text) && summary.test(text);
}
