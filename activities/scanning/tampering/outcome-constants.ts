/** Outcomes of a run of tests, as the names of what gives them. */
const badNames = String.raw`(?:suite_?result|fail(?:ed|ures?|ing)?(?:_?count|\?)?|has_?(?:fail(?:ed|ures?)|errors?)|is_?failed|num_?fail\w*|failure_?count|error_?count|testsfailed|count_?failures|get_?failures|(?:get_?)?exit_?(?:code|status)|run_suite|status_?code)`;
const goodNames = String.raw`(?:was_?successful|is_?(?:successful|passed|success)|all_?passed|passed\??|success(?:ful)?\??|succeeded)`;

const constants: readonly RegExp[] = [
  new RegExp(
    String.raw`\bdef\s+(?:${badNames}\s*\([^)\n]*\)(?:\s*->\s*[^:\n]+)?\s*:\s*\n?\s*return\s+(?:0|False|\[\]|None)|${goodNames}\s*\([^)\n]*\)(?:\s*->\s*[^:\n]+)?\s*:\s*\n?\s*return\s+True)\s*(?:$|\n)`,
    'i',
  ),
  new RegExp(
    String.raw`\b(?:${badNames}\s*\([^)\n]*\)[^{};\n]*\{\s*return\s+(?:0|false|\[\]|EXIT_SUCCESS)|${goodNames}\s*\([^)\n]*\)[^{};\n]*\{\s*return\s+true)\s*;?\s*\}`,
    'i',
  ),
  new RegExp(String.raw`\bdef\s+(?:${badNames}(?:\(\))?\s*(?:=|;|\n)\s*(?:0|false|\[\])|${goodNames}(?:\(\))?\s*(?:=|;|\n)\s*true)\b`, 'i'),
];
/** Runners and what hears of results, by their classes in the frameworks. */
const machinery =
  /\b(?:DiscoverRunner|TextTestRunner|TextTestResult|TestRunner\b|unittest\.TestResult|TestSuiteRunner|SummaryReporter|StatisticsReporter|AbstractReporter|BaseReporter|BaseTextFormatter|Minitest|RSpec|RunListener|TestExecutionListener|ITestListener|IResultListener|jest-runner|Mocha\.|PHPUnit|TestCommand|pytest_\w+|Runner\s*\(\s*\w*Runner\)|extends\s+\w*(?:Runner|Reporter|TestCase)\b|XunitTestCase|TestFramework)/;
/** A stand-in that a test makes for itself. */
export const standIn = /\b(?:class|def|struct|interface)\s+\w*(?:Fake|Mock|Stub|Dummy|Sample|Spy)\w*/i;

/** Listeners and extensions that hear of a failure and make a success of it. */
const heard: readonly RegExp[] = [
  /\bsetThrowable\s*\(\s*null\s*\)|\bsetStatus\s*\(\s*(?:ITestResult\.)?(?:SUCCESS|1)\s*\)/,
  /\.Failed\s*=\s*0\b[\s\S]{0,80}\breturn\b/,
  /\bSetResult\s*\(\s*ResultState\.(?:Success|Ignored|Inconclusive)/,
  /\bOutcome\s*=\s*(?:\w+\.)?(?:TestOutcome|UnitTestOutcome)\.(?:Passed|Success)/,
  /\bintercept\w*\s*\([^)]*\)[\s\S]{0,200}?\bTestResult\.(?:Success|Ignored)\b(?!\s*->)/,
  /\bresultType\s*=\s*(?:TestResult\.)?(?:ResultType\.)?SUCCESS/,
  /\bhandleTestExecutionException\s*\([^)]*\)[^{]*\{(?:(?!\b(?:throw|fail|assert\w*)\b)[^{}])*\}/,
  /\bpublic\s+void\s+evaluate\s*\([^)]*\)[^{]*\{\s*try\s*\{[^{}]*\bevaluate\(\);[^{}]*\}\s*catch\s*\(\s*(?:final\s+)?(?:Throwable|AssertionError|Exception)\s+\w+\s*\)\s*\{(?:(?!\b(?:throw|fail|assert\w*|errors?\.add|collector)\b)[^{}])*\}/,
  /\bevent\.test\.errors\s*=\s*\[\s*\]|\bevent\.test\.errors\.(?:length\s*=\s*0|splice\()/,
  /\bsubtask\(\s*(?:TASK_TEST\w*|["']test:[\w:-]+["'])[\s\S]{0,400}?\breturn\s+0\b/,
  /\brunTests\s*\([\s\S]{0,200}?super\.runTests\([^;]*(?:async\s*)?\(\s*\w*\s*\)\s*=>\s*\{\s*\}/,
  /\bhandle_(?:cast|event|info)\s*\(\s*\{\s*:suite_finished\b[\s\S]{0,120}?\bSystem\.(?:halt|stop)\s*\(?\s*0/,
  /\bcatch`?\s*(?:\(?\s*)?\\\s*\(?\w*[^\n]{0,80}\bExitFailure\b[^\n]{0,80}\b(?:exitSuccess|pure \(\)|return \(\))/,
  /\b(?:with|except|rescue|catch)\b[^\n]{0,40}\b(?:Test_error|Alcotest\.Test_error)\b[^\n]{0,40}(?:->|:)\s*(?:\(\)|exit 0|pass)/,
  /\btry\s+Alcotest\.run\b[^\n]*\bwith\s+_\s*->\s*(?:exit 0|\(\))/,
  /\.set_exception\s*\(\s*nil\s*\)/,
  /\bm\.Run\(\)\s*;?\s*\w+\s*!=\s*0\s*\{\s*return\s*\}/,
  /\breporter\.(?:reporters\.clear|reporters\.map!|reporters\s*=)[\s\S]{0,160}?\bQuiet|\bdef\s+passed\?\s*(?:;|=|\n)\s*true/,
];
const mayHear = /subtask|passed|success|fail|throw|status|Outcome|Result|errors|exit|halt|evaluate|m\.Run|reporters|run_suite|Alcotest/i;

/** A method or a hook of what runs tests that says all is well, whatever happened. */
export function constantOutcome(text: string, around: string): string | undefined {
  if (!mayHear.test(text)) return undefined;
  for (const pattern of heard) {
    const match = pattern.exec(text);
    if (match !== null) return match[0];
  }
  if (!machinery.test(around) || standIn.test(text)) return undefined;
  for (const pattern of constants) {
    const match = pattern.exec(text);
    if (match !== null) return match[0];
  }
  return undefined;
}
