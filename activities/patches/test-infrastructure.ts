/**
 * How a file controls which tests run and how, beside the tests themselves. `whole`: the file has no other
 * purpose. The others name the format of a file in which only some sections do.
 */
export type TestInfrastructure = 'whole' | 'json' | 'ini' | 'gomod' | 'make' | 'cmake' | 'maven' | 'ant' | 'gradle' | 'script';

/** Read by a test runner or by the interpreter below it before any test. */
const wholeFilePaths: RegExp[] = [
  /(^|\/)conftest\.py$/,
  /(^|\/)\.?pytest\.(ini|toml)$/,
  /(^|\/)(tox\.ini|noxfile\.py|\.coveragerc|nose\.cfg|\.noserc)$/,
  /(^|\/)(sitecustomize|usercustomize)\.py$/,
  /\.pth$/,
  /(^|\/)(jest|vitest|karma|ava|playwright|cypress|wdio|nyc|stryker)\.(config|conf|setup|workspace)(\.\w+)*\.([cm]?[jt]s|json)$/,
  /(^|\/)karma\.conf\.[jt]s$/,
  /(^|\/)\.(mocharc|nycrc|taprc|c8rc)(\.\w+)?$/,
  /(^|\/)mocha\.opts$/,
  /(^|\/)\.npmrc$/,
  // Installed libraries, among them those that the tests are written with.
  /(^|\/)node_modules\//,
  /^vendor\/((modules\.txt|autoload\.php)$|(bin|composer|phpunit)\/)/,
  // Rewrites every file that jest loads.
  /(^|\/)(babel\.config\.([cm]?js|json)|\.babelrc(\.\w+)?)$/,
  /(^|\/)\.?phpunit(\.\w+)*\.xml(\.dist)?$/,
  /(^|\/)CTest(Custom|Config|TestfileS?)\.(cmake|txt)$/i,
  /(^|\/)(junit-platform\.properties|testng\.xml)$/,
  /(^|\/)\.mvn\//,
  /(^|\/)\.cargo\/config(\.toml)?$/,
  /(^|\/)\.config\/nextest\.toml$/,
  /^\.github\/workflows\//,
  /^\.circleci\//,
  /^(\.travis\.yml|\.gitlab-ci\.yml|azure-pipelines\.yml|\.?appveyor\.yml|Jenkinsfile)$/,
];

/** A new file of this name hides the real runner, the library that the tests assert with, or the real build file. */
const shadowingPaths: RegExp[] = [
  /^((src|lib)\/)?(pytest|_pytest|unittest|pluggy|xdist|coverage)(\.py$|\/)/,
  /(^|\/)org\/(junit|hamcrest|assertj|testng|mockito)\/.*\.(java|class|kt)$/,
  /(^|\/)PHPUnit\/Framework\/.*\.php$/,
  /(^|\/)((gtest|gmock|catch2?|doctest)\/[^/]+\.(h|hpp)|(gtest|gmock|catch|doctest|cmocka|assert)\.(h|hpp)|cassert)$/,
  /(^|\/)GNUmakefile$/,
  /(^|\/)go\.work$/,
  /(^|\/)vite\.config\.[cm]?[jt]s$/,
  /^(node|npm|npx|jest|go|cargo|mvn|phpunit|make|ctest|cmake)$/,
];

const sectionFormats: [RegExp, Exclude<TestInfrastructure, 'whole'>][] = [
  [/(^|\/)(package|composer)\.json$/, 'json'],
  [/(^|\/)(setup\.cfg|pyproject\.toml|Cargo\.toml|gradle\.properties)$/, 'ini'],
  [/(^|\/)go\.(mod|work)$/, 'gomod'],
  [/(^|\/)(GNUmakefile|[Mm]akefile(\.am|\.in)?|[^/]+\.mk|configure\.ac)$/, 'make'],
  [/(^|\/)(CMakeLists\.txt|[^/]+\.cmake|meson\.build)$/, 'cmake'],
  [/(^|\/)pom\.xml$/, 'maven'],
  [/(^|\/)build\.xml$/, 'ant'],
  [/(^|\/)[^/]+\.gradle(\.kts)?$/, 'gradle'],
  [/(^|\/)vite\.config\.[cm]?[jt]s$/, 'script'],
];

/** Null for a file that says nothing about how tests run. */
export function testInfrastructure(path: string, added: boolean): TestInfrastructure | null {
  if (wholeFilePaths.some((pattern) => pattern.test(path))) return 'whole';
  if (added && shadowingPaths.some((pattern) => pattern.test(path))) return 'whole';
  return sectionFormats.find(([pattern]) => pattern.test(path))?.[1] ?? null;
}
