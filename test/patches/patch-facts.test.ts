import { describe, expect, it } from 'vitest';
import { patchFacts } from '../../activities/patches/patch-facts.ts';
import type { Language } from '../../schemas/names.ts';

function change(path: string, ...added: string[]): string {
  return `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1,${added.length + 1} @@\n x\n${added.map((line) => `+${line}\n`).join('')}`;
}

function facts(language: Language, patch: string) {
  return patchFacts({ language, test_patch: change('odd/place.txt', 'y') }, patch);
}

describe('patchFacts', () => {
  it('finds nothing about tests in a patch of the source', () => {
    expect(facts('python', change('src/a.py', 'y', 'z'))).toEqual({
      paths: ['src/a.py'],
      test_paths: [],
      num_modified_files: 1,
      num_modified_lines: 2,
      touches_gold_tests: false,
      tests_only: false,
      edits_existing_tests: false,
      deletes_tests: false,
      adds_new_tests: false,
      edits_test_infra: false,
      adds_skips: false,
    });
  });

  it('knows the files of the task test patch as tests, wherever they lie', () => {
    expect(facts('python', change('odd/place.txt', 'z'))).toMatchObject({
      touches_gold_tests: true,
      tests_only: true,
      edits_existing_tests: true,
    });
  });

  it('counts both sides of a rename', () => {
    const moved = 'diff --git a/tests/test_a.py b/old/a.py\nsimilarity index 100%\nrename from tests/test_a.py\nrename to old/a.py\n';
    expect(facts('python', moved)).toMatchObject({ edits_existing_tests: true, deletes_tests: true, tests_only: false });
  });

  it.each<[Language, string, string]>([
    ['python', 'tests/test_a.py', '@pytest.mark.skip(reason="later")'],
    ['python', 'conftest.py', 'collect_ignore = ["tests"]'],
    ['go', 'a_test.go', '\tt.Skip("later")'],
    ['ts', 'src/a.test.ts', "it.skip('x', () => {"],
    ['js', 'test/a.js', "xit('x', () => {"],
    ['rust', 'tests/a.rs', '#[ignore]'],
    ['java', 'src/test/java/ATest.java', '  @Disabled'],
    ['php', 'tests/ATest.php', '$this->markTestSkipped();'],
    ['cpp', 'test/a_test.cc', '  GTEST_SKIP();'],
    ['c', 'CMakeLists.txt', 'set_tests_properties(a PROPERTIES WILL_FAIL TRUE)'],
  ])('sees a skipped test in %s: %s', (language, path, line) => {
    expect(facts(language, change(path, line)).adds_skips).toBe(true);
  });

  it('takes a change of the test script for test infrastructure, a new dependency for none', () => {
    expect(facts('js', change('package.json', '    "test": "true",')).edits_test_infra).toBe(true);
    expect(facts('js', change('package.json', '    "left-pad": "1.0.0",')).edits_test_infra).toBe(false);
  });
});
