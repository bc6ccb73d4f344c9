import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerEngine } from '../activities/engine/docker-engine.ts';
import { engineOfHome, type HomeEngine, makeTaskImage, workdirOfDockerfile } from '../activities/sandbox/index.ts';
import { repositoryOfReleases, taskInit, type TaskDraft } from '../activities/source/index.ts';
import { findExpectedTests, gateProblem, gateRemarks, runGate } from '../activities/verification/index.ts';
import { toolchainImage } from '../infra/bootstrap/images.ts';
import { home } from '../platform/home.ts';
import type { Language } from '../schemas/names.ts';
import { Problem } from '../schemas/problem.ts';
import type { ReportedProblem } from '../schemas/reported-problem.ts';
import { Task } from '../schemas/task.ts';
import { workdirOf } from '../schemas/workdir.ts';

export interface OwnTaskWish {
  /** A folder of a git repository with two commits of it, or the archives of two releases. */
  change: { repository: string; base: string | undefined; head: string } | { before: string[]; after: string[] };
  image: string | undefined;
  dockerfile: string | undefined;
  from: string | undefined;
  install: string[] | undefined;
  test: string[] | undefined;
  parser: string | undefined;
  language: Language | undefined;
  repo: string | undefined;
  workdir: string | undefined;
  statement: string | undefined;
  license: string | undefined;
  leaveOut: string[] | undefined;
  /** Of one test run, in milliseconds. */
  timeoutMs: number;
  /** How often the gold patch has to pass the gate; 0 leaves the gate out. */
  gateRuns: number;
  tell: (line: string) => void;
  signal: AbortSignal;
}

export interface OwnTask {
  task: Task;
  /** What is odd about its tests' output, and pass-to-pass tests that are set aside. */
  remarks: ReportedProblem[];
}

/**
 * Makes a task out of a change: reads it, makes its image unless one is named, finds its expected tests by running them, and
 * sends it through the gate. Throws `Problem`, with the code of what the gate found where the task does not pass it.
 */
export async function makeOwnTask(wish: OwnTaskWish): Promise<OwnTask> {
  const scratch = await mkdtemp(join(tmpdir(), 'tracemill-task-'));
  try {
    const { tell } = wish;
    const { draft, repository } = await readChange(wish, scratch);
    const { instance_id, language, repo, license, install_config } = draft.task;
    tell(`${instance_id}: ${language}, ${repo}, licence ${license ?? 'unknown'}`);
    tell(`tests: ${install_config.test_cmd.join(' && ')} (${install_config.log_parser})`);
    const engine = engineOfHome(dockerEngine(), home());
    const image_name = wish.image ?? (await imageOf(wish, { engine, draft, repository }));
    return await findTests({ ...draft.task, image_name }, engine, wish);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function readChange(wish: OwnTaskWish, scratch: string): Promise<{ draft: TaskDraft; repository: string }> {
  const { change } = wish;
  const given = {
    image: wish.image,
    testCommands: wish.test,
    logParser: wish.parser,
    language: wish.language,
    repo: wish.repo,
    workdir: wish.workdir ?? (wish.dockerfile === undefined ? undefined : workdirOfDockerfile(wish.dockerfile)),
    license: wish.license,
    leaveOut: wish.leaveOut,
    problemStatement: wish.statement,
  };
  if ('repository' in change) return { draft: await taskInit({ ...given, ...change }), repository: change.repository };
  const { repository, names } = await repositoryOfReleases({ ...change, folder: scratch });
  wish.tell(`${names[0]} → ${names[1]}`);
  const version = /\d+\.\d+[\w.+-]*$/.exec(names[1])?.[0];
  const draft = await taskInit({ ...given, repository, base: 'HEAD~1', head: 'HEAD', releases: true, ending: version });
  return { draft, repository };
}

async function imageOf(
  { dockerfile, from, install, tell, signal, timeoutMs }: OwnTaskWish,
  { engine, draft: { task, tooling, later }, repository }: { engine: HomeEngine; draft: TaskDraft; repository: string },
): Promise<string> {
  const lines = install ?? (dockerfile === undefined ? tooling?.install : []);
  if (lines === undefined) {
    throw new Problem('no_install_lines', `${task.instance_id}: the repository does not show what its tests need`, {
      hint: 'give the lines that install it: --install LINE; or a Dockerfile; or an image that has it all: --image NAME',
    });
  }
  const laterLines = install ?? (dockerfile === undefined ? later?.tooling?.install : []) ?? [];
  const source = dockerfile === undefined ? { from: from ?? toolchainImage } : { dockerfile };
  try {
    return await makeTaskImage({
      engine,
      repository,
      commit: task.base_commit,
      workdir: workdirOf(task),
      source,
      install: lines,
      later: later && laterLines.length > 0 ? { ...later.files, install: laterLines } : undefined,
      instanceId: task.instance_id,
      timeoutMs: Math.max(timeoutMs, 1_800_000),
      tell,
      signal,
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'image_install_failed' || from !== undefined || tooling === undefined) throw error;
    // Debian's tools are of one age; a package may want newer ones.
    throw new Problem(error.code, error.message, {
      cause: error,
      hint: `${error.hint ?? ''}; where its tools are too old: --from ${tooling.publicImage}`,
    });
  }
}

async function findTests(draft: Task, engine: HomeEngine, { timeoutMs, gateRuns, tell, signal }: OwnTaskWish): Promise<OwnTask> {
  const run = { engine, image: draft.image_name, timeoutMs, signal };
  tell('running the tests without and with the change');
  const found = Task.parse({ ...draft, ...(await findExpectedTests({ ...run, task: draft })) });
  if (gateRuns === 0) return { task: found, remarks: [] };
  tell(`gate: ${found.FAIL_TO_PASS.length} tests to fix, ${found.PASS_TO_PASS.length} to keep`);
  const record = await runGate({ ...run, task: found, runs: gateRuns });
  const problem = gateProblem(record);
  if (problem !== undefined) throw new Problem(problem.code, `${found.instance_id}: ${problem.message}`, { hint: problem.hint });
  const excluded = new Set(record.excluded);
  const unreliable: ReportedProblem[] =
    excluded.size === 0
      ? []
      : [
          {
            code: 'unreliable_tests',
            message: `left out, since they do not pass every time: ${[...excluded].slice(0, 5).join(', ')} (${excluded.size} in all)`,
            hint: 'nothing, unless the change is about them',
          },
        ];
  const task = { ...found, PASS_TO_PASS: found.PASS_TO_PASS.filter((name) => !excluded.has(name)) };
  return { task, remarks: [...unreliable, ...gateRemarks(record)] };
}
