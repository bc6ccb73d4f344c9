import { describe, expect, it } from 'vitest';
import { parseLog } from '../../../activities/verification/parse-log.ts';

type Case = [why: string, log: string, statuses: Record<string, string> | 'fails'];

/** What the parsers do against expectation, and that recorded names depend on. */
const quirks: Record<string, Case[]> = {
  parse_log_pytest: [
    ['a status is a prefix', 'ERRORS x\nERROR: could not', { x: 'ERRORS', could: 'ERROR:' }],
    ['leading spaces and colours defeat it', ' PASSED a\n\x1b[32mPASSED\x1b[0m b\nPASSED', {}],
    ['dashes vanish from failures only', 'FAILED - a - why\nPASSED - b', { a: 'FAILED', '-': 'PASSED' }],
    ['the last status holds, in the first place', 'PASSED a\nPASSED b\nFAILED a', { a: 'FAILED', b: 'PASSED' }],
    ['names may be numbers', 'PASSED 2\nPASSED 1', { 2: 'PASSED', 1: 'PASSED' }],
    ['Python’s spaces part words', 'PASSED\x1ca\x85b\nPASSED \ufeffc', { a: 'PASSED', '\ufeffc': 'PASSED' }],
    ['a carriage return ends a line', 'x\rPASSED a\r\nPASSED b', { a: 'PASSED', b: 'PASSED' }],
    ['no expected failures', 'XFAIL a', {}],
  ],
  parse_log_pytest_options: [
    [
      'only a path is shortened',
      'PASSED f[/a/b]\nPASSED f[//a/b]\nPASSED f[/a/*]\nPASSED g[1]x\nPASSED h]2[',
      { 'f[/b]': 'PASSED', 'f[//a/b]': 'PASSED', 'f[/a/*]': 'PASSED', 'g[1]': 'PASSED', 'h]2[': 'PASSED' },
    ],
  ],
  parse_log_pytest_v2: [
    ['the second word is the status of a line that ends in one', 'foo bar FAILED\n[32mPASSED[0m x', { foo: 'bar', x: 'PASSED' }],
    ['colours of two numbers leave their rest', '\x1b[1;31mFAILED\x1b[0m a', {}],
    ['one word breaks it', 'PASSED', 'fails'],
    ['tabs go first', 'PASSED\ta', 'fails'],
  ],
  parse_log_pytest_nebo: [
    [
      'three forms',
      '[gw1] [ 5%] PASSED a b in 1s\nc d FAILED [ 9%] in 1.2s\nERROR e - why in f in g\n[gw0] [ 1%] XPASS h',
      { 'a b': 'PASSED', 'c d': 'FAILED', 'e - why': 'ERROR' },
    ],
  ],
  parse_log_seaborn: [
    ['either side', 'a PASSED [ 1%]\nx y PASSED z\nPASSED b\nFAILED c - d', { a: 'PASSED', b: 'PASSED', c: 'FAILED' }],
    ['a lone failure breaks it', 'FAILED', 'fails'],
  ],
  parse_log_matplotlib: [['buttons are numbers', 'PASSED t[MouseButton.LEFT]', { 't[1]': 'PASSED' }]],
  parse_log_django: [
    [
      'a message may part a test from its ok',
      'test_a (x.Y) ... log\nok\ntest_b ... System check identified no issues (0 silenced)\nok\ntest_c ... skipped "why"',
      { 'test_a (x.Y)': 'PASSED', test_b: 'PASSED', test_c: 'SKIPPED' },
    ],
    ['a heading without a test breaks it', 'FAIL:', 'fails'],
  ],
  parse_log_sympy: [
    [
      'headings and lines',
      '___ a/b.py:test_x ___\ntest_y ok [OK]\ntest_z E',
      { 'a/b.py:test_x': 'FAILED', test_y: 'PASSED', test_z: 'ERROR' },
    ],
  ],
  parse_combined_test_reports: [
    [
      'absent attributes are None, broken reports nothing',
      '<?xml version="1.0"?><testsuites><testcase/></testsuites> <?xml version="1.0"?><a></testsuites>',
      { 'None::None': 'PASSED' },
    ],
    [
      'failure before skipped before error, direct children only',
      '<?xml version="1.0"?><testsuites><testcase name="a" classname="c"><error/><skipped/></testcase><testcase name="&#98;" classname="c"><x><failure/></x></testcase></testsuites>',
      { 'c::a': 'SKIPPED', 'c::b': 'PASSED' },
    ],
  ],
  parse_log_gotest: [
    [
      'the last bracket is the time',
      '    --- PASS: A/b (c) (0.00s)\nx--- FAIL: D (0.00s)\n--- SKIP: E (0.00s)',
      { 'A/b (c)': 'PASSED', E: 'SKIPPED' },
    ],
  ],
  parse_log_cargo: [
    [
      'names with spaces are lost',
      'test a::b ... ok\ntest c - should panic ... ok\ntest d ... ok 0.1s\ntest e ... ignored',
      { 'a::b': 'PASSED' },
    ],
  ],
  parse_log_jest: [
    [
      'whole durations are cut',
      '  ✓ a (5 ms)\n  ✕ b (1.5 s)\n  ○ skipped c\n  ✎ todo d',
      { a: 'PASSED', 'b (1.5 s)': 'FAILED', 'skipped c': 'SKIPPED' },
    ],
  ],
  parse_log_jest_json: [['brackets', '[PASSED] a b\n[FAILED] c\n[SKIPPED] d', { 'a b': 'PASSED', c: 'FAILED' }]],
  parse_log_vitest: [
    [
      'a last number is a duration',
      '✓ adds 1 and 2\n✓ foo 1.2s\n↓ bar [skipped]\n× baz 3 ms',
      { 'adds 1 and': 'PASSED', 'foo 1.2s': 'PASSED', bar: 'SKIPPED', baz: 'FAILED' },
    ],
    ['so do whole files count', ' ✓ a.test.ts (3 tests) 12ms', { 'a.test.ts (3 tests)': 'PASSED' }],
  ],
  parse_log_karma: [
    [
      'suites by indentation',
      '✔ early\nStarting browser X\n   A\n     ✔ one\n     B\n       ✖ two\nSUMMARY:\n ✔ late',
      { 'A > one': 'PASSED', 'A > B > two': 'FAILED' },
    ],
    ['siblings keep the first name', 'Starting browser\n  A\n    ✔ one\n  B\n    ✔ two', { 'A > one': 'PASSED', 'A > two': 'PASSED' }],
    ['closing more than was opened breaks it', 'Starting browser\n    A\n   B\n  C', 'fails'],
  ],
  parse_log_tap: [['what was skipped passed', '    ok 1 - a # SKIP x\nnot ok 2 b\nok  3 c', { '- a # SKIP x': 'PASSED', b: 'FAILED' }]],
  parse_log_js: [
    ['headings fail', '- a\n1) b:\n2) c\n[W] 3) d\n✔ e (5 ms)\n✔ b', { a: 'SKIPPED', b: 'FAILED', d: 'FAILED', e: 'PASSED' }],
    ['durations need no space', '✔ waits 5s\n✔ takes10s\n✔ (1.5 ms)', { waits: 'PASSED', takes: 'PASSED' }],
  ],
  parse_log_js_2: [['colons stay', '1) b:\n✔ b:', { 'b:': 'FAILED' }]],
  parse_log_js_3: [
    ['blocks nest', 'ok 1 - a {\n  not ok 1 - b (2ms)\n}\nok 2 - c # SKIP', { a: 'PASSED', 'a :: b': 'FAILED', c: 'PASSED' }],
    ['only a directive without its space skips', 'ok 1 - bar# skip\n}}}', { 'bar# skip': 'SKIPPED' }],
  ],
  parse_log_js_4: [
    [
      'symbols and tags',
      '✓ [chrome]: a\n✖ :b 3ms\n⚪ c\n✕ d\n- e (skipped)\nF [SKIP]',
      { a: 'PASSED', b: 'FAILED', c: 'SKIPPED', '- e': 'SKIPPED', 'F [SKIP]': 'SKIPPED' },
    ],
  ],
  parse_log_npx: [['the last line holds', '1) a\n✔ a (12ms)\n2) b (x (y)\n3) c ()', { a: 'PASSED', b: 'FAILED', 'c ()': 'FAILED' }]],
  parse_log_calypso: [
    [
      'from the command on',
      '✓ a\n$ ./node_modules/.bin/jest x\n  S\n    ✓ b (5ms)\n    ✕ c (5 ms)\n  ● S\n    ✓ d',
      { 'S - b': 'PASSED', 'S - c (5 ms)': 'FAILED' },
    ],
    ['without a suite a dash stays', ' ./node_modules/.bin/jest \n ✓ a', { '- a': 'PASSED' }],
    ['a duration within a title breaks it', ' ./node_modules/.bin/jest \n  ✓ a (5ms) b', 'fails'],
  ],
  parse_log_chart_js: [
    ['only failures', '\x1b[31mChrome 99.0 (Linux 0.0.0) a b FAILED\x1b[39m\nChrome 99.0 (Linux) c SUCCESS', { 'a b ': 'FAILED' }],
  ],
  parse_log_marked: [['only failures', '1) a\n 2) b', { a: 'FAILED' }]],
  parse_log_p5js: [
    [
      'headings over lines, without JSON and markup',
      '  1) A\n       b:\n {\n  2) x:\n }\n{\n  2) x:\n}\n<p>\n  3) y:\n</p>\n  4) z:',
      { 'A:b': 'FAILED', z: 'FAILED' },
    ],
  ],
  parse_log_react_pdf: [
    ['files', 'PASS a.js (5.1 s)\nFAIL b.js (1ms) \nPASS\tc', { 'a.js': 'PASSED', 'b.js (1ms)': 'FAILED', c: 'PASSED' }],
  ],
  parse_log_maven: [
    [
      'one build a test',
      'BUILD SUCCESS\n+ mvn -Dtest=A -Dtest=B x\n[INFO] BUILD FAILURE',
      { '---NO TEST NAME FOUND YET---': 'PASSED', B: 'FAILED' },
    ],
  ],
  parse_java_mvn: [
    [
      'methods, classes and what was running',
      '[ERROR] a.B.c:12 NullPointerException\n[ERROR] a.D.e$f x\nRunning a.G\nTests run: 1, Failures: 0, Errors: 0, Skipped: 1\nTests run: 1, Failures: 0, Errors: 0, Skipped: 0 - in a.B.',
      { 'a.B.c': 'ERROR', 'a.B': 'FAILED', 'a.D.e': 'FAILED', 'a.D': 'FAILED', 'a.G': 'SKIPPED' },
    ],
    ['classes that ran, where nothing else is known', '[INFO] Running a.B', { 'a.B': 'PASSED' }],
  ],
  parse_java_mvn_v2: [
    [
      'modules',
      '[INFO] Core Lib ....... SUCCESS [ 1 s]\n[INFO] Web . FAILURE\nTests run: 0, Failures: 0, Errors: 0, Skipped: 0',
      { 'Core Lib': 'PASSED', __suite__: 'SKIPPED' },
    ],
  ],
  parse_log_ant: [['errors are failures', '[junit] [PASS] a\n  [junit] [ERR] b c', { a: 'PASSED', 'b c': 'FAILED' }]],
  parse_log_gradle_custom: [
    [
      'the build is a test',
      'A > b() PASSED (1.2s)\n> Task :x FAILED\nBUILD FAILED\nC > d SKIPPED\nE > f PASSED (1.2 s)',
      { 'A > b()': 'PASSED', BUILD: 'FAILED' },
    ],
  ],
  parse_log_gradlew_v1: [
    ['declarations may not be indented', '  <?xml version="1.0"?>\n<testsuite>\n<testcase name="a"/>\n</testsuite>', {}],
    [
      'entities are read',
      '<?xml version="1.0"?>\n<testsuite>\n<testcase name="a&lt;b" classname="c"/>\n<testcase name="d"><skipped/></testcase>\n</testsuite>',
      { 'a<b (c)': 'PASSED', d: 'SKIPPED' },
    ],
  ],
  parse_log_junit: [
    [
      'text, not XML',
      '<testcase classname="c" name="a&lt;"><failure/></testcase><testcase name="x>y"/><testcase file-name="i">',
      { 'c a&lt;': 'FAILED', i: 'PASSED' },
    ],
  ],
  parse_log_kotlin_junit: [
    [
      'no prefixes',
      'Running a.B\nTests run: 1, Failures: 0, Errors: 1, Skipped: 0\nTests run: 9, Failures: 9, Errors: 0, Skipped: 0',
      { 'a.B': 'FAILED' },
    ],
  ],
  parse_log_phpunit: [
    [
      'any line with brackets is a suite',
      ' ✔ a [1.34 ms]\nOK (1 test, 1 assertion)\n ✘ b\n ∅ c',
      { 'None > a': 'PASSED', 'OK > b': 'FAILED' },
    ],
  ],
  parse_log_php_v1: [
    [
      'diffs and sentences count',
      '  ✓ a  0.03s  x\n  ⨯ b 1s\n- x\nFailed asserting that\n  ✓ a\n  ✘ c\n c SKIPPED 2s\n---\nTests: 1 skipped (skipped)',
      { a: 'PASSED', b: 'FAILED', x: 'SKIPPED', 'asserting that': 'FAILED', 'c SKIPPED': 'SKIPPED' },
    ],
  ],
  parse_log_jq: [['two words', ' PASS: a b\nFAIL: c\nXFAIL: d\nSKIP: e\nERROR: f', { 'a b': 'PASSED', c: 'FAILED' }]],
  parse_log_redis: [
    [
      'files of failures go',
      '[ok]: a (5 ms)\n[err]: b in tests/x.tcl\n[ignore]: c in d\n[exception]: e',
      { a: 'PASSED', b: 'FAILED', 'c in d': 'SKIPPED' },
    ],
  ],
  parse_log_doctest: [
    ['no report', 'x', {}],
    ['a report without an end breaks it', '<doctest><TestCase/>', 'fails'],
    [
      'inner names, no expressions',
      '<doctest><TestCase name="a"><SubCase name="b"><SubCase/></SubCase></TestCase></doctest>',
      { 'a > b': 'PASSED', 'a > None': 'PASSED' },
    ],
  ],
  parse_log_micropython_test: [['in this case', 'pass  a b\nFAIL  c\nskip  d\nPASS  e', { 'a b': 'PASSED', c: 'FAILED', d: 'SKIPPED' }]],
  parse_log_googletest: [
    [
      'prefixes',
      '12: [       OK ] A.b (0 ms)\n[  FAILED  ] A.c, where GetParam() = (1) (2 ms)\n[  FAILED  ] A.d',
      { 'A.b': 'PASSED', 'A.c, where GetParam() = (1)': 'FAILED' },
    ],
  ],
  parse_log_cpp: [
    [
      'pytest, and only headings after FAILURES',
      `a.py::t PASSED\n[gw0] [ 5%] PASSED x\nPASSED y\na.py::t FAILED\n${'='.repeat(35)} FAILURES ${'='.repeat(35)}\n${'_'.repeat(27)} u ${'_'.repeat(27)}\nb::v PASSED`,
      { t: 'FAILED', '[gw0] [ 5%]': 'PASSED', u: 'FAILED' },
    ],
  ],
  parse_log_cpp_v2: [
    ['lower case', 'Test a b   passed\nTest c failed\nTest d Passed\nTest  skipped', { 'a b': 'PASSED', c: 'FAILED', '': 'SKIPPED' }],
  ],
  parse_log_cpp_v3: [
    [
      'keywords of the whole line',
      'AES ran 5 tests in 1.2 msec all ok\n[1/9] a (form 1)... OK\nb.... ok\nfailing to fail... OK\nChecking c... yes\n100% tests passed, 0 tests failed out of 2\nd [PASSED]',
      {
        'AES ran 5 tests all ok': 'PASSED',
        'a (form 1)': 'PASSED',
        'b.': 'PASSED',
        'failing to fail': 'FAILED',
        'Checking c': 'ERROR',
        '100% tests passed, 0 tests failed out of 2': 'FAILED',
        'd [PASSED]': 'PASSED',
      },
    ],
  ],
  parse_log_cpp_v4: [
    [
      'starred results are missed',
      ' 1/3 Test #1: a b ...   Passed  0.1 sec\n2/3 Test #2: c ...***Failed\n3/3 Test #3: d .. Timeout',
      { 'a b': 'PASSED', d: 'FAILED' },
    ],
  ],
  'swebench:parse_log_pytest_v2': [['one word is skipped', 'PASSED\nPASSED a', { a: 'PASSED' }]],
  'swebench:parse_log_phpunit': [['durations stay', 'Ab (B)\n ✔ a [1.34 ms]', { 'Ab > a [1.34 ms]': 'PASSED' }]],
  'swebench:parse_log_gradle_custom': [['spaces stay, times do not fit', 'A > b()  PASSED\nC PASSED (1s)', { 'A > b() ': 'PASSED' }]],
  'swebench:parse_log_react_pdf': [['the rest of the line goes', 'PASS a.js (5.1 s) x\nFAIL b.js', { 'a.js': 'PASSED', 'b.js': 'FAILED' }]],
  'swebench:parse_log_sympy': [['marks stay', 'test_y ok [OK]\ntest_z ok', { test_z: 'PASSED' }]],
};

describe.each(Object.entries(quirks))('%s', (parser, cases) => {
  it.each(cases)('%s', (_, log, statuses) => {
    const result = parseLog(parser, log);
    expect(result.ok ? result.statuses : result.reason).toEqual(statuses === 'fails' ? 'parser_error' : new Map(Object.entries(statuses)));
  });
});
