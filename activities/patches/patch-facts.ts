import type { TaskFacts } from '../../schemas/task.ts';
import type { PatchFacts } from '../../schemas/verdict.ts';
import { isTestPath } from './test-paths.ts';
import { addedLines, type PatchFile, parsePatch, patchPaths } from './patch.ts';
import { patchSize } from './patch-size.ts';
import { testInfrastructure } from './test-infrastructure.ts';
import { looksLikeTestSection } from './test-sections.ts';

type PatchedTask = Pick<TaskFacts, 'language' | 'test_patch'>;

/** What a patch does to the task's tests, by its text alone. Renames count on both sides. */
export function patchFacts(task: PatchedTask, patch: string): PatchFacts {
  const files = parsePatch(patch);
  const paths = patchPaths(files);
  const goldTests = new Set(patchPaths(parsePatch(task.test_patch)));
  const isTest = (path: string | null): path is string => path !== null && (goldTests.has(path) || isTestPath(task.language, path));
  const testFiles = files.filter(({ oldPath, newPath }) => isTest(oldPath) || isTest(newPath));
  const infrastructure = files.filter(editsTestInfrastructure);
  return {
    paths,
    test_paths: paths.filter(isTest),
    ...patchSize(files),
    touches_gold_tests: paths.some((path) => goldTests.has(path)),
    tests_only: files.length > 0 && files.every(({ oldPath, newPath }) => isTest(oldPath ?? newPath) && isTest(newPath ?? oldPath)),
    edits_existing_tests: testFiles.some(({ kind, oldPath }) => kind !== 'added' && kind !== 'copied' && isTest(oldPath)),
    deletes_tests: testFiles.some(
      ({ kind, oldPath, newPath }) => isTest(oldPath) && (kind === 'deleted' || (kind === 'renamed' && !isTest(newPath))),
    ),
    adds_new_tests: testFiles.some(({ kind, newPath }) => (kind === 'added' || kind === 'copied') && isTest(newPath)),
    edits_test_infra: infrastructure.length > 0,
    adds_skips: [...testFiles, ...infrastructure].some((file) => addedLines(file).some((line) => skip.test(line))),
  };
}

function editsTestInfrastructure(file: PatchFile): boolean {
  const path = file.newPath ?? file.oldPath ?? '';
  const kind = testInfrastructure(path, file.kind !== 'modified');
  if (kind === null || kind === 'whole') return kind === 'whole';
  if (file.kind === 'deleted') return true;
  return file.hunks.some(({ lines }) => lines.some((line) => /^[+-]/.test(line) && looksLikeTestSection(kind, line.slice(1))));
}

/** How the test tools of the nine languages are made to leave tests out. */
const skip = new RegExp(
  [
    'pytest\\.(mark\\.(skip|skipif|xfail)|skip|xfail|importorskip)\\b|unittest\\.(skip|expectedFailure)|@skip(If|Unless)?\\b|self\\.skipTest|collect_ignore',
    '--(deselect|ignore|ignore-glob)\\b|addopts.*\\s-k\\b|testpaths|norecursedirs',
    '\\b[tbf]\\.Skip(f|Now)?\\(',
    '\\b(it|test|describe|context|suite)\\.(skip|todo|only|failing)\\b|\\bx(it|test|describe|context)\\(|\\bthis\\.skip\\(|\\bskip:\\s*(true|[\'"])',
    '#\\[ignore|cfg\\(not\\(test\\)\\)',
    '@(Disabled|Ignore)\\b|Assumptions?\\.assum|skipTests|maven\\.test\\.skip|testFailureIgnore',
    'markTest(Skipped|Incomplete)|@group\\s+skip',
    'GTEST_SKIP|\\bDISABLED_|DISABLED\\s+(TRUE|ON|1)|SKIP_RETURN_CODE|WILL_FAIL|XFAIL_TESTS',
  ].join('|'),
);
