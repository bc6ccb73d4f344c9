import { Problem } from '../../schemas/problem.ts';
import type { BenchmarkInstance } from './benchmarks/benchmark.ts';
import type { GraderName } from '../../schemas/grader-name.ts';

/** What the model handed in: by instance id, an empty text for a rollout that ended without a change. */
export type Patches = ReadonlyMap<string, string>;

/** Names the runs of one harness and mode in a grader's files; safe in paths. */
export function predictionName({ model, harness, mode, run }: { model: string; harness: string; mode: string; run: number }): string {
  return [model, harness, mode, `r${run}`].join('.').replaceAll(/[^A-Za-z0-9._-]+/g, '-');
}

export interface Predictions {
  /** Name and content of the file, in the form that the benchmark's grader reads. */
  name: string;
  content: string;
  /** Instances of the set that nothing was handed in for: they are not in the file. */
  not_run: string[];
}

/**
 * The predictions of one run in the benchmark's own form. A patch of nothing but white space is an empty one: graders only
 * count those. Throws `Problem` prediction_unknown_instance for an id that is not in the set; graders end whole runs for one.
 */
export function predictionsOf(
  form: Exclude<GraderName, 'none'>,
  model: string,
  instances: readonly BenchmarkInstance[],
  patches: Patches,
): Predictions {
  const ids = instances.map(({ instance_id }) => instance_id);
  const known = new Set(ids);
  const unknown = [...patches.keys()].filter((id) => !known.has(id));
  if (unknown.length > 0) {
    throw new Problem(
      'prediction_unknown_instance',
      `${unknown.length} patches are for no instance of the set: ${unknown.slice(0, 5).join(', ')}`,
      {
        hint: 'the rollouts belong to another benchmark file or subset',
      },
    );
  }
  const handedIn = ids.filter((id) => patches.has(id)).sort();
  const patchOf = (id: string) => (patches.get(id)?.trim() === '' ? '' : (patches.get(id) ?? ''));
  const not_run = ids.filter((id) => !patches.has(id)).sort();
  if (form === 'pro') {
    const list = handedIn.map((id) => ({ instance_id: id, patch: patchOf(id), prefix: model }));
    return { name: 'predictions.json', content: `${JSON.stringify(list, null, 1)}\n`, not_run };
  }
  const lines = handedIn.map((id) => `${JSON.stringify({ instance_id: id, model_name_or_path: model, model_patch: patchOf(id) })}\n`);
  return { name: 'predictions.jsonl', content: lines.join(''), not_run };
}
