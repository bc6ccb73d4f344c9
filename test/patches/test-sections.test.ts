import { describe, expect, it } from 'vitest';
import { parsePatch } from '../../activities/patches/patch.ts';
import { testInfrastructure } from '../../activities/patches/test-infrastructure.ts';
import { restoreTestSections } from '../../activities/patches/test-sections.ts';

function hunksOf(diff: string) {
  return parsePatch(`--- a/f\n+++ b/f\n${diff}`).flatMap((file) => file.hunks);
}

describe('testInfrastructure', () => {
  it.each([
    ['conftest.py', false, 'whole'],
    ['a/b/conftest.py', true, 'whole'],
    ['vitest.config.ts', false, 'whole'],
    ['.mocharc.json', false, 'whole'],
    ['phpunit.xml.dist', false, 'whole'],
    ['.github/workflows/ci.yml', true, 'whole'],
    ['pytest.py', true, 'whole'],
    ['pytest.py', false, null],
    ['package.json', false, 'json'],
    ['pyproject.toml', false, 'ini'],
    ['lib/CMakeLists.txt', false, 'cmake'],
    ['Makefile.am', false, 'make'],
    ['pom.xml', false, 'maven'],
    ['app/build.gradle.kts', false, 'gradle'],
    ['src/main.py', true, null],
  ])('knows %s (new: %s) as %s', (path, added, kind) => {
    expect(testInfrastructure(path, added)).toBe(kind);
  });
});

describe('restoreTestSections', () => {
  it('puts back the test target of a Makefile and keeps a new object', () => {
    const base = 'OBJ = a.o\n\nlib: $(OBJ)\n\tcc -o lib\n\ncheck: lib\n\t./run-tests\n';
    const changed = 'OBJ = a.o b.o\n\nlib: $(OBJ)\n\tcc -o lib\n\ncheck: lib\n\t@echo PASS: all\n';
    const hunks = hunksOf('@@ -1 +1 @@\n-OBJ = a.o\n+OBJ = a.o b.o\n@@ -7 +7 @@\n-\t./run-tests\n+\t@echo PASS: all\n');
    expect(restoreTestSections('make', base, changed, hunks)).toBe(base.replace('a.o\n', 'a.o b.o\n'));
  });

  it('takes away a shell that a Makefile swaps in', () => {
    const base = 'all:\n\tcc\n';
    expect(restoreTestSections('make', base, `SHELL = ./fake\n${base}`, hunksOf('@@ -0,0 +1 @@\n+SHELL = ./fake\n'))).toBe(base);
  });

  it('puts back a test of a CMake file, over several lines too', () => {
    const base = 'add_library(a a.c)\nadd_test(NAME a\n  COMMAND run_a)\n';
    const changed = 'add_library(a a.c b.c)\nadd_test(NAME a\n  COMMAND true)\n';
    const hunks = hunksOf('@@ -1 +1 @@\n-add_library(a a.c)\n+add_library(a a.c b.c)\n@@ -3 +3 @@\n-  COMMAND run_a)\n+  COMMAND true)\n');
    expect(restoreTestSections('cmake', base, changed, hunks)).toBe('add_library(a a.c b.c)\nadd_test(NAME a\n  COMMAND run_a)\n');
  });

  it('puts back the pytest section of a TOML file only', () => {
    const base = '[project]\nname = "a"\n\n[tool.pytest.ini_options]\naddopts = "-q"\n';
    const changed = '[project]\nname = "b"\n\n[tool.pytest.ini_options]\naddopts = "--co"\n';
    const hunks = hunksOf('@@ -2 +2 @@\n-name = "a"\n+name = "b"\n@@ -5 +5 @@\n-addopts = "-q"\n+addopts = "--co"\n');
    expect(restoreTestSections('ini', base, changed, hunks)).toBe(base.replace('"a"', '"b"'));
  });

  it('removes a pytest section that the base had not', () => {
    const added = '\n[tool:pytest]\naddopts = --co';
    expect(
      restoreTestSections(
        'ini',
        '[metadata]\nname = a\n',
        `[metadata]\nname = a\n${added}\n`,
        hunksOf('@@ -2,0 +3,3 @@\n+\n+[tool:pytest]\n+addopts = --co\n'),
      ),
    ).toBe('[metadata]\nname = a\n');
  });

  it('puts back skipped tests of a Maven file', () => {
    const base = '<project>\n  <properties>\n    <java>11</java>\n  </properties>\n</project>\n';
    const changed = base.replace('</java>\n', '</java>\n    <skipTests>true</skipTests>\n');
    expect(restoreTestSections('maven', base, changed, hunksOf('@@ -3,0 +4 @@\n+    <skipTests>true</skipTests>\n'))).toBe(base);
  });

  it('puts back scripts and runner settings of package.json by key, however it is laid out', () => {
    const base = '{"scripts":{"test":"jest","build":"tsc"},"jest":{"bail":true}}';
    const changed = '{"scripts":{"t\\u0065st":"true","pretest":"x","build":"tsc -b"},"jest":{},"mocha":{"dry-run":true}}';
    expect(JSON.parse(restoreTestSections('json', base, changed, []))).toEqual({
      scripts: { test: 'jest', build: 'tsc -b' },
      jest: { bail: true },
    });
    expect(restoreTestSections('json', base, 'no json', [])).toBe('no json');
  });
});
