import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../../schemas/problem.ts';
import type { Task } from '../../schemas/task.ts';
import { workdirOf } from '../../schemas/workdir.ts';
import { engineProblem } from '../engine/engine-error.ts';
import { quote } from '../../platform/quote.ts';
import {
  type HomeEngine,
  type JobContainer,
  type JobOptions,
  label,
  loadFunctions,
  openJobContainer,
  userOfImage,
} from '../sandbox/index.ts';
import { alteredTests, changedFiles } from './altered-tests.ts';
import { readTestLog, type TestLog } from './test-log.ts';
import { testScript } from './test-script.ts';
import { putPatches, type WorkspaceOutcome } from './workspace.ts';
import { verifierFolder, workspaceShell } from './workspace-shell.ts';

/** Bytes kept of the beginning and again of the end of stdout and of stderr. */
const keepBytes = 24 * 1024 * 1024;

const runner = readFileSync(join(import.meta.dirname, 'programs', 'run-tests.sh'), 'utf8');

export interface TestRunOptions {
  engine: HomeEngine;
  task: Task;
  /** Image id or name, with the repository at the task's base commit. */
  image: string;
  /** Null runs the task's tests on the untouched base commit. */
  modelPatch: string | null;
  /** For all test commands together, in milliseconds. */
  timeoutMs: number;
  /** For each test command; by default only the limit for all holds. */
  commandTimeoutMs?: number | undefined;
  /** Runs the task's install lines before the tests, errors ignored: the reset undoes what they changed in tracked files. */
  reinstall?: boolean | undefined;
  network?: 'none' | 'host' | undefined;
  /** Of the container; by default those of a job container. */
  limits?: JobOptions['limits'] | undefined;
  labels?: Record<string, string> | undefined;
  signal?: AbortSignal | undefined;
}

export type TestRun =
  | Exclude<WorkspaceOutcome, { kind: 'ready' }>
  /** `altered`: files of the tests that changed while they ran. */
  | ({ kind: 'ran'; restored: string[]; altered: string[] } & TestLog);

/**
 * The tests of one patch in a fresh container, which is always removed. Throws `Problem` image_missing,
 * engine_unreachable, out_of_memory or container_failed where the machine failed.
 */
export async function runTests(options: TestRunOptions): Promise<TestRun> {
  const { engine, task, image, signal } = options;
  let job: JobContainer | undefined;
  try {
    job = await openJobContainer(engine, {
      image,
      workdir: workdirOf(task),
      user: await userOfImage(engine, image, task.instance_id),
      network: options.network ?? 'none',
      labels: { [label.kind]: 'verification', [label.task]: task.instance_id, ...options.labels },
      ...(options.limits && { limits: options.limits }),
      env: ['_JAVA_OPTIONS=-Djava.net.preferIPv6Addresses=false'],
      signal,
    });
    const outcome = await putPatches(job, task, workdirOf(task), options.modelPatch);
    if (outcome.kind !== 'ready') return outcome;
    if (options.reinstall === true) await reinstall(job, task, options.timeoutMs);
    const shell = workspaceShell(job, task, workdirOf(task));
    const before = await changedFiles(shell, task);
    const log = await runCommands(job, options);
    const altered = alteredTests(before, await changedFiles(shell, task));
    return { kind: 'ran', restored: outcome.restored, altered, ...log };
  } catch (error) {
    signal?.throwIfAborted();
    throw engineProblem(error, task.instance_id, image);
  } finally {
    await job?.remove().catch(() => undefined);
  }
}

async function reinstall(job: JobContainer, task: Task, timeoutMs: number): Promise<void> {
  const lines = task.install_config.install ?? [];
  const script = lines.map((line) => `( eval ${quote(line)} ) || :`).join('\n');
  await job.exec(`${loadFunctions}\ncd ${quote(workdirOf(task))} || exit 0\n${script}`, {
    timeoutMs,
    maxBytes: 1024,
    environment: 'image',
  });
}

async function runCommands(job: JobContainer, options: TestRunOptions): Promise<TestLog> {
  const { task, timeoutMs, commandTimeoutMs } = options;
  const commandSeconds = commandTimeoutMs === undefined ? null : Math.ceil(commandTimeoutMs / 1000);
  await job.putFiles([
    [`${verifierFolder}/run-tests.sh`, runner],
    [`${verifierFolder}/tests.sh`, testScript(task.install_config.test_cmd, verifierFolder, commandSeconds)],
  ]);
  const seconds = Math.ceil(timeoutMs / 1000);
  const given = `TM=${verifierFolder}\nTOTAL=${seconds}\nKEEP=${keepBytes}`;
  // The program keeps the limit itself; this one only ends a container that no longer obeys.
  const ran = await job.exec(`${given}\ncd ${quote(workdirOf(task))} || exit 1\n. ${verifierFolder}/run-tests.sh`, {
    timeoutMs: timeoutMs + 60_000,
    maxBytes: 4096,
    environment: 'image',
  });
  // A run that reached its memory limit says nothing about the patch, unless it passed all the same.
  if (ran.outOfMemory) {
    throw new Problem('out_of_memory', `${task.instance_id}: processes of the tests were ended at the container's memory limit`, {
      hint: 'raise sandbox.memory_mb, or run fewer verifications at once',
    });
  }
  return readTestLog(job, verifierFolder, keepBytes, ran.timedOut);
}
