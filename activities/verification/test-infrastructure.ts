/**
 * How a file decides which tests run and how, beside the tests themselves. `whole`: the file has no other
 * purpose. The others name the format of a file in which only some sections do.
 */
export type TestInfrastructure = 'whole' | 'json' | 'ini' | 'make' | 'cmake' | 'maven' | 'gradle' | 'script';

/** Read by a test runner or by the interpreter below it before any test. */
const whole: RegExp[] = [
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
  /(^|\/)node_modules\/\.bin\//,
  /(^|\/)\.?phpunit(\.\w+)*\.xml(\.dist)?$/,
  /(^|\/)CTest(Custom|Config|TestfileS?)\.(cmake|txt)$/i,
  /(^|\/)(junit-platform\.properties|testng\.xml)$/,
  /(^|\/)\.mvn\/(jvm|maven)\.config$/,
  /(^|\/)\.cargo\/config(\.toml)?$/,
  /(^|\/)\.config\/nextest\.toml$/,
  /^\.github\/workflows\//,
  /^\.circleci\//,
  /^(\.travis\.yml|\.gitlab-ci\.yml|azure-pipelines\.yml|\.?appveyor\.yml|Jenkinsfile)$/,
];

/** A new file of this name hides the real runner, or the real build file. */
const shadowing: RegExp[] = [
  /^(pytest|_pytest|unittest|pluggy|xdist|coverage)(\.py$|\/)/,
  /(^|\/)GNUmakefile$/,
  /^(node|npm|npx|jest|go|cargo|mvn|phpunit|make|ctest|cmake)$/,
];

const sections: [RegExp, Exclude<TestInfrastructure, 'whole'>][] = [
  [/(^|\/)(package|composer)\.json$/, 'json'],
  [/(^|\/)(setup\.cfg|pyproject\.toml|Cargo\.toml|gradle\.properties)$/, 'ini'],
  [/(^|\/)(GNUmakefile|[Mm]akefile(\.am|\.in)?|[^/]+\.mk|configure\.ac)$/, 'make'],
  [/(^|\/)(CMakeLists\.txt|[^/]+\.cmake|meson\.build)$/, 'cmake'],
  [/(^|\/)pom\.xml$/, 'maven'],
  [/(^|\/)[^/]+\.gradle(\.kts)?$/, 'gradle'],
  [/(^|\/)vite\.config\.[cm]?[jt]s$/, 'script'],
];

/** Null for a file that says nothing about how tests run. */
export function testInfrastructure(path: string, added: boolean): TestInfrastructure | null {
  if (whole.some((pattern) => pattern.test(path))) return 'whole';
  if (added && shadowing.some((pattern) => pattern.test(path))) return 'whole';
  return sections.find(([pattern]) => pattern.test(path))?.[1] ?? null;
}
