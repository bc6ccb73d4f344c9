import type { Language, RowLanguage } from '../../schemas/names.ts';

/** Folders whose whole content belongs to the tests. `testing` is missing on purpose: often a public package. */
const testFolders = new Set([
  'test',
  'tests',
  '__tests__',
  '__test__',
  '__mocks__',
  '__snapshots__',
  '__fixtures__',
  'spec',
  'specs',
  'testdata',
  'test_data',
  'test-data',
  'testsuite',
  'testsuites',
  'unittest',
  'unittests',
  'unit_test',
  'unit_tests',
  'unit-tests',
  'integration_test',
  'integration_tests',
  'integration-tests',
  'regression_tests',
  'test_suite',
  'e2e',
  'cypress',
  'fuzz_tests',
]);

const scriptTestNames: RegExp[] = [
  /[._-](test|tests|spec|specs|e2e)\.[cm]?[jt]sx?$/i,
  /^tests?\.[cm]?[jt]sx?$/i,
  /[._-](test|spec)-d\.ts$/i,
  /\.snap$/,
];
const nativeTestNames: RegExp[] = [
  /^(test|tst|unittest)[_-].*\.(c|cc|cpp|cxx|h|hh|hpp|hxx|sh|py|cdl|in)$/i,
  /[_-](test|tests|unittest|unittests)\.(c|cc|cpp|cxx|h|hh|hpp|hxx|sh|py)$/i,
  /^tests?\.(c|cc|cpp|cxx)$/i,
  /(Test|Tests)\.(cc|cpp|cxx|c)$/,
];

/** What the file names of tests look like, beyond their folder. */
const namesByLanguage: Record<Language, RegExp[]> = {
  python: [/^test_.*\.py$/i, /_tests?\.py$/i, /^tests?\.py$/i, /^conftest\.py$/],
  go: [/_test\.go$/],
  ts: scriptTestNames,
  js: scriptTestNames,
  rust: [/^tests?\.rs$/, /_tests?\.rs$/, /^test_.*\.rs$/],
  java: [/(Test|Tests|TestCase|IT|Spec)\.(java|kt|groovy|scala)$/, /^Test[A-Z].*\.(java|kt)$/],
  php: [/Test(s|Case)?\.php$/, /\.phpt$/],
  c: nativeTestNames,
  cpp: nativeTestNames,
  ruby: [/_(test|spec)\.rb$/, /^test_.*\.rb$/, /\.feature$/],
};

/** Where the language is unknown, a name that any language gives its tests. */
const testNames: Record<RowLanguage, RegExp[]> = { ...namesByLanguage, unknown: Object.values(namesByLanguage).flat() };

/** Source sets of Gradle and Maven such as `src/test`, `src/androidTest`, `src/testFixtures`, `src/it`. */
const javaSourceSet = /^(test|it|[a-z]+Test|test[A-Z]\w*)$/;

/**
 * Whether a path belongs to the tests of a repository in this language, by the path alone. Fixtures
 * inside a test folder count; Rust's inline tests cannot be seen this way.
 */
export function isTestPath(language: RowLanguage, path: string): boolean {
  const segments = path.split('/');
  const name = segments.pop() ?? '';
  if (segments.some((segment, depth) => isTestFolder(language, segment, segments[depth - 1]))) return true;
  if (segments[0] === 'fixtures') return true;
  return testNames[language].some((pattern) => pattern.test(name));
}

function isTestFolder(language: RowLanguage, segment: string, parent: string | undefined): boolean {
  if (testFolders.has(segment.toLowerCase())) return true;
  if (language === 'java') return parent === 'src' && javaSourceSet.test(segment);
  if (language === 'c' || language === 'cpp') return /[_-]tests?\d*$/i.test(segment);
  return false;
}
