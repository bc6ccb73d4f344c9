import type { Tree } from '../tree.ts';
import { needs, type ReadTooling, type Tooling } from './tooling.ts';

/** Go: modules are fetched, and all is compiled once, so that a test run has them in its cache. */
export const goTooling: ReadTooling = (tree) =>
  when(tree, 'go.mod', {
    languages: ['go'],
    install: [needs('go', 'golang-go'), 'go mod download', "go test -run '^$' ./..."],
    test: ['go test -v -count=1 ./...'],
    parser: 'parse_log_gotest',
    publicImage: 'golang:1',
  });

/**
 * Rust: Debian keeps a recent Cargo beside the one of its release, which may not know the registry of today. `cargo test`
 * takes what was fetched, as a container without network has to.
 */
export const cargoTooling: ReadTooling = (tree) =>
  when(tree, 'Cargo.toml', {
    languages: ['rust'],
    install: [needs('cargo', 'cargo-web', 'cargo'), 'cargo test --no-run'],
    test: ['cargo test --offline --no-fail-fast'],
    parser: 'parse_log_cargo',
    publicImage: 'rust:1',
  });

/** Checks of files that are no tests: they refuse what the tests would accept. Unknown ones do nothing. */
const mavenSkips = ['rat', 'checkstyle', 'pmd', 'spotbugs', 'spotless.check', 'enforcer', 'animal.sniffer', 'japicmp', 'jacoco']
  .map((check) => `-D${check}.skip=true`)
  .join(' ');

/** Maven: one run of the tests brings every plugin that the next run needs, offline. */
export const mavenTooling: ReadTooling = (tree) =>
  when(tree, 'pom.xml', {
    languages: ['java'],
    install: [needs('mvn', 'maven default-jdk-headless'), `mvn -B -q ${mavenSkips} -Dmaven.test.failure.ignore=true test`],
    test: [`mvn -B -o ${mavenSkips} test`],
    parser: 'parse_java_mvn',
    publicImage: 'maven:3-eclipse-temurin-21',
  });

export const gradleTooling: ReadTooling = async (tree) => {
  const file = ['build.gradle', 'build.gradle.kts'].find((name) => tree.paths.has(name));
  if (file === undefined) return undefined;
  const gradle = tree.paths.has('gradlew') ? 'sh ./gradlew' : 'gradle';
  return {
    languages: ['java'],
    from: file,
    install: [
      ...(tree.paths.has('gradlew') ? [needs('java', 'default-jdk-headless')] : [needs('gradle', 'gradle default-jdk-headless')]),
      `${gradle} --no-daemon test --continue || true`,
    ],
    // Gradle prints no passed test by itself; its reports name each.
    test: [`${gradle} --no-daemon --offline test --continue`, "find . -path '*/build/test-results/*' -name '*.xml' -exec cat {} +"],
    parser: 'parse_log_junit',
    publicImage: 'gradle:8',
  };
};

export const composerTooling: ReadTooling = (tree) =>
  when(tree, 'composer.json', {
    languages: ['php'],
    install: [needs('composer', 'composer php-cli php-xml php-mbstring unzip'), 'composer install --no-interaction'],
    test: ['vendor/bin/phpunit --testdox --colors=never'],
    parser: 'parse_log_phpunit',
    publicImage: 'composer:2',
  });

export const cmakeTooling: ReadTooling = (tree) =>
  when(tree, 'CMakeLists.txt', {
    languages: ['c', 'cpp'],
    install: [needs('cmake', 'cmake make g++')],
    test: ['cmake -S . -B /tmp/build -DCMAKE_BUILD_TYPE=Debug', 'cmake --build /tmp/build', 'ctest --test-dir /tmp/build'],
    parser: 'parse_log_cpp_v4',
    publicImage: 'gcc:14',
  });

async function when(tree: Tree, file: string, tooling: Omit<Tooling, 'from'>): Promise<Tooling | undefined> {
  return tree.paths.has(file) ? { ...tooling, from: file } : undefined;
}
