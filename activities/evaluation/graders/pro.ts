import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { replaceFile } from '../../../platform/replace-file.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import type { BenchmarkInstance } from '../benchmarks/benchmark.ts';
import { requireImages } from '../benchmarks/missing-images.ts';
import { predictionsOf } from '../predictions.ts';
import { type GradedInstance, type Grader, type GraderNeeds, incomplete, notRun } from './grader.ts';
import { instancesIn, proVerdict, readProOutput } from './pro-results.ts';
import { removeContainers } from './remove-containers.ts';
import { endLeftOver, flagsOf, runProgram } from './run-program.ts';

export interface ProSettings {
  /** A checkout of the benchmark's repository; it is on no package registry. */
  checkout: string;
  /** The commit that the checkout has to be at. */
  commit: string;
  /** The program evaluates lists of the dataset as Python code: whoever names a file has to say that it is trusted as code. */
  dataset_is_code: boolean;
  /** Account of the images. */
  namespace?: string | undefined;
}

const program = 'swe_bench_pro_eval.py';
const title = 'the program of SWE-bench Pro';

/** The evaluation program of SWE-bench Pro, in a checkout that the user names. `python` needs pandas, tqdm and docker. */
export function pro(needs: GraderNeeds, settings: ProSettings): Grader {
  const checkout = resolve(settings.checkout);
  const ready = async (instances: readonly BenchmarkInstance[], signal: AbortSignal) => {
    if (!settings.dataset_is_code) {
      throw new Problem('grader_not_ready', `${title} evaluates text of the dataset as Python code on this machine`, {
        hint: 'read the rows, and set `dataset_is_code: true` beside the checkout if they are to be trusted like a program',
      });
    }
    const commit = await requireCheckout(checkout, settings.commit, signal);
    for (const { instance_id } of instances) {
      if (existsSync(join(checkout, 'run_scripts', instance_id, 'run_script.sh'))) continue;
      throw new Problem('grader_not_ready', `${checkout} has no run_scripts/${instance_id}: it is of another version of the benchmark`, {
        hint: 'check out the version that the rows belong to',
      });
    }
    await requireImages(needs.engine, instances);
    return commit;
  };
  return {
    name: 'pro',
    check: ready,
    async grade({ instances, patches, model, folder, workers, timeoutSeconds, signal, onProgress }) {
      const gold = new Map(instances.map(({ instance_id, task }) => [instance_id, task.patch]));
      const { content, not_run } = predictionsOf('pro', model, instances, patches === 'gold' ? gold : patches);
      const without = new Set(not_run);
      const chosen = instances.filter(({ instance_id }) => !without.has(instance_id));
      const commit = await ready(chosen, signal);
      const graded = new Map<string, GradedInstance>(not_run.map((id) => [id, notRun()]));
      const rows = chosen.map(({ row }) => `${JSON.stringify(row)}\n`).join('');
      mkdirSync(folder, { recursive: true });
      // The program takes up what an earlier run left, whatever the patches are.
      const key = createHash('sha256')
        .update([realpathSync(folder), commit, rows, content].join('\0'))
        .digest('hex')
        .slice(0, 16);
      const work = join(folder, key);
      const output = join(work, 'output');
      const runId = `tracemill-${key}`;
      if (chosen.length > 0) {
        mkdirSync(output, { recursive: true });
        await endLeftOver(work, runId);
        replaceFile(join(work, 'rows.jsonl'), rows);
        replaceFile(join(work, 'predictions.json'), content);
        const flags = flagsOf({
          raw_sample_path: join(work, 'rows.jsonl'),
          patch_path: join(work, 'predictions.json'),
          output_dir: output,
          scripts_dir: join(checkout, 'run_scripts'),
          dockerhub_username: settings.namespace ?? 'jefzda',
          num_workers: workers,
        });
        const started = Date.now() - 1000;
        const progress = () => onProgress?.(instancesIn(output).length, chosen.length);
        try {
          await runProgram({
            what: title,
            program: (await needs.python(signal)).python,
            args: [program, ...flags, '--use_local_docker', '--block_network'],
            folder: checkout,
            files: work,
            mark: key,
            // The program has no limit of its own for tests in containers.
            timeoutMs: (Math.ceil(chosen.length / workers) * (timeoutSeconds + 180) + 600) * 1000,
            signal,
            onTick: progress,
          });
        } finally {
          await removeOwn(needs, chosen, started);
        }
        progress();
        const found = readProOutput(output);
        const empty = new Set(chosen.filter(({ instance_id }) => isEmpty(patches, instance_id)).map(({ instance_id }) => instance_id));
        const lost: string[] = [];
        for (const { instance_id } of chosen) {
          const verdict = empty.has(instance_id) ? emptyPatch : proVerdict(output, instance_id, found);
          if (verdict === undefined) lost.push(instance_id);
          else graded.set(instance_id, verdict);
        }
        if (lost.length > 0) throw incomplete(lost, chosen.length, work);
      }
      return {
        grader: { name: 'pro', version: commit },
        run_id: runId,
        instances: new Map(instances.map(({ instance_id }) => [instance_id, graded.get(instance_id) ?? notRun()])),
      };
    },
  };
}

const emptyPatch: GradedInstance = { verdict: 'empty_patch', detail: 'the rollout handed in no change', tests: null, log: null };

function isEmpty(patches: ReadonlyMap<string, string> | 'gold', id: string): boolean {
  return patches !== 'gold' && patches.get(id)?.trim() === '';
}

/** Its containers have neither name nor label: those of the instances' images that were made since, and are not Tracemill's. */
async function removeOwn({ engine }: GraderNeeds, chosen: readonly BenchmarkInstance[], since: number): Promise<void> {
  const found = await Promise.all(chosen.map(({ task }) => engine.findImage(task.image_name)));
  const ids = new Set(found.flatMap((image) => image?.id ?? []));
  await removeContainers(engine, ({ imageId, createdAt }) => ids.has(imageId) && createdAt >= since);
}

/** The commit; one with changes of the user's own is marked. Throws `Problem` grader_not_ready. */
async function requireCheckout(checkout: string, commit: string, signal: AbortSignal): Promise<string> {
  if (!existsSync(join(checkout, program))) {
    throw new Problem('grader_not_ready', `${checkout} has no ${program}`, { hint: 'name a checkout of the repository of SWE-bench Pro' });
  }
  const git = async (...args: string[]) => (await promisify(execFile)('git', ['-C', checkout, ...args], { signal })).stdout.trim();
  try {
    const head = await git('rev-parse', 'HEAD');
    if (head !== commit) {
      throw new Problem('grader_not_ready', `${checkout} is at commit ${head}, not at ${commit}`, {
        hint: 'check out the commit, or name the one that is there: scores of different revisions cannot be compared',
      });
    }
    const changed = await git('status', '--porcelain', '--untracked-files=no');
    return changed === '' ? head : `${head}+changes`;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Problem) throw error;
    throw new Problem('grader_not_ready', `${checkout} cannot be read as a repository: ${messageOf(error)}`, { cause: error });
  }
}
