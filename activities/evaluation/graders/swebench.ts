import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, globSync, mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { replaceFile } from '../../../platform/replace-file.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import type { BenchmarkInstance } from '../benchmarks/benchmark.ts';
import { requireImages } from '../benchmarks/missing-images.ts';
import { predictionsOf } from '../predictions.ts';
import { type GradedInstance, type Grader, type GradeRequest, type GraderNeeds, type Grading, incomplete, notRun } from './grader.ts';
import { removeContainers } from './remove-containers.ts';
import { endLeftOver, flagsOf, runProgram } from './run-program.ts';
import { readGraded, reportFile, RunSummary } from './swebench-results.ts';

interface Version {
  name: 'swebench4' | 'swebench5';
  /** Flags beyond those that both versions take. */
  flags: (namespace: string | undefined) => string[];
}

/** Rows that carry image and script: repositories and images of any name. */
export const swebench5 = (needs: GraderNeeds): Grader =>
  sweBenchGrader(needs, { name: 'swebench5', flags: () => ['--report_dir', '.'] }, undefined);

/** The form of the published benchmarks; images are named by their rule, in the given namespace. */
export const swebench4 = (needs: GraderNeeds, namespace?: string): Grader =>
  sweBenchGrader(
    needs,
    // Any other level removes images that the engine did not have before.
    { name: 'swebench4', flags: (where = 'swebench') => ['--namespace', where, '--cache_level', 'instance'] },
    namespace,
  );

function sweBenchGrader(needs: GraderNeeds, version: Version, namespace: string | undefined): Grader {
  const ready = async (instances: readonly BenchmarkInstance[], signal: AbortSignal) => {
    // The package stops its containers by the program, not by the engine's interface.
    requireProgram('docker');
    const { python, versions } = await needs.python(signal);
    await requireImages(needs.engine, instances);
    return { python, package: versions['swebench'] ?? 'unknown' };
  };
  return {
    name: version.name,
    check: async (instances, signal) => (await ready(instances, signal)).package,
    async grade(request) {
      const { instances, patches, signal } = request;
      const { chosen, predictions, notHandedIn } = handedIn(version.name, request);
      const { python, package: installed } = await ready(chosen, signal);
      const graded = new Map<string, GradedInstance>(notHandedIn.map((id) => [id, notRun()]));
      const work = workOf(request, chosen, predictions);
      if (chosen.length > 0) {
        const model = patches === 'gold' ? 'gold' : request.model;
        await runOnce(needs, request, { python, version, namespace, work, model, chosen, predictions });
        for (const [id, verdict] of readRun(work, model, chosen, request)) graded.set(id, verdict);
      }
      const ordered = new Map(instances.map(({ instance_id }) => [instance_id, graded.get(instance_id) ?? notRun()]));
      return { grader: { name: version.name, version: installed }, run_id: work.runId, instances: ordered } satisfies Grading;
    },
  };
}

/** The instances that go to the grader. It aborts for predictions of others and calls others incomplete. */
function handedIn(form: 'swebench4' | 'swebench5', { instances, patches, model }: GradeRequest) {
  if (patches === 'gold') return { chosen: instances, predictions: undefined, notHandedIn: [] };
  const { content, not_run } = predictionsOf(form, model, instances, patches);
  const without = new Set(not_run);
  return { chosen: instances.filter(({ instance_id }) => !without.has(instance_id)), predictions: content, notHandedIn: not_run };
}

interface Work {
  folder: string;
  runId: string;
  dataset: string;
}

/**
 * A folder and a run id of its own for each set of rows and patches: the package takes the report of an earlier run for the
 * verdict on a changed patch. The same set asked again finds what is finished.
 */
function workOf({ folder }: GradeRequest, chosen: readonly BenchmarkInstance[], predictions: string | undefined): Work {
  const dataset = chosen.map(({ row }) => `${JSON.stringify(row)}\n`).join('');
  mkdirSync(folder, { recursive: true });
  const key = createHash('sha256')
    .update(realpathSync(folder))
    .update('\0')
    .update(dataset)
    .update('\0')
    .update(predictions ?? 'gold')
    .digest('hex');
  return { folder: join(folder, key.slice(0, 16)), runId: `tracemill-${key.slice(0, 16)}`, dataset };
}

interface Run {
  python: string;
  version: Version;
  namespace: string | undefined;
  work: Work;
  model: string;
  chosen: readonly BenchmarkInstance[];
  predictions: string | undefined;
}

async function runOnce(
  needs: GraderNeeds,
  request: GradeRequest,
  { python, version, namespace, work, model, chosen, predictions }: Run,
): Promise<void> {
  const { folder, runId } = work;
  const { workers, timeoutSeconds, signal, onProgress } = request;
  mkdirSync(folder, { recursive: true });
  await endLeftOver(folder, runId);
  const ownContainers = () => removeContainers(needs.engine, ({ name }) => isOfRun(name, runId));
  await ownContainers();
  dropBrokenReports(folder);
  replaceFile(join(folder, 'dataset.jsonl'), work.dataset);
  if (predictions !== undefined) replaceFile(join(folder, 'predictions.jsonl'), predictions);
  const flags = flagsOf({
    dataset_name: 'dataset.jsonl',
    split: 'test',
    predictions_path: predictions === undefined ? 'gold' : 'predictions.jsonl',
    run_id: runId,
    max_workers: workers,
    timeout: Math.ceil(timeoutSeconds),
  });
  const progress = () => onProgress?.(reportsIn(folder, runId, model).length, chosen.length);
  try {
    await throughVanishing(() =>
      runProgram({
        what: `the grader ${version.name}`,
        program: python,
        args: ['-m', 'swebench.harness.run_evaluation', ...flags, ...version.flags(namespace)],
        folder,
        mark: runId,
        // Start, patches and end of a container come on top of the tests.
        timeoutMs: (Math.ceil(chosen.length / workers) * (timeoutSeconds + 180) + 600) * 1000,
        environment: { HF_HUB_OFFLINE: '1', HF_DATASETS_OFFLINE: '1' },
        signal,
        onTick: progress,
      }),
    );
  } catch (error) {
    throw withReason(error, version.name);
  } finally {
    await ownContainers();
    if (signal.aborted) {
      // The engine may be making one that was asked for right before.
      await sleep(1000);
      await ownContainers();
    }
  }
  progress();
}

/**
 * For its summary the package looks at every container of the engine, and fails when one that is not its own goes at that
 * moment. What is finished by then is not run again.
 */
async function throughVanishing(run: () => Promise<void>): Promise<void> {
  for (let again = 0; ; again += 1) {
    try {
      await run();
      return;
    } catch (error) {
      const vanished = error instanceof Problem && error.code === 'grader_failed' && error.message.includes('No such container');
      if (!vanished || again === 3) throw error;
    }
  }
}

/** The package names its containers by instance and run; one in the way gets the time behind its name. */
function isOfRun(name: string, runId: string): boolean {
  return name.startsWith('sweb.eval.') && (name.endsWith(`.${runId}`) || name.includes(`.${runId}.`));
}

function reportsIn(folder: string, runId: string, model: string): string[] {
  return globSync(join('logs', 'run_evaluation', runId, model.replaceAll('/', '__'), '*', reportFile), { cwd: folder });
}

/** A report that was cut when its process was killed would be taken for a finished one. */
function dropBrokenReports(folder: string): void {
  for (const path of globSync(join('logs', 'run_evaluation', '*', '*', '*', reportFile), { cwd: folder })) {
    try {
      JSON.parse(readFileSync(join(folder, path), 'utf8'));
    } catch {
      rmSync(join(folder, path), { force: true });
    }
  }
}

/** What the run says of each instance. Its exit code says nothing of that: it is 0 whatever failed. */
function readRun(
  { folder, runId }: Work,
  model: string,
  chosen: readonly BenchmarkInstance[],
  { patches }: GradeRequest,
): Map<string, GradedInstance> {
  const summary = readSummary(join(folder, `${model}.${runId}.json`));
  const accounted = new Set([...summary.completed_ids, ...summary.empty_patch_ids, ...summary.error_ids]);
  const lost = chosen.filter(({ instance_id }) => !accounted.has(instance_id)).map(({ instance_id }) => instance_id);
  if (lost.length > 0) throw incomplete(lost, chosen.length, folder);
  const empty = new Set(summary.empty_patch_ids);
  const resolved = new Set(summary.resolved_ids);
  const graded = new Map<string, GradedInstance>();
  for (const { instance_id: id } of chosen) {
    const verdict: GradedInstance = empty.has(id)
      ? {
          verdict: 'empty_patch',
          detail: patches === 'gold' ? 'the gold patch is empty' : 'the rollout handed in no change',
          tests: null,
          log: null,
        }
      : readGraded(join(folder, 'logs', 'run_evaluation', runId, model, id), id);
    if ((verdict.verdict === 'resolved') !== resolved.has(id)) {
      throw new Problem('grader_failed', `the grader's summary and its report differ on ${id}`, { hint: `look at ${folder}` });
    }
    graded.set(id, verdict);
  }
  return graded;
}

function readSummary(path: string): RunSummary {
  try {
    return RunSummary.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const reason = existsSync(path) ? messageOf(error) : 'it wrote none';
    throw new Problem('grader_failed', `the grader's summary cannot be read: ${reason}`, { hint: `look at ${path}` });
  }
}

function withReason(error: unknown, name: Version['name']): unknown {
  const offline =
    name === 'swebench4' &&
    error instanceof Problem &&
    /raw\.githubusercontent\.com|ConnectionError|NameResolutionError/.test(error.message);
  if (!offline) return error;
  return new Problem('grader_failed', error.message, {
    hint: 'version 4 of the package fetches requirement files from GitHub for some repositories even if their images are there; give it a network, or rows of version 5',
    cause: error,
  });
}

function requireProgram(name: string): void {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return;
    } catch {
      // The next folder may have it.
    }
  }
  throw new Problem('grader_not_ready', `the program ${name} is not on the path`, {
    hint: `install the command line client ${name}; the grader calls it`,
  });
}
