import { describe, expect, it } from 'vitest';
import { isTestPath } from '../../activities/patches/test-paths.ts';
import type { Language } from '../../schemas/names.ts';

describe('isTestPath', () => {
  it.each<[Language, string]>([
    ['python', 'tests/data/in.json'],
    ['python', 'pkg/test_a.py'],
    ['python', 'pkg/a_test.py'],
    ['python', 'conftest.py'],
    ['go', 'pkg/a_test.go'],
    ['go', 'pkg/testdata/x.golden'],
    ['ts', 'src/a.spec.tsx'],
    ['ts', 'src/__tests__/a.ts'],
    ['js', 'test.js'],
    ['js', 'src/__snapshots__/a.js.snap'],
    ['rust', 'tests/it.rs'],
    ['rust', 'src/parser/tests.rs'],
    ['java', 'core/src/test/java/A.java'],
    ['java', 'core/src/integrationTest/java/A.java'],
    ['java', 'core/ATest.java'],
    ['php', 'src/Tests/A.php'],
    ['php', 'Zend/a.phpt'],
    ['c', 'nc_test4/Makefile.am'],
    ['c', 'test_a.c'],
    ['cpp', 'src/a_unittest.cc'],
  ])('knows a test of %s: %s', (language, path) => {
    expect(isTestPath(language, path)).toBe(true);
  });

  it.each<[Language, string]>([
    ['python', 'numpy/testing/utils.py'],
    ['python', 'latest.py'],
    ['python', 'contest/a.py'],
    ['go', 'testing.go'],
    ['ts', 'src/latest.ts'],
    ['ts', 'src/test-utils.ts'],
    ['rust', 'src/lib.rs'],
    ['java', 'src/main/java/Contest.java'],
    ['php', 'src/Attest.php'],
    ['cpp', 'src/fastest.cc'],
  ])('leaves source of %s: %s', (language, path) => {
    expect(isTestPath(language, path)).toBe(false);
  });
});
