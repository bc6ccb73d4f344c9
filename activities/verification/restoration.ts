import type { Task } from '../../schemas/task.ts';
import { type PatchFile, parsePatch, patchPaths } from '../patches/patch.ts';
import { type TestInfrastructure, testInfrastructure } from '../patches/test-infrastructure.ts';
import { isTestPath } from '../patches/test-paths.ts';

export interface Restoration {
  /** All paths of the model's patch, and those that it adds. */
  paths: string[];
  added: string[];
  /** Put back as at the base commit. */
  whole: string[];
  /** Of those, the ones that the gold patch changes too: its change is theirs. */
  fromGold: string[];
  /** Only the test sections are put back. */
  sections: { path: string; kind: Exclude<TestInfrastructure, 'whole'> }[];
  testPatchPaths: string[];
  /** In submodules, to which no patch reaches. */
  inSubmodules: string[];
  /** Of the patch's paths that stay, those that say how contents are converted. */
  attributes: string[];
}

/**
 * Which files of a patch are the task's, not the agent's: tests, and files that only say how tests run.
 * A path under the tests that the gold patch changes is source in disguise and stays as the agent left it.
 */
export function planRestoration(
  task: Pick<Task, 'language' | 'patch' | 'test_patch'>,
  modelPatch: string,
  submodules: string[],
): Restoration {
  const files = parsePatch(modelPatch);
  const added = new Set(addedPaths(files));
  const gold = new Set(patchPaths(parsePatch(task.patch)));
  const testPatchPaths = patchPaths(parsePatch(task.test_patch));
  const ofTests = new Set(testPatchPaths);
  const inSubmodules = patchPaths(files).filter((path) => submodules.some((folder) => path.startsWith(`${folder}/`)));
  const outside = new Set(inSubmodules);
  const paths = patchPaths(files).filter((path) => !outside.has(path));
  const restoration: Restoration = {
    paths,
    added: paths.filter((path) => added.has(path)),
    whole: [],
    fromGold: [],
    sections: [],
    testPatchPaths,
    inSubmodules,
    attributes: [],
  };
  for (const path of paths) {
    if (ofTests.has(path)) continue;
    const kind = testInfrastructure(path, added.has(path));
    if (kind === 'whole') {
      restoration.whole.push(path);
      if (gold.has(path)) restoration.fromGold.push(path);
    } else if (isTestPath(task.language, path) && !gold.has(path)) {
      restoration.whole.push(path);
    } else if (isAttributes(path)) {
      restoration.attributes.push(path);
    } else if (kind !== null && !gold.has(path) && !isTestPath(task.language, path)) {
      restoration.sections.push({ path, kind });
    }
  }
  return restoration;
}

export function isAttributes(path: string): boolean {
  return path === '.gitattributes' || path.endsWith('/.gitattributes');
}

function addedPaths(files: PatchFile[]): string[] {
  return files.flatMap(({ newPath, oldPath }) => (newPath !== null && newPath !== oldPath ? [newPath] : []));
}
