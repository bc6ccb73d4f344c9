import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readLog } from '../../../activities/verification/ambiguity/read-log.ts';
import { parseLog } from '../../../activities/verification/parse-log.ts';

/** What a parser reads from the output of a real run of its tool. */
interface RealLog {
  tool: string;
  file: string;
  parser: string;
  statuses: Record<string, string>;
  /** Tests of which the tool says something else than is read. */
  doubtful?: string[];
}

const options = 'test_things.py::test_option';

const pytestSummary = {
  [`${options}[/a/b]`]: 'PASSED',
  [`${options}[a`]: 'PASSED',
  [`${options}[1]`]: 'PASSED',
  'test_things.py::TestCase::test_method': 'PASSED',
  '[1]': 'SKIPPED',
  'test_things.py::test_setup': 'ERROR',
  'test_things.py::test_sum': 'FAILED',
};

const logs: RealLog[] = [
  { tool: 'pytest 9 -rA', file: 'pytest-summary.txt', parser: 'parse_log_pytest', statuses: pytestSummary },
  { tool: 'pytest with xdist -rA', file: 'pytest-xdist.txt', parser: 'parse_log_pytest', statuses: pytestSummary },
  {
    tool: 'pytest 9 -rA',
    file: 'pytest-summary.txt',
    parser: 'swebench:parse_log_pytest',
    statuses: { ...pytestSummary, 'test_things.py::test_expected': 'XFAIL' },
  },
  {
    tool: 'pytest 9 -rA',
    file: 'pytest-summary.txt',
    parser: 'parse_log_pytest_options',
    statuses: {
      [`${options}[/b]`]: 'PASSED',
      [`${options}[a`]: 'PASSED',
      [`${options}[1]`]: 'PASSED',
      'test_things.py::TestCase::test_method': 'PASSED',
      '[1]': 'SKIPPED',
      'test_things.py::test_setup': 'ERROR',
      'test_things.py::test_sum': 'FAILED',
    },
  },
  {
    tool: 'pytest with xdist -v',
    file: 'pytest-xdist.txt',
    parser: 'parse_log_pytest_nebo',
    statuses: {
      [`${options}[/a/b]`]: 'PASSED',
      [`${options}[1]`]: 'PASSED',
      [`${options}[a b]`]: 'PASSED',
      'test_things.py::test_skipped': 'SKIPPED',
      'test_things.py::test_sum': 'FAILED',
      'test_things.py::test_setup': 'ERROR',
      'test_things.py::TestCase::test_method': 'PASSED',
      '[1] test_things.py:14: later': 'SKIPPED',
      'test_things.py::test_setup - RuntimeError: no': 'ERROR',
      'test_things.py::test_sum - assert (1 + 1) == 3': 'FAILED',
    },
  },
  {
    tool: 'pytest -v',
    file: 'pytest-verbose.txt',
    parser: 'parse_log_cpp',
    statuses: {
      'test_option[/a/b]': 'PASSED',
      'test_option[a b]': 'PASSED',
      'test_option[1]': 'PASSED',
      test_sum: 'FAILED',
      test_skipped: 'SKIPPED',
      test_setup: 'ERROR',
      test_method: 'PASSED',
      ['='.repeat(36)]: 'ERROR',
      ['_'.repeat(25)]: 'ERROR',
    },
  },
  {
    tool: 'pytest --junitxml',
    file: 'pytest-junit.xml',
    parser: 'parse_combined_test_reports',
    statuses: {
      'test_things::test_option[/a/b]': 'PASSED',
      'test_things::test_option[a b]': 'PASSED',
      'test_things::test_option[1]': 'PASSED',
      'test_things::test_sum': 'FAILED',
      'test_things::test_skipped': 'SKIPPED',
      'test_things::test_expected': 'SKIPPED',
      'test_things::test_setup': 'ERROR',
      'test_things.TestCase::test_method': 'PASSED',
    },
  },
  {
    tool: 'unittest -v',
    file: 'unittest.txt',
    parser: 'parse_log_django',
    statuses: {
      'test_error (test_unit.Words.test_error)': 'ERROR',
      'test_skipped (test_unit.Words.test_skipped)': 'SKIPPED',
      'test_upper (test_unit.Words.test_upper)': 'PASSED',
      'test_wrong (test_unit.Words.test_wrong)': 'FAILED',
      test_error: 'ERROR',
      test_wrong: 'FAILED',
    },
  },
  {
    tool: 'go test -v',
    file: 'go-test.txt',
    parser: 'parse_log_gotest',
    statuses: {
      TestUpper: 'FAILED',
      'TestUpper/plain': 'PASSED',
      'TestUpper/with_(brackets)': 'PASSED',
      'TestUpper/with_space': 'FAILED',
      TestSkipped: 'SKIPPED',
      TestLower: 'PASSED',
    },
  },
  {
    tool: 'cargo test',
    file: 'cargo-test.txt',
    parser: 'parse_log_cargo',
    statuses: { 'tests::adds': 'PASSED', 'tests::fails': 'FAILED' },
  },
  {
    tool: 'jest 29 --verbose',
    file: 'jest.txt',
    parser: 'parse_log_jest',
    statuses: { upper: 'PASSED', 'slow one': 'PASSED', wrong: 'FAILED', 'skipped later': 'SKIPPED' },
  },
  { tool: 'jest 29 --verbose', file: 'jest.txt', parser: 'parse_log_react_pdf', statuses: { 'jest/words.test.js': 'FAILED' } },
  ...['parse_log_vitest', 'parse_log_js_4'].map((parser) => ({
    tool: 'vitest 2 --reporter=verbose',
    file: 'vitest.txt',
    parser,
    statuses: {
      'vi/words.test.ts > words > upper': 'PASSED',
      'vi/words.test.ts > words > adds 1 and 2': 'PASSED',
      'vi/words.test.ts > words > wrong': 'FAILED',
    },
  })),
  {
    tool: 'mocha 10',
    file: 'mocha.txt',
    parser: 'parse_log_js',
    statuses: { upper: 'PASSED', 'slow one': 'PASSED', later: 'SKIPPED', lower: 'PASSED' },
  },
  {
    tool: 'mocha 10',
    file: 'mocha.txt',
    parser: 'parse_log_js_2',
    statuses: { upper: 'PASSED', 'slow one': 'PASSED', wrong: 'FAILED', later: 'SKIPPED', lower: 'PASSED', words: 'FAILED' },
  },
  {
    tool: 'mocha 10',
    file: 'mocha.txt',
    parser: 'parse_log_npx',
    statuses: { upper: 'PASSED', 'slow one': 'PASSED', wrong: 'FAILED', lower: 'PASSED', words: 'FAILED' },
  },
  {
    tool: 'mocha -R tap',
    file: 'mocha-tap.txt',
    parser: 'parse_log_tap',
    statuses: {
      'words upper': 'PASSED',
      'words slow one': 'PASSED',
      'words wrong': 'FAILED',
      'words later # SKIP -': 'PASSED',
      'words inner lower': 'PASSED',
    },
    doubtful: ['words later # SKIP -'],
  },
  {
    tool: 'node:test --test-reporter=tap',
    file: 'node-tap.txt',
    parser: 'parse_log_tap',
    statuses: { '- upper': 'PASSED', '- wrong': 'FAILED', '- later # SKIP why': 'PASSED', '- words': 'FAILED', '- top': 'PASSED' },
    doubtful: ['- later # SKIP why'],
  },
  {
    tool: 'node:test --test-reporter=tap',
    file: 'node-tap.txt',
    parser: 'parse_log_js_3',
    statuses: { upper: 'PASSED', wrong: 'FAILED', later: 'PASSED', words: 'FAILED', top: 'PASSED' },
    doubtful: ['later'],
  },
  {
    tool: 'Surefire 2.12',
    file: 'surefire.txt',
    parser: 'parse_java_mvn',
    statuses: { 'app.WordsTest': 'FAILED', 'app.OtherTest': 'PASSED', '---NO TEST NAME FOUND YET---': 'FAILED' },
  },
  {
    tool: 'Surefire 2.12',
    file: 'surefire.txt',
    parser: 'parse_log_kotlin_junit',
    statuses: { 'app.WordsTest': 'FAILED', 'app.OtherTest': 'PASSED' },
  },
  {
    tool: 'Surefire 3.2',
    file: 'surefire3.txt',
    parser: 'parse_java_mvn',
    statuses: {
      'app.WordsTest': 'FAILED',
      'app.WordsTest.broken': 'FAILED',
      'app.WordsTest.wrong': 'FAILED',
      'app.OtherTest': 'PASSED',
      'WordsTest.wrong': 'FAILED',
      WordsTest: 'FAILED',
      'WordsTest.broken': 'FAILED',
      '---NO TEST NAME FOUND YET---': 'FAILED',
    },
  },
  { tool: 'Surefire 3.2', file: 'surefire3.txt', parser: 'parse_java_mvn_v2', statuses: { __suite__: 'FAILED' } },
  {
    tool: 'Surefire reports',
    file: 'surefire-reports.xml',
    parser: 'parse_log_junit',
    statuses: {
      'app.OtherTest fine': 'PASSED',
      'app.WordsTest broken': 'ERROR',
      'app.WordsTest later': 'SKIPPED',
      'app.WordsTest upper': 'PASSED',
      'app.WordsTest wrong': 'FAILED',
    },
  },
  {
    tool: 'Surefire reports',
    file: 'surefire-reports.xml',
    parser: 'parse_log_gradlew_v1',
    statuses: {
      'fine (app.OtherTest)': 'PASSED',
      'broken (app.WordsTest)': 'ERROR',
      'later (app.WordsTest)': 'SKIPPED',
      'upper (app.WordsTest)': 'PASSED',
      'wrong (app.WordsTest)': 'FAILED',
    },
  },
  {
    tool: 'PHPUnit 9.6 --testdox',
    file: 'phpunit.txt',
    parser: 'parse_log_phpunit',
    statuses: { 'Words > Upper': 'PASSED', 'Words > Wrong one': 'FAILED', 'Words > Later': 'SKIPPED' },
  },
  { tool: 'CTest 3.25', file: 'ctest.txt', parser: 'parse_log_cpp_v4', statuses: { upper: 'PASSED' } },
  {
    tool: 'GoogleTest 1.12',
    file: 'googletest.txt',
    parser: 'parse_log_googletest',
    statuses: {
      'Words.Upper': 'PASSED',
      'Words.Wrong': 'FAILED',
      'Some/Odd.Is/0': 'PASSED',
      'Some/Odd.Is/1, where GetParam() = 4': 'FAILED',
    },
  },
  {
    tool: 'doctest 2.4 -s -r=xml',
    file: 'doctest.txt',
    parser: 'parse_log_doctest',
    statuses: { 'words > upper': 'PASSED', 'words > wrong <&>': 'FAILED' },
  },
  { tool: 'Automake 1.16', file: 'automake.txt', parser: 'parse_log_jq', statuses: { 'upper.sh': 'PASSED', 'wrong.sh': 'FAILED' } },
];

const text = (file: string) => readFileSync(new URL(`fixtures/${file}`, import.meta.url), 'utf8');

describe('logs of real tools', () => {
  it.each(logs)('$tool through $parser', ({ file, parser, statuses }) => {
    expect(parseLog(parser, text(file))).toEqual({ ok: true, statuses: new Map(Object.entries(statuses)) });
  });

  it.each(logs)('$tool through $parser leaves no doubt but of what was skipped', ({ file, parser, doubtful = [] }) => {
    const read = readLog(parser, text(file));
    const { doubts, unread, excess } = read.ok ? read.reading : { doubts: new Map(), unread: [read.detail], excess: null };
    expect([...doubts.keys()]).toEqual(doubtful);
    expect([unread, excess]).toMatchObject([[], { failed: 0, passed: 0 }]);
  });
});
