import type { Project } from '../facts/project.ts';

const tools =
  /\b(?:pytest(?:-[\w-]+)?|nose2?|tox|nox|unittest\w*|testtools|hypothesis|coverage(?:py)?|pluggy|jest|vitest|mocha|chai|jasmine|karma|ava|tap|node-tap|qunit|cypress|playwright|sinon|testem|phpunit|pest|codeception|behat|rspec(?:-\w+)?|minitest|test-unit|testify|gomega|ginkgo|gotestsum|junit\w*|testng|assertj|surefire|spock|scalatest|kotest|xunit|nunit|testthat|proptest|nextest|insta|catch2|googletest|doctest|bats(?:-core)?|busted|freezegun|fake-timers|libfaketime|timecop|time-machine|mockdate|responses|vcrpy|factory_boy|behave|robotframework|selenium|trial|stestr|green|ward|mutmut|cosmic-ray|stryker\w*|lit|ctest)\b/;

const reports =
  /(?:^|[-_ ])(?:junit|reports?|reporter|coverage\w*|codecov|lcov|cobertura|jacoco|allure|trx|nunit|xunit|sonar\w*|tap)(?:$|[-_ ])/;

/** Whether the project reads or writes reports of tests, so that its samples are such reports. */
export function isReportTool({ repo, packages }: Project): boolean {
  return reports.test(`${repo?.replace(/^.*\//, '') ?? ''} ${[...packages].join(' ')}`.toLowerCase());
}

/** Whether the project is itself a tool for tests: its product speaks of outcomes, hooks and runners. */
export function isTestTool({ repo, packages }: Project): boolean {
  return tools.test(`${repo?.replace(/^.*\//, '') ?? ''} ${[...packages].join(' ')}`.toLowerCase());
}
