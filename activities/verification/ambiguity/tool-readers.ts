import { nameTable } from '../../../schemas/name-table.ts';
import { automakeReport } from './readers/automake.ts';
import { cargoReport } from './readers/cargo.ts';
import { ctestReport } from './readers/ctest.ts';
import { doctestReport } from './readers/doctest.ts';
import { goReport } from './readers/go.ts';
import { googleTestReport } from './readers/googletest.ts';
import { gradleReport } from './readers/gradle.ts';
import { jestReport } from './readers/jest.ts';
import { brokenReports, classInBrackets, joinedByColons, quotedResults } from './readers/junit-xml.ts';
import { karmaReport } from './readers/karma.ts';
import { marksReport } from './readers/marks.ts';
import { mochaReport } from './readers/mocha.ts';
import { pestReport } from './readers/pest.ts';
import { phpunitReport } from './readers/phpunit.ts';
import { pytestReport, pytestVerboseReport } from './readers/pytest.ts';
import { surefireReport } from './readers/surefire.ts';
import { symbolsReport } from './readers/symbols.ts';
import { tapBlocksReport, tapReport } from './readers/tap.ts';
import { unittestReport } from './readers/unittest.ts';
import { vitestReport } from './readers/vitest.ts';
import type { ToolReader } from './tool-report.ts';

interface Family {
  read: ToolReader;
  /** Names identify one test each, so that a test with two statuses is no two tests; a later ERROR is that of its teardown. */
  uniqueNames?: boolean;
}

const pytest: Family = { read: pytestReport, uniqueNames: true };
const progress: Family = { read: pytestVerboseReport, uniqueNames: true };
const none: Family = { read: () => ({ said: [], unread: [] }) };

/** By the name of a parser's function, without `parse_log_`; those of pytest's parsers for repositories are `pytest`'s. */
const families: Record<string, Family> = nameTable({
  redis: { read: marksReport('[ok]: ', '[err]: ', '[skip]: ', '[ignore]: ') },
  micropython_test: { read: marksReport('pass  ', 'FAIL  ', 'skip  ') },
  jest_json: { read: marksReport('[PASSED] ', '[FAILED] ') },
  ant: { read: marksReport('[junit] [') },
  pytest_nebo: progress,
  django: { read: unittestReport },
  combined_test_reports: { read: brokenReports(joinedByColons) },
  test_report: { read: brokenReports(joinedByColons) },
  gotest: { read: goReport },
  cargo: { read: cargoReport },
  jest: { read: jestReport },
  vitest: { read: vitestReport },
  karma: { read: karmaReport },
  tap: { read: tapReport },
  js: { read: mochaReport({ ticks: '✔', failure: (title) => `1) ${title}:` }) },
  js_2: { read: mochaReport({ ticks: '✔', failure: (title) => `1) ${title}` }) },
  js_3: { read: tapBlocksReport },
  js_4: { read: symbolsReport },
  npx: { read: mochaReport({ ticks: '✔', failure: (title) => `1) ${title}` }) },
  java_mvn: { read: surefireReport },
  // The first summary stands for all: a later failure makes its pass wrong, a later pass its failure not.
  java_mvn_v2: { ...none, uniqueNames: true },
  kotlin_junit: { read: surefireReport },
  gradle_custom: { read: gradleReport },
  gradlew_v1: { read: brokenReports(classInBrackets) },
  junit: { read: quotedResults },
  sbt: { read: quotedResults },
  phpunit: { read: phpunitReport },
  php_v1: { read: pestReport },
  jq: { read: automakeReport },
  doctest: { read: doctestReport },
  googletest: { read: googleTestReport },
  cpp: progress,
  cpp_v4: { read: ctestReport },
});

const pytestNames = new Set(
  'pytest astroid flask marshmallow pvlib pyvista sqlfluff xarray pydantic dvc pytest_options pydicom requests pylint pytest_v2 astropy scikit sphinx matplotlib seaborn'.split(
    ' ',
  ),
);

/** What looks beside a parser, by the name of its function (`parse_log_gotest`, `parse_java_mvn`). */
export function familyOf(functionName: string): Family {
  const short = functionName.replace(/^parse_(?:logs?_)?/, '');
  return pytestNames.has(short) ? pytest : (families[short] ?? none);
}
