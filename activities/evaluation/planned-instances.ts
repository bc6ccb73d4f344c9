import { BenchmarkRows, type EvaluationPlan } from '../../schemas/evaluation-run.ts';
import { Task } from '../../schemas/task.ts';
import { type ArtifactStore, getJson } from '../artifacts/store.ts';
import type { BenchmarkInstance } from './benchmarks/benchmark.ts';

/** The instances of a plan as the benchmark gave them, from the store: its files may have changed since. */
export async function instancesOf({ rows: ref, rollouts }: EvaluationPlan, store: ArtifactStore): Promise<BenchmarkInstance[]> {
  const rows = new Map((await getJson(store, ref, BenchmarkRows)).map((row) => [row.instance_id, row]));
  const instances: BenchmarkInstance[] = [];
  for (const { instance_id, repo, language, task } of rollouts.tasks) {
    const { row = {}, no_cross_check = null } = rows.get(instance_id) ?? {};
    instances.push({ instance_id, repo, language, task: await getJson(store, task, Task), no_cross_check, row });
  }
  return instances;
}
