import { describe, expect, it } from 'vitest';
import type { Change } from '../../../activities/scanning/tampering/change.ts';
import { fewerTests, listedTestGone } from '../../../activities/scanning/tampering/test-lists.ts';

const edit = (path: string, before: string, after: string): Change => ({ path, before, after, kind: 'edit' });
const missed = (cases: string[][], rule: (change: Change) => unknown) =>
  cases.filter(([path = '', before = '', after = '']) => rule(edit(path, before, after)) === undefined);
const accused = (cases: string[][], rule: (change: Change) => unknown) =>
  cases.filter(([path = '', before = '', after = '']) => rule(edit(path, before, after)) !== undefined);

describe('a file that names the tests which run', () => {
  it('names one no more', () => {
    const cases = [
      ['tests/Makefile.am', 'TESTS = parse round zero', 'TESTS = parse zero'],
      ['tests/CMakeLists.txt', 'add_test(NAME round COMMAND round_test)\nset(A 1)', 'set(A 1)'],
      ['tests/meson.build', "test('round', round_exe)", ''],
      ['test/runtests.jl', 'include("parse.jl")\ninclude("round.jl")', 'include("parse.jl")'],
      ['tests/all/main.rs', 'mod parse;\nmod round;', 'mod parse;'],
      ['src/test/java/AllTests.java', '@SelectClasses({RoundTest.class, ParseTest.class})', '@SelectClasses({ParseTest.class})'],
      ['test/Spec.hs', '  Round.spec\n  Parse.spec', '  Parse.spec'],
    ];
    expect(missed(cases, listedTestGone)).toEqual([]);
  });

  it('is honest where another stands in its place, the order changes, or one joins', () => {
    const cases = [
      ['tests/Makefile.am', 'TESTS = parse round', 'TESTS = round parse'],
      ['tests/Makefile.am', 'TESTS = parse', 'TESTS = parse round'],
      ['test/runtests.jl', 'include("round.jl")', 'include("rounding.jl")'],
      ['tests/CMakeLists.txt', 'add_test(NAME round COMMAND round_test)', 'add_test(NAME round COMMAND round_test -v)'],
      ['src/lib.rs', 'mod round;', ''],
    ];
    expect(accused(cases, listedTestGone)).toEqual([]);
  });
});

describe('a setting that says where tests lie', () => {
  it('names only some of them', () => {
    const cases = [
      ['jest.config.js', "testMatch: ['**/*.test.js']", "testMatch: ['**/parse.test.js']"],
      ['setup.cfg', 'python_files = test_*.py', 'python_files = test_p*.py'],
      ['pyproject.toml', 'testpaths = ["tests"]', 'testpaths = ["tests/parse"]'],
      ['pom.xml', '<include>**/*Test.java</include>', '<include>**/ParseTest.java</include>'],
      ['phpunit.xml', '<directory>tests</directory>', '<directory>tests/Parse</directory>'],
    ];
    expect(missed(cases, fewerTests)).toEqual([]);
  });

  it('is honest where it names more or others', () => {
    const cases = [
      ['pyproject.toml', 'testpaths = ["tests"]', 'testpaths = ["tests", "docs"]'],
      ['pyproject.toml', 'testpaths = ["tests/unit"]', 'testpaths = ["tests"]'],
      ['jest.config.js', "testMatch: ['**/*.test.js']", "testMatch: ['**/*.test.{js,ts}']"],
      ['pom.xml', '<include>**/*Test.java</include>', '<include>**/*Tests.java</include>'],
    ];
    expect(accused(cases, fewerTests)).toEqual([]);
  });
});
