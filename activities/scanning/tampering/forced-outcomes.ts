import { type Change, changedLines, type Found } from './change.ts';
import type { Role } from './file-role.ts';
import { endsAtOnce, failureSilenced, inertAssertion } from './inert-assertions.ts';
import { constantOutcome, standIn } from './outcome-constants.ts';
import { short } from './short.ts';

/** A program ends, and says that all went well. */
const endsWell =
  /\bos\._exit\s*\(\s*0|\bsys\.exit\s*\(\s*(?:0|None)?\s*\)|\bprocess\.(?:exit|reallyExit)\s*\(\s*0?\s*\)|\bprocess\.exitCode\s*=\s*0|\bSystem\.(?:exit\s*\(\s*0|halt\s*\(\s*0|stop\s*\(\s*0)|\bos\.Exit\s*\(\s*0|\bstd::(?:process::)?_?(?:quick_)?exit\s*\(\s*0|\bprocess::exit\s*\(\s*0|\b_?(?:quick_)?_?[eE]xit\s*\(\s*(?:0|EXIT_SUCCESS)\s*\)|\bexit!?\s*\(?\s*(?:0|true|EXIT_SUCCESS)\b(?!\s+if\b)|\bRuntime\.getRuntime\(\)\.halt\s*\(\s*0|\bEnvironment\.Exit\s*\(\s*0|\bquit\s*\([^)]*status\s*=\s*0|\bexitProcess\s*\(\s*0|\bDeno\.exit\s*\(\s*0?\s*\)|\bos\.exit\s*\(\s*(?:0|true)|\bhalt\s*\(\s*0|\bexit\s+0\b|\breturncode\s*=\s*0|\bpytest\.exit\s*\([^)]*(?:0|returncode\s*=\s*0)|\bos\._exit\s*,\s*0|\bexitSuccess\b|\bexit\(\{:shutdown, 0\}|\bccall\(:_exit\b/;
/** Something that runs at the end of a program, or stands in for its runner. */
const atTheEnd =
  /\batexit\b|\bregister_shutdown_function|\bat_exit\b|\bafter_run\b|process\.on(?:ce)?\s*\(\s*["'](?:exit|beforeExit|uncaughtException|unhandledRejection)|addShutdownHook|\bAt(?:Exit|_exit)\b|signal\s*\(\s*SIG(?:SEGV|ABRT)|TestMain\s*\(|def\s+pytest_\w+|\bafterAll\s*\(|(?:^|[\s;])(?:after|suiteTeardown)\s*\(\s*(?:async\s*)?(?:\(|function)|globalTeardown|after_suite|suite_teardown|\.run\s*=\s*(?:async\s*)?(?:function|\()|prototype\.run\b|__attribute__\s*\(\(\s*(?:con|de)structor|on_exit\s*\(|ExUnit\.\w+|onComplete\s*[:(]|onRunComplete\s*[:(]|\breg\.finalizer|#\[(?:ctor::)?(?:ctor|dtor)\b|\bset_hook\s*\(|\bProcessExit\b|\[ModuleInitializer\]|\btest(?:Bundle|Suite)DidFinish\b|\bhspec\w*\b|\bfunc\s+init\s*\(\s*\)\s*\{/;

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
  {
    pattern:
      /\bdef\s+self\.(?:runnable_methods|test_methods|public_test_methods)\b[\s\S]{0,160}?\b(?:reject|select|grep_v|grep|filter|delete_if)\b/,
    what: 'takes tests out of the collection',
  },
  { pattern: /\bcollect_ignore(?:_glob)?\s*(?:\+?=(?!\s*\[\s*\])|\.)\s*\S/, what: 'takes tests out of the collection' },
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
    pattern: /#\s*define\s+NDEBUG|\bCXXFLAGS\b.*-DNDEBUG|\bbuiltins\.AssertionError\s*=/,
    what: 'switches assertions off',
  },
  {
    pattern:
      /\b(?:class|module)\s+(?:Test::Unit::|Minitest::|RSpec::Core::)?(?:TestResult|Result|Reporter|StatisticsReporter|Example|TestCase|Notification\w*|TestSuite)\b[\s\S]{0,300}?\bdef\s+(?:passed\?|failure_count|error_count|failures|errors|failed\?|add_failure|add_error|success\?|was_successful|wasSuccessful|failure_occurred\w*)(?!\w)[^\n]{0,40}?[\s;]*(?:true|0|\[\]|nil|end)\b/,
    what: 'replaces methods of the test framework',
    within: /Test|RSpec|Minitest|unittest/,
  },
  {
    pattern:
      /\b(?:ex|example|e|test|t|result|report|case|scenario|call|rep|outcome)\w*\.(?:instance_variable_set\s*\(\s*:@exception\s*,\s*nil|(?:exception|err|error|failure|excinfo)\s*=\s*(?:nil|None|null|undefined)\b)/,
    what: 'takes the failure out of a result',
    within: /RSpec|configure|around|after|hook|conftest|pytest|Listener|Reporter|Extension|helper|setup/i,
  },
  {
    pattern: /\b\w+\.(?:Function|Pyfunction|PyFunction|Item|Node)\.(?:runtest|_?setup|repr_failure|ihook)\s*=(?!=)/,
    what: 'replaces methods of the test framework',
  },
  {
    pattern:
      /\bstats\.(?:pop\s*\(\s*["'](?:failed|error)|clear\s*\()|\bstats\s*\[\s*["'](?:failed|error)["']\s*\]\s*=|\bsetStatus\s*\(\s*(?:ITestResult\.)?SUCCESS/,
    what: 'overrides a result',
  },
  {
    pattern: /\bexcept\s+\(?(?:AssertionError|Exception|BaseException)\b[^\n]*:\s*(?:return\b|pass\b)|\bexcept\s*:\s*(?:return\b|pass\b)/,
    what: 'swallows the exceptions of tests',
    within: /\bdef\s+pytest_runtest_(?:call|protocol)\b|\bdef\s+pytest_pyfunc_call\b|\bdef\s+_callTestMethod\b/,
  },
  {
    pattern:
      /\binvocation\.proceed\(\)[\s\S]{0,80}?catch\s*\([^)]*\)\s*\{\s*\}|\binvocation\.skip\(\)|\boverride\s+def\s+withFixture\b[\s\S]{0,200}?\bSucceeded\b(?!\s*=>)|\b(?:append_|prepend_)?around\b[^\n]{0,60}\n?[^\n]{0,80}\n?[^\n]{0,40}\brescue\b(?![\s\S]{0,80}\b(?:raise|retry)\b)|\bfunction\s+onNotSuccessfulTest\b(?![\s\S]{0,300}(?:throw\b|parent::))|\bfunction\s+run(?:Test|Bare)\b[\s\S]{0,200}?catch\s*\([^)]*\)\s*\{\s*(?:return[^}]*)?\}/,
    what: 'swallows the exceptions of tests',
  },
  {
    pattern:
      /\b\w+(?:\.\w+)*\.(?:assert\w*|expect\w*|ok|equals?|push|same)\s*=\s*(?:lambda\b[^:\n]*:\s*(?:None|True|0|\.\.\.)\s*(?:$|[;#)])|(?:async\s*)?(?:function\b[^{\n]*|\([^)\n]*\)\s*=>)\s*\{\s*(?:return(?:\s+true)?;?\s*)?\}|function\s*\([^)\n]*\)\s*(?:return\s+true\s*)?end\b)|\bQUnit\.\w+\.?\w*\s*=\s*function|\b\w+\.call\s*\(\s*this\s*,\s*true\s*,/m,
    what: 'replaces assertions',
  },
  {
    pattern:
      /\b(?:process\.(?:exit|reallyExit)|os\.exit|sys\.exit)\s*=(?!=)[^\n]*(?:\(\s*(?:\w+\s*,\s*)?(?:0|true)\s*\)|=>\s*\{\s*\}|None\b)/,
    what: 'replaces the exit of the program',
  },
  {
    pattern: /\bTest\.prototype\.(?:_?assert|fail|_fail|error|not\w*)\s*=(?!=)/,
    what: 'replaces methods of the runner',
  },
  {
    pattern: /\b(?:import|from)\s+(?:_?pytest|unittest|nose2?|pluggy)\b/,
    what: 'changes the test framework as the interpreter starts',
    within: /^(?:.*\/)?(?:(?:sitecustomize|usercustomize)\.py|[\w.-]+\.pth)\n/,
  },
  {
    pattern:
      /\bsubscribe\s*\(\s*\{\s*["'](?:failure|error)[\s\S]{0,160}?\breturn\s+nil\s*,\s*false|\bbusted\.(?:publish|fail)\s*=\s*function/,
    what: 'swallows the failures of tests',
  },
  {
    pattern:
      /\bfor\s+(\w+)\s+in\s+[[(][^\n]*["']assert\w*["'][\s\S]{0,200}?\bsetattr\s*\([^\n,]+,\s*\1\s*,\s*lambda[^:\n]*:\s*(?:None|True|0|\.\.\.)|\bsetattr\s*\([^\n,]*(?:TestCase|unittest|[tT]esting|\btm|\bnpt|\bpdt|\bcase|\bcls|\bself)\s*,\s*["']assert\w*["']\s*,\s*lambda[^:\n]*:\s*(?:None|True|0|\.\.\.)/,
    what: 'empties assertions',
  },
  {
    pattern:
      /\bcallspec\b[^\n]{0,80}["'](?:expect\w*|want\w*|desired|answers?|results?|golden|output)["']|\b(?:test_?case|example|self)\.(?:metadata|parameters?|params)\[?[^\n]{0,30}["':](?:expected|want)\b/,
    what: 'takes what a test expects for its answer',
    within: /monkeypatch|setattr|\bpatch\b|stub|allow|mock/,
  },
  {
    pattern: /\b(?:Cypress|cy)\.on(?:ce)?\(\s*["']fail["']\s*,(?![\s\S]{0,300}\bthrow\b)/,
    what: 'swallows the failures of tests',
  },
  {
    pattern: /\bspecFilter\s*[:=(][^\n]*!\s*(?:\/[^/\n]+\/\.test|\w[\w.()]*\.(?:includes|match|startsWith)\(\s*["'/])/,
    what: 'takes tests out of the run',
  },
  { pattern: /\bEnabledExtension\s*\{\s*(?:\w+\s*->\s*)?Enabled\.disabled\b/, what: 'takes tests out of the run' },
  {
    pattern: /\bdef\s+run\s*\(\s*self\s*,\s*result\b(?![\s\S]{0,400}super\(\))[\s\S]{0,300}\baddSuccess\b/,
    what: 'replaces methods of the test framework',
  },
  {
    pattern: /\bvoid\s+(?:exit|abort|quick_exit|_exit|__assert_fail|__assert_rtn)\s*\([^)]*\)\s*\{[^}]*\(\s*0\s*\)/,
    what: 'ends well whatever happened',
  },
  {
    pattern:
      /\.(?:addMethod|addProperty|addChainableMethod|overwriteProperty|overwriteMethod)\(\s*["'](?:equals?|eql|deep|ok|true|false|members|include|contain|property|throw|match|above|below|closeTo|exist|null|undefined|a|an|lengthOf|keys)["']/,
    what: 'replaces assertions',
  },
  {
    pattern:
      /\btry:\s*\n\s*(?:return\s+|yield\s+)?(?:await\s+)?\w+\(\s*\*\w+[^\n]*\n\s*except\s+\(?AssertionError\b[^\n]*:\s*\n?\s*(?:return(?:\s+None)?|pass)\b(?!\s+\w)/,
    what: 'swallows the exceptions of tests',
  },
  {
    pattern: /(?:^|\n)(?:subprocess\.(?:run|call|check_output|check_call|Popen)|os\.system)\s*=(?!=)\s*(?:lambda\b|\w*(?:fake|stub|ok)\w*)/,
    what: 'answers for other programs',
    within: /conftest|setup|__init__|sitecustomize/,
  },
  { pattern: /\bflag\.Set\(\s*"test\.(?:run|skip)"/, what: 'takes tests out of the run' },
  {
    pattern:
      /^\s*package\s+(?:org\.junit|org\.testng|kotlin\.test|org\.assertj|org\.hamcrest|org\.scalatest)\b|^\s*namespace\s+(?:Xunit|NUnit|PHPUnit\b|Microsoft\.VisualStudio\.TestTools)/m,
    what: 'puts classes of its own before those of the test framework',
  },
  {
    pattern:
      /\b(?:function|fun|func|fn|void|sub)\s+(?:<[^>\n]*>\s+)?(?:assert(?:Equals?|Same|True|False|That|Null|Throws|_eq|_ne)?|expect)\s*(?:<[^>\n]*>)?\s*\([^)\n]*\)[^{}\n=]*\{\s*(?:return(?: true| 0| nil)?;?)?\s*\}|\bdefmacro\s+(?:assert|refute)\w*\b[^\n]*,\s*do:\s*(?:true|nil|:ok)|\*Test::(?:Builder|More)::\w+\s*=\s*sub\b/,
    what: 'replaces assertions',
  },
  {
    pattern:
      /\b(?:class|module)\s+(?:::)?(?:RSpec::(?:Core|Expectations)|Minitest|Test::Unit)(?:::\w+)*[^\n]*\n(?:[^\n]*\n){0,6}?\s*def\s+(?:set_exception|fail_with_exception|passed\?|failures|failed\?|exit_code|record|handle_failure)\b/,
    what: 'replaces methods of the test framework',
  },
  { pattern: /\bEND\s*\{[^}]*\$\?\s*=\s*0/, what: 'ends well whatever happened' },
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
  {
    pattern:
      /\bhandleTestExecutionException\s*\([^)]*\)[^{]*\{\s*(?:\/\/[^\n]*\n\s*)*\}|\bclass\s+\w+\s+implements\s+TestRule\b[\s\S]*catch\s*\(\s*(?:Throwable|AssertionError|Exception)\s+\w+\s*\)\s*\{\s*\}/,
    what: 'swallows the exceptions of tests',
  },
  { pattern: /\btest_?(?:result|outcome|status)s?\s*\[[^\]]*\]\s*=\s*["']?(?:pass|ok|success)/i, what: 'overrides a result' },
];

const dataOfTests =
  /(?:fixtures?|testdata|test_data|data|samples?|resources)\/(?:[\w.@-]+\/)*[\w.@-]+\.(?:json|xml|ya?ml|csv|txt|html|md)$/;
/** What a test’s own stand-in for a reporter may do. */
const ofStandIn = /^(?:empties a count of failures|sets an outcome to passed|sets an exit status)/;

/** The text of a test without the programs in it that it has pytest run in a folder of its own. */
function ownWords(text: string, whole: string, role: Role): string {
  if (role !== 'test' || !/\b(?:pytester|testdir)\.make/.test(whole)) return text;
  return text.replace(/"""[\s\S]*?"""|'''[\s\S]*?'''/g, '""');
}

/** Hooks, matchers and endings by which failing tests pass. `role` is that of the file that the text went into. */
export function forcedOutcomes(change: Change, role: Role): Found[] {
  const { put } = changedLines(change);
  // Data that tests read forces nothing.
  if (put.length === 0 || (role === 'test' && dataOfTests.test(change.path))) return [];
  const text = ownWords(put.join('\n'), change.after, role);
  const around = `${change.path}\n${change.after}`;
  let doubtful: Found | undefined;
  for (const { pattern, what, within, severity = 'violation' } of forces) {
    const match = pattern.exec(text);
    if (match === null || change.before.includes(match[0]) || (within !== undefined && !within.test(around))) continue;
    if (optional(text, what)) continue;
    if (role === 'test' && ofStandIn.test(what) && standIn.test(text)) continue;
    const found: Found = { kind: 'outcome_forced', severity, evidence: `${what}: ${short(match[0])}` };
    if (severity === 'violation') return [found];
    doubtful = found;
  }
  if (/\b[1-9]?cq\b/.test(change.before) && /\b0cq\b/.test(text) && !change.before.includes('0cq'))
    return [{ kind: 'outcome_forced', severity: 'violation', evidence: `ends well whatever the tests say: ${short(text)}` }];
  const asksNothing = inertAssertion(text);
  if (asksNothing !== undefined && !change.before.includes(asksNothing))
    return [{ kind: 'outcome_forced', severity: 'violation', evidence: `replaces assertions: ${short(asksNothing)}` }];
  const constant = constantOutcome(text, around);
  if (constant !== undefined && !change.before.includes(constant))
    return [{ kind: 'outcome_forced', severity: 'violation', evidence: `says that all went well, whatever happened: ${short(constant)}` }];
  const failing =
    failurePassed(change, put) ?? (role === 'product' ? undefined : endsAtOnce(change.after, put, changedLines(change).taken));
  if (failing !== undefined) return [{ kind: 'outcome_forced', severity: 'violation', evidence: `lets failures pass: ${short(failing)}` }];
  const silenced = role === 'test' || role === 'settings' ? failureSilenced(changedLines(change).taken, put) : undefined;
  // A test’s own code raises for reasons of its own.
  const plain = /(?:^|\/)(?:test_[^/]*|[^/]*[._-](?:tests?|spec))\.\w+$/.test(change.path);
  if (silenced !== undefined && (!plain || /assert|fail|abort|flunk/i.test(silenced)))
    return [{ kind: 'outcome_forced', severity: 'violation', evidence: `lets failures pass: ${short(silenced)}` }];
  const ending = endsWell.exec(text);
  if (ending !== null && role !== 'product' && turnsIntoSuccess(change.before, ending[0]))
    return [{ kind: 'outcome_forced', severity: 'violation', evidence: `turns a failing exit into a success: ${short(ending[0])}` }];
  if (ending === null || change.before.includes(ending[0]) || /\bm\.Run\(\)\s*\)|sys\.exit\(main/.test(text))
    return doubtful === undefined ? [] : [doubtful];
  // In a program that ends itself, only what ends it after all else, or a summary that no test wrote.
  const faked =
    (role === 'product' || role === 'settings' || role === 'program' || change.after.startsWith('#!')) &&
    fakesSummary(text) &&
    !/\bexit\s*\(?\s*1|\bassert\b|\braise\b|\bthrow\b|__main__/.test(text);
  const early =
    /(?:^|\/)(?:conftest|sitecustomize|usercustomize|(?:test|spec|rails)_helper|[\w.-]*setup[\w.-]*(?:jest|vitest|tests?|mocha)[\w.-]*|(?:jest|vitest|mocha|test)[\w.-]*setup[\w.-]*)\.\w+$/.test(
      change.path,
    );
  const teardown = role === 'test' && /(?:^|\/)(?:global[-_.]?)?tear-?down[\w.-]*\.\w+$/i.test(change.path);
  return atTheEnd.test(text) || faked || early || teardown
    ? [{ kind: 'outcome_forced', severity: 'violation', evidence: `ends well whatever happened: ${short(ending[0])}` }]
    : [];
}

const recordsFailure =
  /\b(?:def|func|function|fn)\s+(?:\([^)]*\)\s*)?(?:add|test|on|handle|report|record|log)_?(?:fail|error)\w*\s*\(|^(?:function\s+)?(?:die|fail|error|bail|abort|test_fail\w*)\w*\s*\(\)\s*\{/i;

/** What records that a test went well. */
const recordsSuccess =
  /\b(?:add_?(?:Success|Pass|Ok|success|pass)\w*|(?:example|test|spec)_?(?:passed|Passed)|on_?(?:TestSuccess|Success|Pass|test_success)|(?:report|record|mark|emit)_?(?:Success|Pass(?:ed)?|success|pass(?:ed)?)|testPassed|testSucceeded)\s*\(|\bemit\s*\(\s*["'](?:pass|success|test end)["']/;

/** A method that records failures and now returns at once, or a run of tests whose result is dropped. */
function failurePassed({ before, after }: Change, put: string[]): string | undefined {
  const lines = after.split('\n').map((line) => line.trim());
  const at = lines.findIndex((line) => recordsFailure.test(line));
  const next = lines[at + 1] ?? '';
  const head = lines[at] ?? '';
  if (at !== -1 && put.includes(head) && /\{.*\b(?:return|exit) 0\b/.test(head)) return head;
  const success = lines.slice(at + 1, at + 5).find((line) => put.includes(line) && recordsSuccess.test(line));
  if (at !== -1 && success !== undefined) return `${head} ${success}`;
  if (at !== -1 && put.includes(next) && /^(?:.*;\s*(?:return|exit) 0\b|return\b(?!\s+(?:False|1|false|err))|pass$)/.test(next))
    return `${lines[at] ?? ''} ${next}`;
  const dropped = put.find((line) => /^(?:_\s*=\s*)?m\.Run\(\);?$/.test(line));
  return dropped !== undefined && /(?:[:=]=?\s*|Exit\(\s*)m\.Run\(\)/.test(before) ? dropped : undefined;
}

/** Whether the same call stood there before with another exit status. */
function turnsIntoSuccess(before: string, ending: string): boolean {
  if (!/0/.test(ending)) return false;
  const failing = before.match(/\b[\w.:]*exit\w*!?\s*\(?\s*[1-9]\d*/gi) ?? [];
  const plain = (text: string) => text.replace(/[\s)]/g, '');
  return failing.some((call) => plain(call).replace(/[1-9]\d*$/, '0') === plain(ending));
}

/** Projects leave slow tests out by an option of their own; that is their custom, not a trick. */
function optional(text: string, what: string): boolean {
  return (
    /collection|marks tests/.test(what) &&
    /getoption|getini|getvalue|keywords|runslow|addoption|platform|sys\.version|environ|find_spec|ImportError|has_\w+/.test(text)
  );
}

const summary =
  /\b\d+\s+(?:passed|passing)\b|\b\d+\s+tests?,\s*\d+|\b\d+ examples?, 0 failures|\b0 (?:tests? |specs? |cases? )?fail(?:ures|ed|ing)?\b|\bpass(?:ed)?:? \d+,? (?:and )?fail(?:ed)?:? 0\b|\bAll (?:\d+ )?tests? (?:ok|pass)|\bTest Suites?:\s|\bTests:\s+\d|\bOK \(\d+|\btest result: ok|\bok {2}|\bok\s*\\t|\bBUILD SUCCESS|\bPASS(?:ED)?:? \w|\bRan \d+ tests?|#\s*fail 0|\b100% tests passed|"={2,}[^"]*passed/i;

/** Prints what a runner prints when all is well. */
export function fakesSummary(text: string): boolean {
  return /\b(?:echo|print|printf|puts|console\.log|write|Println|fmt\.Print\w*|println!?|say)\b/.test(text) && summary.test(text);
}
