import { Problem } from '../../schemas/problem.ts';
import type { Task } from '../../schemas/task.ts';
import { quote } from '../../platform/quote.ts';
import { unquoteC } from '../patches/c-quoting.ts';
import type { JobContainer } from '../sandbox/index.ts';
import { callsWith, foldersAbove } from './path-lists.ts';
import { isAttributes, planRestoration, type Restoration } from './restoration.ts';
import { restoreSections } from './restore-sections.ts';
import { verifierFolder, workspaceFiles, type WorkspaceShell, workspaceShell } from './workspace-shell.ts';
import { gitPattern } from '../patches/git-pattern.ts';

/** Files of .gitattributes in one patch that are applied; they go by the arguments of a process. */
const attributesAtMost = 500;

export type WorkspaceOutcome =
  /** `restored`: files of the patch that were put back, wholly or in their test sections. */
  | { kind: 'ready'; restored: string[] }
  | { kind: 'patch_apply_failed'; detail: string }
  /** `inTheWay`: without the model's patch the test patch applies. */
  | { kind: 'test_patch_failed'; detail: string; inTheWay: boolean };

/**
 * Brings the repository to the state that is tested: the base commit, the model's patch, the tests and what
 * controls how they run as the task has them, the task's test patch. Contents are converted as the base commit says:
 * the patch's own .gitattributes come last.
 */
export async function putPatches(job: JobContainer, task: Task, workdir: string, modelPatch: string | null): Promise<WorkspaceOutcome> {
  const shell = workspaceShell(job, task, workdir);
  await job.makeFolder(verifierFolder);
  await job.putFiles([
    ...workspaceFiles,
    [`${verifierFolder}/model.patch`, withFinalNewline(modelPatch ?? '')],
    [`${verifierFolder}/test.patch`, withFinalNewline(task.test_patch)],
    [`${verifierFolder}/gold.patch`, withFinalNewline(task.patch)],
  ]);
  const submodules = await resetToBase(shell, task);
  const plan = planRestoration(task, modelPatch ?? '', submodules);
  const step = scriptedSteps(job, shell);
  const refusal = modelPatch === null ? null : await applyModelPatch(step, plan);
  if (refusal !== null) return { kind: 'patch_apply_failed', detail: refusal };
  const rewritten = await restoreSections(job, shell, plan.sections);
  const tests = await step(restoringTests(plan, submodules));
  if (tests.exitCode !== 0) return testPatchFailure(step, plan, submodules, tests);
  const failure = await applyAttributes(step, plan);
  if (failure !== null) return { kind: 'patch_apply_failed', detail: failure };
  const ofPatch = new Set(plan.paths);
  const overlapping = plan.testPatchPaths.filter((path) => ofPatch.has(path));
  const cleared = tests.stdout.split('\0').filter((path) => path !== '');
  return { kind: 'ready', restored: [...new Set([...plan.whole, ...plan.inSubmodules, ...rewritten, ...overlapping, ...cleared])].sort() };
}

/** Scripts of any length: they go by a file, for the arguments of a process are bounded. */
function scriptedSteps(job: JobContainer, shell: WorkspaceShell): WorkspaceShell {
  return async (script) => {
    await job.putFiles([[`${verifierFolder}/step.sh`, script]]);
    return shell(`. ${verifierFolder}/step.sh`);
  };
}

/** Null when it was applied, else why not. */
async function applyModelPatch(step: WorkspaceShell, { paths, added, inSubmodules }: Restoration): Promise<string | null> {
  const refused = paths.find((path) => path.split('/').some((segment) => segment === '.git' || segment === '..'));
  if (refused !== undefined) return `the patch writes to ${refused}`;
  const room = `${callsWith('make_way', foldersAbove(added))}${callsWith('make_room', added)}`;
  const applied = await step(
    `forget() { to_base
${callsWith('leavings', paths)}${room}}
${room}apply model.patch forget ${options(paths, inSubmodules)} || { tail -c 2000 "$TM/model.patch.log"; exit 3; }`,
  );
  return applied.exitCode === 0 ? null : lastLines(applied.stdout + applied.stderr);
}

/** What of a patch is not applied at once, where there is any. */
function options(paths: string[], inSubmodules: string[]): string {
  const attributes = paths.some(isAttributes) ? ['.gitattributes', '*/.gitattributes'] : [];
  return [...attributes, ...inSubmodules.map(gitPattern)].map((pattern) => `--exclude=${quote(pattern)}`).join(' ');
}

/** Prints the paths that were in the way of folders of the tests, each ended by NUL. */
function restoringTests({ whole, fromGold, testPatchPaths }: Restoration, submodules: string[]): string {
  const known = new Set(submodules);
  const files = [...whole, ...testPatchPaths].filter((path) => !known.has(path));
  const moved = testPatchPaths.filter((path) => known.has(path));
  return `: >"$TM/cleared"
${callsWith('clear_way', foldersAbove(files))}${callsWith(
  'restore',
  whole.filter((path) => !known.has(path)),
)}${fromGold.map((path) => `repo apply --whitespace=nowarn --include=${quote(gitPattern(path))} "$TM/gold.patch"\n`).join('')}${callsWith(
  'restore',
  testPatchPaths.filter((path) => !known.has(path)),
)}${callsWith('restore_submodules', moved)}
[ ! -s "$TM/test.patch" ] || apply test.patch : || { tail -c 2000 "$TM/test.patch.log"; exit 3; }
cat "$TM/cleared"`;
}

/** Whether the test patch applies where the model's patch does not stand in its way. */
async function testPatchFailure(
  step: WorkspaceShell,
  plan: Restoration,
  submodules: string[],
  failed: { stdout: string; stderr: string },
): Promise<WorkspaceOutcome> {
  const alone = { ...plan, whole: [], fromGold: [] };
  const again = await step(`to_base || exit 3\n${callsWith('make_room', plan.added)}${restoringTests(alone, submodules)}`);
  return { kind: 'test_patch_failed', detail: lastLines(failed.stdout + failed.stderr), inTheWay: again.exitCode === 0 };
}

/** Null when they were applied, else why not. */
async function applyAttributes(step: WorkspaceShell, { attributes }: Restoration): Promise<string | null> {
  if (attributes.length === 0) return null;
  const included = attributes.slice(0, attributesAtMost).map((path) => `--include=${quote(gitPattern(path))}`);
  const applied = await step(`apply model.patch : ${included.join(' ')} || { tail -c 2000 "$TM/model.patch.log"; exit 3; }`);
  return applied.exitCode === 0 ? null : lastLines(applied.stdout + applied.stderr);
}

/** Gives the submodules of the base commit. */
async function resetToBase(shell: WorkspaceShell, task: Task): Promise<string[]> {
  const reset = await shell('to_base && submodules');
  if (reset.exitCode === 0) return reset.stdout.split('\n').flatMap((line) => (line === '' ? [] : [unquoted(line)]));
  throw new Problem(
    'container_failed',
    `${task.instance_id}: the repository cannot be set to ${task.base_commit}: ${lastLines(reset.stderr)}`,
    {
      hint: 'check the image and the workdir of the task',
    },
  );
}

function unquoted(path: string): string {
  return path.startsWith('"') ? unquoteC(path.slice(1, -1), 'utf8').toString('utf8') : path;
}

function withFinalNewline(patch: string): string {
  return patch === '' || patch.endsWith('\n') ? patch : `${patch}\n`;
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-8).join('\n').slice(-1500);
}
