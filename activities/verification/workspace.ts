import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../schemas/problem.ts';
import type { Task } from '../../schemas/task.ts';
import { quote } from '../../platform/quote.ts';
import { type JobContainer } from '../sandbox/index.ts';
import { isTestPath } from '../patches/test-paths.ts';
import { type Hunk, type PatchFile, parsePatch, patchPaths } from '../patches/patch.ts';
import { type TestInfrastructure, testInfrastructure } from '../patches/test-infrastructure.ts';
import { restoreTestSections } from '../patches/test-sections.ts';

const functions = readFileSync(join(import.meta.dirname, 'programs', 'workspace.sh'), 'utf8');

/** Where the verifier's own files lie in its containers. */
export const verifierFolder = '/.tracemill';

const stepTimeoutMs = 120_000;

export type WorkspaceOutcome =
  /** `restored`: files of the patch that were put back, wholly or in their test sections. */
  { kind: 'ready'; restored: string[] } | { kind: 'patch_apply_failed' | 'test_patch_failed'; detail: string };

/**
 * Brings the repository to the state that is tested: the base commit, the model's patch, the tests and what
 * controls how they run as the task has them, the task's test patch.
 */
export async function putPatches(job: JobContainer, task: Task, workdir: string, modelPatch: string | null): Promise<WorkspaceOutcome> {
  const shell = workspaceShell(job, task, workdir);
  await job.makeFolder(verifierFolder);
  await job.putFiles([
    [`${verifierFolder}/workspace.sh`, functions],
    [`${verifierFolder}/model.patch`, withFinalNewline(modelPatch ?? '')],
    [`${verifierFolder}/test.patch`, withFinalNewline(task.test_patch)],
    [`${verifierFolder}/gold.patch`, withFinalNewline(task.patch)],
  ]);
  await resetToBase(shell, task);
  const plan = planRestoration(task, modelPatch ?? '');
  const failure = modelPatch === null ? null : await applyModelPatch(shell, plan.paths);
  if (failure !== null) return { kind: 'patch_apply_failed', detail: failure };
  const rewritten: string[] = [];
  for (const { path, kind } of plan.sections) if (await restoreSections(job, shell, path, kind)) rewritten.push(path);
  const tests = await shell(
    [
      ...plan.whole.map((path) => `restore ${quote(path)}`),
      ...plan.fromGold.map((path) => `repo apply --whitespace=nowarn --include=${quote(path)} "$TM/gold.patch"`),
      ...plan.testPatchPaths.map((path) => `restore ${quote(path)}`),
      'apply test.patch : || { tail -c 2000 "$TM/test.patch.log"; exit 3; }',
    ].join('\n'),
  );
  if (tests.exitCode !== 0) return { kind: 'test_patch_failed', detail: lastLines(tests.stdout + tests.stderr) };
  const ofPatch = new Set(plan.paths);
  const overlapping = plan.testPatchPaths.filter((path) => ofPatch.has(path));
  return { kind: 'ready', restored: [...new Set([...plan.whole, ...rewritten, ...overlapping])].sort() };
}

/** Null when it was applied, else why not. */
async function applyModelPatch(shell: WorkspaceShell, paths: string[]): Promise<string | null> {
  const refused = paths.find((path) => path.split('/').some((segment) => segment === '.git' || segment === '..'));
  if (refused !== undefined) return `the patch writes to ${refused}`;
  const applied = await shell(
    `forget() { to_base; repo clean -fdxq -- ${paths.map(quote).join(' ')}; }
apply model.patch forget || { tail -c 2000 "$TM/model.patch.log"; exit 3; }`,
  );
  return applied.exitCode === 0 ? null : lastLines(applied.stdout + applied.stderr);
}

interface Restoration {
  /** All paths of the model's patch. */
  paths: string[];
  /** Put back as at the base commit. */
  whole: string[];
  /** Of those, the ones that the gold patch changes too: its change is theirs. */
  fromGold: string[];
  /** Only the test sections are put back. */
  sections: { path: string; kind: Exclude<TestInfrastructure, 'whole'> }[];
  testPatchPaths: string[];
}

/**
 * Which files of a patch are the task's, not the agent's: tests, and files that only say how tests run.
 * A path under the tests that the gold patch changes is source in disguise and stays as the agent left it.
 */
function planRestoration(task: Pick<Task, 'language' | 'patch' | 'test_patch'>, modelPatch: string): Restoration {
  const files = parsePatch(modelPatch);
  const gold = new Set(patchPaths(parsePatch(task.patch)));
  const testPatchPaths = patchPaths(parsePatch(task.test_patch));
  const ofTests = new Set(testPatchPaths);
  const restoration: Restoration = { paths: patchPaths(files), whole: [], fromGold: [], sections: [], testPatchPaths };
  for (const path of restoration.paths) {
    if (ofTests.has(path)) continue;
    const kind = testInfrastructure(path, isNew(files, path));
    if (kind === 'whole') {
      restoration.whole.push(path);
      if (gold.has(path)) restoration.fromGold.push(path);
    } else if (isTestPath(task.language, path)) {
      if (!gold.has(path)) restoration.whole.push(path);
    } else if (kind !== null && !gold.has(path)) {
      restoration.sections.push({ path, kind });
    }
  }
  return restoration;
}

function isNew(files: PatchFile[], path: string): boolean {
  return files.some((file) => file.newPath === path && file.oldPath !== path);
}

/** Runs a script in the repository, with the functions of `programs/workspace.sh`. */
export type WorkspaceShell = (script: string) => ReturnType<JobContainer['exec']>;

/** Usable once {@link putPatches} put those functions there. */
export function workspaceShell(job: JobContainer, task: Task, workdir: string): WorkspaceShell {
  const head = `cd ${quote(workdir)} || exit 9\nTM=${verifierFolder}\nBASE=${task.base_commit}\n. ${verifierFolder}/workspace.sh\n`;
  return (script) => job.exec(head + script, { timeoutMs: stepTimeoutMs, maxBytes: 16 * 1024 * 1024 });
}

async function resetToBase(shell: WorkspaceShell, task: Task): Promise<void> {
  const reset = await shell('to_base');
  if (reset.exitCode === 0) return;
  throw new Problem(
    'container_failed',
    `${task.instance_id}: the repository cannot be set to ${task.base_commit}: ${lastLines(reset.stderr)}`,
    {
      hint: 'check the image and the workdir of the task',
    },
  );
}

/** True when the file had to be written again. */
async function restoreSections(
  job: JobContainer,
  shell: WorkspaceShell,
  path: string,
  kind: Exclude<TestInfrastructure, 'whole'>,
): Promise<boolean> {
  const base = await shell(`repo show "$BASE:"${quote(path)}`);
  const changed = await shell(`[ -f ${quote(path)} ] && [ ! -h ${quote(path)} ] && cat ${quote(path)}`);
  if (changed.exitCode !== 0) {
    await shell(`restore ${quote(path)}`);
    return true;
  }
  const before = base.exitCode === 0 ? base.stdout : '';
  const hunks = base.exitCode === 0 ? await changesOf(shell, path) : [wholeFile(changed.stdout)];
  const content = restoreTestSections(kind, before, changed.stdout, hunks);
  if (content === changed.stdout) return false;
  await job.putFiles([[`${verifierFolder}/restored`, content]]);
  // cat keeps the mode of the file.
  await shell(`cat "$TM/restored" >${quote(path)}`);
  return true;
}

async function changesOf(shell: WorkspaceShell, path: string): Promise<Hunk[]> {
  const diff = await shell(`repo diff --no-ext-diff --no-textconv --no-color --text --unified=0 "$BASE" -- ${quote(path)}`);
  return parsePatch(diff.stdout).flatMap((file) => file.hunks);
}

function wholeFile(content: string): Hunk {
  return {
    oldStart: 0,
    newStart: 1,
    lines: content
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `+${line}`),
  };
}

function withFinalNewline(patch: string): string {
  return patch === '' || patch.endsWith('\n') ? patch : `${patch}\n`;
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-8).join('\n').slice(-1500);
}
