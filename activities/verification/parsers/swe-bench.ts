import { nameTable } from '../../../schemas/name-table.ts';
import { ant } from './ant.ts';
import { automake, microPython } from './automake.ts';
import { calypso } from './calypso.ts';
import { cargoTest } from './cargo.ts';
import { django } from './django.ts';
import { doctest } from './doctest.ts';
import { goTest } from './go.ts';
import { googleTest } from './googletest.ts';
import { gradleSweBench } from './gradle.ts';
import { jest, jestLines, vitest } from './jest.ts';
import { chartJs, marked } from './karma-failures.ts';
import { karma } from './karma.ts';
import { mavenBuilds } from './maven.ts';
import { p5js } from './p5js.ts';
import type { Parser } from './parser.ts';
import { testDox } from './phpunit.ts';
import { matplotlib, pytestEitherSide, pytestOptions, pytestSummary, seaborn, statusWordsWithXfail } from './pytest.ts';
import { reactPdfSweBench } from './react-pdf.ts';
import { redis } from './redis.ts';
import { sympy } from './sympy.ts';
import { tap } from './tap.ts';

const pytest = pytestSummary(statusWordsWithXfail);
const options = pytestOptions(statusWordsWithXfail);
const eitherSide = pytestEitherSide(statusWordsWithXfail, 'skipped');

const byName: [string, Parser][] = [
  ['parse_log_pytest', pytest],
  ['parse_log_pytest_options', options],
  ['parse_log_pytest_v2', eitherSide],
  ['parse_log_django', django],
  ['parse_log_matplotlib', matplotlib(statusWordsWithXfail)],
  ['parse_log_seaborn', seaborn],
  ['parse_log_sympy', sympy('kept')],
  ['parse_log_gotest', goTest],
  ['parse_log_cargo', cargoTest],
  ['parse_log_jest', jest],
  ['parse_log_jest_json', jestLines],
  ['parse_log_vitest', vitest],
  ['parse_log_karma', karma],
  ['parse_log_tap', tap],
  ['parse_log_calypso', calypso],
  ['parse_log_chart_js', chartJs],
  ['parse_log_marked', marked],
  ['parse_log_p5js', p5js],
  ['parse_log_react_pdf', reactPdfSweBench],
  ['parse_log_maven', mavenBuilds],
  ['parse_log_ant', ant],
  ['parse_log_gradle_custom', gradleSweBench],
  ['parse_log_phpunit', testDox('kept')],
  ['parse_log_redis', redis],
  ['parse_log_jq', automake],
  ['parse_log_doctest', doctest],
  ['parse_log_micropython_test', microPython],
  ['parse_log_googletest', googleTest],
];

/** Repositories of SWE-bench, Verified and Multilingual, by the name of their parser without `parse_log_`. */
const repositories: Record<string, readonly string[]> = nameTable({
  pytest: [
    'marshmallow-code/marshmallow',
    'pallets/flask',
    'pvlib/pvlib-python',
    'pydata/xarray',
    'pylint-dev/astroid',
    'pytest-dev/pytest',
    'pyvista/pyvista',
    'sqlfluff/sqlfluff',
  ],
  pytest_options: ['psf/requests', 'pydicom/pydicom', 'pylint-dev/pylint'],
  pytest_v2: ['astropy/astropy', 'scikit-learn/scikit-learn', 'sphinx-doc/sphinx'],
  django: ['django/django'],
  matplotlib: ['matplotlib/matplotlib'],
  seaborn: ['mwaskom/seaborn'],
  sympy: ['sympy/sympy'],
  gotest: ['caddyserver/caddy', 'hashicorp/terraform', 'prometheus/prometheus', 'gohugoio/hugo', 'gin-gonic/gin'],
  cargo: ['burntsushi/ripgrep', 'sharkdp/bat', 'astral-sh/ruff', 'tokio-rs/tokio', 'uutils/coreutils', 'nushell/nushell', 'tokio-rs/axum'],
  jest: ['babel/babel', 'facebook/docusaurus'],
  vitest: ['vuejs/core'],
  karma: ['preactjs/preact'],
  tap: ['mrdoob/three.js', 'axios/axios'],
  calypso: ['Automattic/wp-calypso'],
  chart_js: ['chartjs/Chart.js'],
  marked: ['markedjs/marked'],
  p5js: ['processing/p5.js'],
  react_pdf: ['diegomura/react-pdf'],
  maven: ['google/gson', 'apache/druid', 'javaparser/javaparser'],
  ant: ['projectlombok/lombok'],
  gradle_custom: ['apache/lucene', 'reactivex/rxjava'],
  phpunit: ['phpoffice/phpspreadsheet', 'laravel/framework', 'php-cs-fixer/php-cs-fixer', 'briannesbitt/carbon'],
  redis: ['redis/redis', 'valkey-io/valkey'],
  jq: ['jqlang/jq'],
  doctest: ['nlohmann/json'],
  micropython_test: ['micropython/micropython'],
  googletest: ['fmtlib/fmt'],
});

/** Other names under which SWE-bench's Python module has pytest's parsers, without `parse_log_`. */
const aliases: Record<string, readonly string[]> = nameTable({
  pytest: ['astroid', 'flask', 'marshmallow', 'pvlib', 'pyvista', 'sqlfluff', 'xarray'],
  pytest_options: ['pydicom', 'requests', 'pylint'],
  pytest_v2: ['astropy', 'scikit', 'sphinx'],
});

/** SWE-bench 4.1's own parsers, by function name, by its aliases and by repository. */
export const sweBenchParsers: ReadonlyMap<string, Parser> = new Map([
  ...byName,
  ...byName.flatMap(([name, parser]) =>
    (aliases[name.slice('parse_log_'.length)] ?? []).map((alias): [string, Parser] => [`parse_log_${alias}`, parser]),
  ),
  ...byName.flatMap(([name, parser]) =>
    (repositories[name.slice('parse_log_'.length)] ?? []).map((repository): [string, Parser] => [repository, parser]),
  ),
]);

/** The function of a parser that may be named by its repository. */
export function sweBenchFunction(name: string): string {
  const short = Object.entries(repositories).find(([, names]) => names.includes(name))?.[0];
  return short === undefined ? name : `parse_log_${short}`;
}
