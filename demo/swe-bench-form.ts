import { type HomeEngine, openJobContainer } from '../activities/sandbox/index.ts';
import { quote } from '../platform/quote.ts';
import { parsePatch, patchPaths } from '../activities/patches/patch.ts';
import { findExpectedTests, parserNames } from '../activities/verification/index.ts';
import { Problem } from '../schemas/problem.ts';
import type { Task } from '../schemas/task.ts';
import { workdirOf } from '../schemas/workdir.ts';

/** Where the grader of SWE-bench looks for the repository. */
const workdir = '/testbed';

/**
 * As in the published images: a script that has to be sourced makes `conda`, which makes the environment, and `~/.bashrc` does
 * both. Python and its tools stand under the names that the published scripts use.
 */
const environment = `mkdir -p /opt/miniconda3/bin /opt/miniconda3/envs/testbed/bin
cat >/opt/miniconda3/bin/activate <<'END'
conda() { if [ "$1" = activate ]; then export CONDA_DEFAULT_ENV=$2 PATH=/opt/miniconda3/envs/$2/bin:$PATH PIP_NO_INDEX=1; fi; }
END
printf 'source /opt/miniconda3/bin/activate\\nconda activate testbed\\n' >>/root/.bashrc
cd /opt/miniconda3/envs/testbed/bin
printf '#!/bin/sh\\nexec python3 "$@"\\n' >python
printf '#!/bin/sh\\nexec python3 -m pytest "$@"\\n' >pytest
chmod +x python pytest`;

const activation = ['source /opt/miniconda3/bin/activate', 'conda activate testbed'];

/** A repository that version 4 of the grader's package knows: under its name its rules hold, whatever is in the repository. */
export interface KnownRepository {
  repo: string;
  version: string;
  /** Account of the image's name. */
  namespace: string;
}

/** Whether a row of SWE-bench's form can be made: its grader has to know a parser of the same name. */
export function hasSweBenchForm({ install_config }: Task): boolean {
  return parserNames().includes(`swebench:${install_config.log_parser}`);
}

interface Options {
  engine: HomeEngine;
  signal: AbortSignal | undefined;
  labels: Record<string, string>;
}

/**
 * A task of the demo as a row in the form of version 5, with an image that has the repository where the grader expects it. Expected
 * tests are found anew, by the grader's kind of parser.
 */
export async function sweBenchRow(task: Task, image: string, options: Options): Promise<Record<string, unknown>> {
  const parser = task.install_config.log_parser;
  if (!hasSweBenchForm(task)) throw new Problem('bad_task', `${task.instance_id}: SWE-bench has no parser ${parser}`);
  await buildImage(task, image, options);
  const moved = { ...task, image_name: image, workdir, install_config: { ...task.install_config, log_parser: `swebench:${parser}` } };
  const tests = await findExpectedTests({
    engine: options.engine,
    task: moved,
    image,
    timeoutMs: 180_000,
    labels: options.labels,
    signal: options.signal,
  });
  return {
    ...classicColumns(task, task.repo, task.instance_id, '1.0'),
    ...tests,
    image,
    eval_script: evalScript(task),
    log_parser: parser,
    eval_type: 'pass_and_fail',
  };
}

/** A Python task in the form of version 4, as an instance of a repository that this version knows. */
export async function classicRow(
  task: Task,
  { repo, version, namespace }: KnownRepository,
  number: number,
  options: Options,
): Promise<Record<string, unknown>> {
  const instance_id = `${repo.replace('/', '__')}-${number}`;
  await buildImage(task, `${namespace}/sweb.eval.x86_64.${instance_id.replaceAll('__', '_1776_')}:latest`, options);
  // Version 4 runs the files of the test patch alone.
  const files = patchPaths(parsePatch(task.test_patch));
  const ran = (name: string) => files.some((path) => name.startsWith(`${path}::`));
  const expected = { FAIL_TO_PASS: JSON.stringify(task.FAIL_TO_PASS), PASS_TO_PASS: JSON.stringify(task.PASS_TO_PASS.filter(ran)) };
  return { ...classicColumns(task, repo, instance_id, version), ...expected };
}

function classicColumns(task: Task, repo: string, instance_id: string, version: string): Record<string, unknown> {
  const { base_commit, patch, test_patch, problem_statement } = task;
  return {
    repo,
    instance_id,
    base_commit,
    patch,
    test_patch,
    problem_statement,
    hints_text: '',
    created_at: '2024-01-01T00:00:00Z',
    version,
  };
}

async function buildImage(task: Task, image: string, { engine, signal, labels }: Options): Promise<void> {
  const job = await openJobContainer(engine, { image: task.image_name, network: 'none', labels, what: task.instance_id, signal });
  try {
    const move = `set -e\ncp -a ${quote(workdirOf(task))} ${workdir}\n${environment}`;
    const { exitCode, stderr } = await job.exec(move, { timeoutMs: 120_000 });
    if (exitCode !== 0)
      throw new Problem('demo_build_failed', `${task.instance_id}: its image could not be made: ${stderr.trim().slice(-600)}`);
    await job.commit({ name: image, labels, changes: [`WORKDIR ${workdir}`, 'ENV PYTHONDONTWRITEBYTECODE=1', 'CMD ["bash"]'] });
  } finally {
    await job.remove();
  }
}

/**
 * As the published scripts go about it. The markers come on standard error and the tests on standard output: tests that end in
 * an instant would stand before their marker, so that a moment passes on both sides.
 */
function evalScript({ base_commit, test_patch, install_config }: Task): string {
  const files = parsePatch(test_patch);
  const there = files.flatMap(({ oldPath }) => (oldPath === null ? [] : [oldPath]));
  const reset = there.length === 0 ? [] : [`git checkout ${base_commit} ${there.map(quote).join(' ')}`];
  const added = patchPaths(files).filter((path) => !there.includes(path));
  return [
    '#!/bin/bash',
    'set -uxo pipefail',
    ...activation,
    `cd ${workdir}`,
    `git config --global --add safe.directory ${workdir}`,
    'git status',
    ...reset,
    ...(added.length === 0 ? [] : [`rm -f ${added.map(quote).join(' ')}`]),
    `git apply -v - <<'EOF_114329324912'\n${test_patch}\nEOF_114329324912`,
    'sleep 1',
    ": '>>>>> Start Test Output'",
    'sleep 1',
    ...install_config.test_cmd,
    'sleep 1',
    ": '>>>>> End Test Output'",
    'sleep 1',
    ...reset,
    '',
  ].join('\n');
}
