import { describe, expect, it } from 'vitest';
import { readLog } from '../../../activities/verification/ambiguity/read-log.ts';
import type { Doubt } from '../../../activities/verification/ambiguity/read-log.ts';
import { parseLog, parserNames } from '../../../activities/verification/parse-log.ts';
import { normaliseStatuses } from '../../../activities/verification/parsers/test-name.ts';

function reading(parser: string, ...lines: string[]) {
  const read = readLog(parser, lines.join('\n'));
  if (!read.ok) throw new Error(read.detail);
  return read.reading;
}

/** Doubts as `name: cause, may have …`. */
function doubts(parser: string, ...lines: string[]): string[] {
  return [...reading(parser, ...lines).doubts].map(([name, { cause, hides }]: [string, Doubt]) => `${name}: ${cause}, ${hides}`).sort();
}

interface Case {
  what: string;
  parser: string;
  log: string[];
  doubts: string[];
}

const hidden: Case[] = [
  {
    what: 'go: one name in two packages, the later one passes',
    parser: 'parse_log_gotest',
    log: ['--- FAIL: TestParse (0.01s)', 'FAIL', 'FAIL\tfig/in\t0.02s', '--- PASS: TestParse (0.00s)', 'ok  \tfig/out\t0.02s'],
    doubts: ['TestParse: equal_names, failed'],
  },
  {
    what: 'go: a subtest of one name skipped in the other package',
    parser: 'parse_log_gotest',
    log: ['    --- SKIP: TestParse/empty (0.00s)', 'ok  \tfig/in\t0.02s', '    --- PASS: TestParse/empty (0.00s)', 'ok  \tfig/out\t0.02s'],
    doubts: ['TestParse/empty: equal_names, skipped'],
  },
  {
    what: 'go: output without a line end before a pass and before a failure',
    parser: 'parse_log_gotest',
    log: ['progress 100%--- PASS: TestBar (0.00s)', '--- PASS: TestBaz (0.00s)', 'x=1 --- FAIL: TestBaz (0.10s)', 'FAIL\tfig\t0.1s'],
    doubts: ['TestBar: output_before_result, passed', 'TestBaz: output_before_result, failed'],
  },
  {
    what: 'cargo: output, times and reasons beside the word',
    parser: 'parse_log_cargo',
    log: [
      'test pear::prints ... 1 of 3ok',
      'test pear::timed ... ok <0.120s>',
      'test pear::slow ... FAILED <2.001s>',
      'test pear::off ... ignored, no network',
    ],
    doubts: ['pear::prints: output_before_result, passed', 'pear::timed: unknown_form, passed'],
  },
  {
    what: 'cargo: a test that prints lines, with --nocapture',
    parser: 'parse_log_cargo',
    log: ['test pear::prints ... opening', 'closing', 'ok', 'test pear::quiet ... ok'],
    doubts: ['pear::prints: output_before_result, passed'],
  },
  {
    what: 'cargo: one path in two crates of a workspace',
    parser: 'parse_log_cargo',
    log: ['test tests::reads ... FAILED', 'test tests::reads ... ok'],
    doubts: ['tests::reads: equal_names, failed'],
  },
  {
    what: 'jest: one title in two suites, and one of them skipped',
    parser: 'parse_log_jest',
    log: ['  in', '    ✕ reads (3 ms)', '    ○ skipped closes', '  out', '    ✓ reads', '    ✓ closes (1 ms)'],
    doubts: ['closes: equal_names, skipped', 'reads: equal_names, failed'],
  },
  {
    what: 'jest: a title that differs by its duration alone',
    parser: 'parse_log_jest',
    log: ['✕ waits (1.201 s)', '✓ waits (0.9 s)'],
    doubts: ['waits: equal_names, failed'],
  },
  {
    what: 'jest through the reader of symbols, which does not know its cross',
    parser: 'parse_log_js_4',
    log: ['  in', '    ✓ reads', '  out', '    ✕ reads'],
    doubts: ['reads: unknown_form, failed'],
  },
  {
    what: 'vitest: cases that differ by a number at the end',
    parser: 'parse_log_vitest',
    log: [' × a.test.ts > grows to 10', ' ✓ a.test.ts > grows to 20'],
    doubts: ['a.test.ts > grows to 20: cut_name, passed', 'a.test.ts > grows to: cut_name, failed'],
  },
  {
    what: 'vitest: a case that was slow when it was recorded and is fast now',
    parser: 'parse_log_vitest',
    log: [' ✓ a.test.ts > grows to 10'],
    doubts: ['a.test.ts > grows to 10: cut_name, passed'],
  },
  {
    what: 'vitest: a test that was tried again',
    parser: 'parse_log_vitest',
    log: [' ✓ a.test.ts > connects 312ms (retry x1)'],
    doubts: ['a.test.ts > connects: unknown_form, passed'],
  },
  {
    what: 'vitest: colours',
    parser: 'parse_log_vitest',
    log: [
      ' \u001B[31m×\u001B[39m a.test.ts\u001B[2m > \u001B[22mreads',
      ' \u001B[32m✓\u001B[39m a.test.ts\u001B[2m > \u001B[22mwrites\u001B[32m 3\u001B[2mms\u001B[22m\u001B[39m',
    ],
    doubts: ['a.test.ts > writes: colours, passed'],
  },
  {
    what: 'cargo: colours',
    parser: 'parse_log_cargo',
    log: ['test pear::reads ... \u001B[32mok\u001B[m'],
    doubts: ['pear::reads: colours, passed'],
  },
  {
    what: 'Mocha 8: its tick, and output before a result',
    parser: 'parse_log_npx',
    log: ['  in', '    ✓ reads', '    done✔ closes', '    1) opens'],
    doubts: ['closes: output_before_result, passed', 'reads: unknown_form, passed'],
  },
  {
    what: 'Mocha: a failure whose bracket is cut, beside the test without one',
    parser: 'parse_log_npx',
    log: ['    ✔ opens', '    1) opens (again)'],
    doubts: ['opens: equal_names, passed'],
  },
  {
    what: 'Mocha: the suite of a failure under the title of a test',
    parser: 'parse_log_npx',
    log: ['  reader', '    1) opens', '  all', '    ✔ reader', '  1) reader', '       opens:'],
    doubts: ['reader: equal_names, passed'],
  },
  {
    what: 'Mocha: a failure that is only read by its heading',
    parser: 'parse_log_js',
    log: ['  in', '    ✔ opens', '  out', '    1) opens', '  1) out', '       opens:'],
    doubts: ['opens: unknown_form, failed'],
  },
  {
    what: 'TAP: a skip that counts as passed, one name at two places, output before a point',
    parser: 'parse_log_tap',
    log: ['ok 1 - opens # SKIP needs a disk', 'not ok 2 - reads', '  ok 1 - reads', 'loadingok 3 - closes'],
    doubts: ['- closes: output_before_result, passed', '- opens # SKIP needs a disk: directive, skipped', '- reads: equal_names, failed'],
  },
  {
    what: 'TAP with blocks: a skip within one, and a point that is to be done',
    parser: 'parse_log_js_3',
    log: ['ok 1 - disk {', '    ok 1 - opens # SKIP needs a disk', '    not ok 2 - reads # TODO', '}'],
    doubts: ['disk :: opens: directive, skipped', 'disk :: reads: directive, passed'],
  },
  {
    what: 'Karma: a second suite that keeps the name of the first',
    parser: 'parse_log_karma',
    log: ['INFO [launcher]: Starting browser jsdom', '  in', '    ✖ reads', '  out', '    ✔ reads'],
    doubts: ['in > reads: equal_names, failed'],
  },
  {
    what: 'Karma: the signs of another reporter',
    parser: 'parse_log_karma',
    log: ['INFO [launcher]: Starting browser jsdom', '  in', '    ✓ reads', '    ✗ writes'],
    doubts: ['in > reads: unknown_form, passed'],
  },
  {
    what: 'PHPUnit: signs of tests that passed with a warning or did nothing',
    parser: 'parse_log_phpunit',
    log: ['', 'Reader (Fig\\ReaderTest)', ' ⚠ Opens', ' ☢ Closes', ' ✔ Reads'],
    doubts: ['Reader > Closes: unknown_form, passed', 'Reader > Opens: unknown_form, passed'],
  },
  {
    what: 'PHPUnit: output before a result, and output that looks like a suite',
    parser: 'parse_log_phpunit',
    log: ['', 'Reader (Fig\\ReaderTest)', 'half ✔ Opens', ' ✔ Reads', 'Loaded fig (fast)', ' ✔ Closes'],
    doubts: ['Reader > Closes: wrong_suite, passed', 'Reader > Opens: output_before_result, passed'],
  },
  {
    what: 'Pest: one title in two files, a warning, and the cross of another version',
    parser: 'parse_log_php_v1',
    log: [
      '   PASS  Tests\\InTest',
      '  ✓ reads  0.01s',
      '  ! opens → no assertion  0.01s',
      '  ✓ closes',
      '   FAIL  Tests\\OutTest',
      '  ⨯ reads  0.01s',
      '  ✕ closes',
    ],
    doubts: ['closes: unknown_form, failed', 'opens: unknown_form, passed', 'reads: equal_names, passed'],
  },
  {
    what: 'CTest: a test that fails in a second configuration',
    parser: 'parse_log_cpp_v4',
    log: [
      '1/2 Test #1: reads ......   Passed    0.01 sec',
      '1/2 Test #1: reads ......***Exception: SegFault  0.01 sec',
      '2/2 Test #2: opens ......***Not Run   0.00 sec',
    ],
    doubts: ['reads: unknown_form, failed'],
  },
  {
    what: 'GoogleTest: a parameter that only a failure has in its name',
    parser: 'parse_log_googletest',
    log: ['[       OK ] All/Fig.Reads/0 (0 ms)', '[  FAILED  ] All/Fig.Reads/0, where GetParam() = "x (1)" (2 ms)'],
    doubts: ['All/Fig.Reads/0: cut_name, failed'],
  },
  {
    what: 'doctest: an exception behind one of two subcases',
    parser: 'parse_log_doctest',
    log: [
      '<doctest><TestCase name="fig"><SubCase name="opens"><Expression success="true"/></SubCase><SubCase name="reads"/>',
      '<Exception crash="false">no</Exception><OverallResultsAsserts test_case_success="false"/></TestCase></doctest>',
    ],
    doubts: ['fig > reads: unseen_error, failed'],
  },
  {
    what: 'doctest: a message that fails a subcase, and a check of the case itself',
    parser: 'parse_log_doctest',
    log: [
      '<doctest><TestCase name="fig"><SubCase name="opens"><Message type="FATAL ERROR"/></SubCase><OverallResultsAsserts test_case_success="false"/></TestCase>',
      '<TestCase name="pear"><SubCase name="reads"/><Expression success="false"/><OverallResultsAsserts test_case_success="false"/></TestCase></doctest>',
    ],
    doubts: ['fig > opens: unseen_error, failed', 'pear > reads: unseen_error, failed'],
  },
  {
    what: 'Automake: words that are not read, beside a pass of the name elsewhere',
    parser: 'parse_log_jq',
    log: ['PASS: reads.sh', 'ERROR: reads.sh', 'PASS: opens.sh', 'SKIP: opens.sh', 'now PASS: closes.sh', 'XFAIL: known.sh'],
    doubts: ['closes.sh: output_before_result, passed', 'opens.sh: unknown_form, skipped', 'reads.sh: unknown_form, failed'],
  },
  {
    what: 'Gradle: a test that is skipped in another module',
    parser: 'parse_log_gradle_custom',
    log: ['fig.ReaderTest > reads PASSED', 'fig.ReaderTest > reads SKIPPED'],
    doubts: ['fig.ReaderTest > reads: equal_names, skipped'],
  },
  {
    what: 'Gradle: output before a result',
    parser: 'parse_log_gradle_custom',
    log: ['half of it fig.ReaderTest > reads all PASSED', 'fig.ReaderTest > opens PASSED'],
    doubts: ['fig.ReaderTest > reads all: output_before_result, passed'],
  },
  {
    what: 'Redis: output before a result, and one name in two files',
    parser: 'parse_log_redis',
    log: ['half[ok]: SET works (3 ms)', '[err]: GET works in tests/a.tcl', '[ok]: GET works (1 ms)'],
    doubts: ['GET works: equal_names, failed', 'SET works: output_before_result, passed'],
  },
  {
    what: 'Ant: output before a result',
    parser: 'parse_log_ant',
    log: ['half [junit] [PASS] reads all', '[junit] [PASS] opens'],
    doubts: ['reads all: output_before_result, passed'],
  },
  {
    what: 'MicroPython: output before a result',
    parser: 'parse_log_micropython_test',
    log: ['halfpass  basics/a.py', 'pass  basics/b.py'],
    doubts: ['basics/a.py: output_before_result, passed'],
  },
  {
    what: 'Surefire: a heading behind output, and one class in two modules',
    parser: 'parse_java_mvn',
    log: [
      'log4j: ready[INFO] Running fig.ReaderTest',
      '[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s',
      '[INFO] Running fig.CopyTest',
      '[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in fig.CopyTest',
      '[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.1 s <<< FAILURE! -- in fig.CopyTest',
    ],
    doubts: ['fig.CopyTest: equal_names, failed', 'fig.ReaderTest: output_before_result, passed'],
  },
  {
    what: 'Maven: a build that fails before one that succeeds',
    parser: 'parse_java_mvn',
    log: ['[INFO] Running fig.ReaderTest', '[INFO] BUILD FAILURE', '[INFO] BUILD SUCCESS'],
    doubts: ['---NO TEST NAME FOUND YET---: equal_names, failed'],
  },
  {
    what: 'TAP: a skip in a longer word',
    parser: 'parse_log_js_3',
    log: ['ok 1 - opens # Skipped: no disk'],
    doubts: ['opens: directive, skipped'],
  },
  {
    what: 'JUnit XML: a report that is not well-formed',
    parser: 'parse_test_report',
    log: [
      '<?xml version="1.0"?><testsuites><testcase classname="fig" name="a & b"/><testcase classname="fig" name="c"><failure/></testcase></testsuites>',
    ],
    doubts: ['fig::a & b: broken_report, passed'],
  },
  {
    what: 'JUnit XML: output that quotes a failure',
    parser: 'parse_log_junit',
    log: ['<testcase classname="fig" name="prints"><system-out><![CDATA[<failure message="as asked">]]></system-out></testcase>'],
    doubts: ['fig prints: broken_report, passed'],
  },
  {
    what: 'pytest: ids that are cut at a space',
    parser: 'parse_log_pytest',
    log: ['PASSED t.py::test_a[x 1]', 'FAILED t.py::test_a[x 2] - assert False'],
    doubts: ['t.py::test_a[x: cut_name, passed'],
  },
  {
    what: 'pytest: a subtest that fails while its test counts as passed',
    parser: 'parse_log_pytest',
    log: ['PASSED t.py::test_many', 'SUBFAIL t.py::test_many - AssertionError', '1 failed, 1 passed in 0.10s'],
    doubts: ['t.py::test_many: unknown_form, failed'],
  },
  {
    what: 'pytest: what a test prints under -s stands before its word',
    parser: 'parse_log_cpp',
    log: ['t.py::test_prints helloPASSED      [ 50%]', 't.py::test_many[a b] PASSED     [100%]'],
    doubts: ['test_prints: output_before_result, passed'],
  },
  {
    what: 'unittest: output before the word, and two tests on a line',
    parser: 'parse_log_django',
    log: [
      'test_prints (t.Fig) ... halfok',
      'test_first (t.Fig) ... test_second (t.Fig) ... ok',
      'test_known (t.Fig) ... unexpected success',
    ],
    doubts: ['test_prints (t.Fig): output_before_result, passed', 'test_second (t.Fig): output_before_result, passed'],
  },
];

/** Logs in which a misreading is possible, but says the same as the tool. */
const plain: Case[] = [
  {
    what: 'the suite of a failure under the title of a test that passed',
    parser: 'parse_log_js',
    log: ['  reader', '    1) opens', '  all', '    ✔ reader', '  1) reader', '       opens:'],
    doubts: [],
  },
  { what: 'names that are equal, with equal outcomes', parser: 'parse_log_jest', log: ['✓ reads', '✓ reads (2 ms)'], doubts: [] },
  { what: 'a pytest teardown that fails', parser: 'parse_log_pytest', log: ['PASSED t.py::test_a', 'ERROR t.py::test_a - no'], doubts: [] },
  { what: 'cut ids that all pass', parser: 'parse_log_pytest', log: ['PASSED t.py::test_a[x 1]', 'PASSED t.py::test_a[x 2]'], doubts: [] },
  { what: 'a vitest time behind a number', parser: 'parse_log_vitest', log: [' ✓ a.test.ts > grows to 10 305ms'], doubts: [] },
  {
    what: 'failures in words that are not read',
    parser: 'parse_log_jq',
    log: ['ERROR: reads.sh', 'XPASS: opens.sh', '# PASS:  0'],
    doubts: [],
  },
  { what: 'a failed parameter', parser: 'parse_log_googletest', log: ['[  FAILED  ] A/F.R/0, where GetParam() = 1 (0 ms)'], doubts: [] },
  {
    what: 'points that a comment quotes',
    parser: 'parse_log_tap',
    log: ['# not ok 1 - reads', 'ok 1 - reads', '# ok 2 - opens'],
    doubts: [],
  },
  { what: 'a point that is to be done', parser: 'parse_log_tap', log: ['not ok 1 - reads # TODO later'], doubts: [] },
];

describe('what a tool said and its parser does not see', () => {
  it.each([...hidden, ...plain])('$what', ({ parser, log, doubts: expected }) => {
    expect(doubts(parser, ...log)).toEqual(expected.toSorted());
  });

  it('changes no name and no status', () => {
    for (const { parser, log } of [...hidden, ...plain]) {
      const parsed = parseLog(parser, log.join('\n'));
      expect(reading(parser, ...log).statuses).toEqual(parsed.ok && normaliseStatuses(parsed.statuses));
    }
  });

  it('shows the line that says so', () => {
    const { doubts: found } = reading(
      'parse_log_gotest',
      'half--- PASS: TestBar (0.00s)',
      '--- FAIL: TestBaz (0.00s)',
      '--- PASS: TestBaz (0.00s)',
    );
    expect(found.get('TestBar')?.line).toBe('half--- PASS: TestBar (0.00s)');
    expect(found.get('TestBaz')?.line).toBe('--- FAIL: TestBaz (0.00s)');
  });

  it('looks for it under the names of SWE-bench too, and refuses what the parser refuses', () => {
    expect(doubts('swebench:gin-gonic/gin', 'half--- PASS: TestBar (0.00s)')).toEqual(['TestBar: output_before_result, passed']);
    expect(readLog('parse_log_nothing', '')).toMatchObject({ ok: false, reason: 'unknown_parser' });
    expect(readLog('parse_log_seaborn', 'FAILED')).toMatchObject({ ok: false, reason: 'parser_error' });
  });

  it('answers any bytes for every parser', () => {
    const bytes = Buffer.from(Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256)).toString('utf8');
    for (const name of parserNames()) expect(readLog(name, `${bytes}\u001B[31m`).ok).toBe(parseLog(name, bytes).ok);
  });
});

describe('failures that a parser sees in no case', () => {
  it.each([
    [
      'parse_log_cargo',
      ['test pear::panics - should panic ... FAILED', 'test src/lib.rs - pear (line 3) ... FAILED'],
      ['pear::panics - should panic', 'src/lib.rs - pear (line 3)'],
    ],
    ['parse_log_gotest', ['--- PASS: TestA (0.00s)', 'ok  \tfig/in\t0.1s', 'FAIL\tfig/out [build failed]'], ['package fig/out']],
    ['parse_log_gotest', ['--- FAIL: TestA (0.00s)', 'FAIL', 'FAIL\tfig/in\t0.1s'], []],
    ['parse_log_jest', ['FAIL src/a.test.js', '  ● Test suite failed to run', '', '    SyntaxError'], ['file src/a.test.js']],
    [
      'parse_log_doctest',
      [
        '<doctest><TestCase name="fig"><Expression success="false"/><OverallResultsAsserts test_case_success="false"/></TestCase></doctest>',
      ],
      ['fig'],
    ],
    ['parse_log_gradle_custom', ['fig.ReaderTest > reads PASSED', 'BUILD FAILED in 3s', 'BUILD FAILED'], ['the build']],
    ['parse_log_gradle_custom', ['fig.ReaderTest > reads FAILED', 'BUILD FAILED'], []],
  ])('%s on %j', (parser, log, names) => {
    expect(reading(parser, ...log).unread.map(({ name }) => name)).toEqual(names);
  });
});

describe("the tool's own totals", () => {
  it.each([
    ['parse_log_pytest', ['PASSED t.py::a', '== 2 failed, 3 passed, 1 error in 0.10s =='], 3, 2],
    ['parse_log_cargo', ['test a ... ok', 'test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out'], 1, 1],
    ['parse_log_jest', ['✓ a', 'Tests:       1 failed, 1 skipped, 2 passed, 4 total'], 1, 1],
    ['parse_log_vitest', [' ✓ t > a 1ms', '      Tests  2 failed | 1 passed | 1 skipped (4)'], 2, 0],
    ['parse_log_npx', ['  ✔ a', '  3 passing (10ms)', '  1 failing'], 1, 2],
    ['parse_log_tap', ['ok 1 - a', '# pass 2', '# fail 1'], 1, 1],
    ['parse_log_phpunit', [' ✔ A', 'Tests: 4, Assertions: 3, Errors: 1, Failures: 1, Skipped: 1.'], 2, 0],
    ['parse_log_php_v1', ['  ✓ a', '  Tests:    1 failed, 2 passed (3 assertions)'], 1, 1],
    ['parse_log_cpp_v4', ['1/2 Test #1: a ....   Passed    0.01 sec', '50% tests passed, 1 tests failed out of 2'], 1, 0],
    ['parse_log_googletest', ['[       OK ] A.B (0 ms)', '[  PASSED  ] 2 tests.', '[  FAILED  ] 1 test, listed below:'], 1, 1],
    ['parse_log_jq', ['PASS: a', '# PASS:  2', '# FAIL:  1', '# ERROR: 1'], 2, 1],
    ['parse_log_django', ['a (m.C) ... ok', 'Ran 3 tests in 0.1s', 'FAILED (failures=1, errors=1)'], 2, 0],
    [
      'parse_java_mvn',
      [
        'Tests run: 1, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in fig.A',
        'Tests run: 3, Failures: 1, Errors: 1, Skipped: 0',
      ],
      2,
      0,
    ],
    ['parse_log_gradlew_v1', ['<testsuite name="fig" tests="3" failures="1" errors="1">'], 2, 0],
    ['parse_log_karma', ['Starting browser', ' ✔ a', 'Executed 1 of 2 SUCCESS', 'Executed 2 of 2 (1 FAILED)'], 1, 0],
  ])('%s on %j', (parser, log, failed, passed) => {
    expect(reading(parser, ...log).excess).toMatchObject({ failed, passed });
  });
});
