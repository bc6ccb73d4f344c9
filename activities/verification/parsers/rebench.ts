import { ant } from './ant.ts';
import { automake, microPython } from './automake.ts';
import { calypso } from './calypso.ts';
import { cargoTest } from './cargo.ts';
import { keywordLines, namedOutcomes } from './cpp-runners.ts';
import { ctest } from './ctest.ts';
import { django } from './django.ts';
import { doctest } from './doctest.ts';
import { goTest } from './go.ts';
import { googleTest } from './googletest.ts';
import { gradle } from './gradle.ts';
import { jest, jestLines, vitest } from './jest.ts';
import { gradleReports, junitFragments, junitReport, junitReports } from './junit-xml.ts';
import { chartJs, marked } from './karma-failures.ts';
import { karma } from './karma.ts';
import { mavenBuilds, mavenReactor, surefire, surefireBare } from './maven.ts';
import { mochaHeadings, mochaLast, mochaNumbers, symbolLines } from './mocha.ts';
import { p5js } from './p5js.ts';
import type { Parser } from './parser.ts';
import { pest } from './pest.ts';
import { testDox } from './phpunit.ts';
import { pytestProgress, pytestVerbose } from './pytest-progress.ts';
import { matplotlib, pytestEitherSide, pytestOptions, pytestSummary, seaborn, statusWords } from './pytest.ts';
import { reactPdf } from './react-pdf.ts';
import { redis } from './redis.ts';
import { sympy } from './sympy.ts';
import { tap, tapBlocks } from './tap.ts';

const pytest = pytestSummary(statusWords);
const options = pytestOptions(statusWords);
const eitherSide = pytestEitherSide(statusWords, 'throws');

/**
 * The parsers of SWE-rebench-V2 for its nine languages, by every name a row may give. Expected tests were recorded with
 * the originals, so each keeps the original's quirks: a repaired parser would find other names than the row expects.
 */
export const rebenchParsers: ReadonlyMap<string, Parser> = new Map([
  ['parse_log_pytest', pytest],
  ['parse_log_astroid', pytest],
  ['parse_log_flask', pytest],
  ['parse_log_marshmallow', pytest],
  ['parse_log_pvlib', pytest],
  ['parse_log_pyvista', pytest],
  ['parse_log_sqlfluff', pytest],
  ['parse_log_xarray', pytest],
  ['parse_log_pydantic', pytest],
  ['parse_log_dvc', pytest],
  ['parse_log_pytest_options', options],
  ['parse_log_pydicom', options],
  ['parse_log_requests', options],
  ['parse_log_pylint', options],
  ['parse_log_pytest_v2', eitherSide],
  ['parse_log_astropy', eitherSide],
  ['parse_log_scikit', eitherSide],
  ['parse_log_sphinx', eitherSide],
  ['parse_log_pytest_nebo', pytestProgress],
  ['parse_log_matplotlib', matplotlib(statusWords)],
  ['parse_log_seaborn', seaborn],
  ['parse_log_django', django],
  ['parse_log_sympy', sympy('cut')],
  ['parse_combined_test_reports', junitReports],
  ['parse_test_report', junitReport],
  ['parse_log_gotest', goTest],
  ['parse_log_cargo', cargoTest],
  ['parse_log_jest', jest],
  ['parse_log_jest_json', jestLines],
  ['parse_log_vitest', vitest],
  ['parse_log_karma', karma],
  ['parse_log_tap', tap],
  ['parse_log_js', mochaHeadings],
  ['parse_log_js_2', mochaNumbers],
  ['parse_log_js_3', tapBlocks],
  ['parse_log_js_4', symbolLines],
  ['parse_log_npx', mochaLast],
  ['parse_log_calypso', calypso],
  ['parse_log_chart_js', chartJs],
  ['parse_log_marked', marked],
  ['parse_log_p5js', p5js],
  ['parse_log_react_pdf', reactPdf],
  ['parse_log_maven', mavenBuilds],
  ['parse_java_mvn', surefire],
  ['parse_log_java_mvn', surefire],
  ['parse_java_mvn_v2', mavenReactor],
  ['parse_log_java_mvn_v2', mavenReactor],
  ['parse_log_ant', ant],
  ['parse_log_gradle_custom', gradle],
  ['parse_log_gradlew_v1', gradleReports],
  ['parse_log_junit', junitFragments],
  ['parse_log_sbt', junitFragments],
  ['parse_logs_kotlin_junit', surefireBare],
  ['parse_log_kotlin_junit', surefireBare],
  ['parse_log_phpunit', testDox('cut')],
  ['parse_log_php_v1', pest],
  ['parse_log_jq', automake],
  ['parse_log_redis', redis],
  ['parse_log_doctest', doctest],
  ['parse_log_micropython_test', microPython],
  ['parse_log_googletest', googleTest],
  ['parse_log_cpp', pytestVerbose],
  ['parse_log_cpp_v2', namedOutcomes],
  ['parse_log_cpp_v3', keywordLines],
  ['parse_log_cpp_v4', ctest],
]);
