import { Problem } from '../../../schemas/problem.ts';
import { engineProblem } from '../../engine/engine-error.ts';
import type { Engine } from '../../engine/engine.ts';
import { pullImage } from '../../sandbox/index.ts';
import type { BenchmarkInstance } from './benchmark.ts';

/** Instances whose image the engine does not have. Throws `Problem` engine_unreachable. */
async function missingImages(engine: Engine, instances: readonly BenchmarkInstance[]): Promise<{ instance_id: string; image: string }[]> {
  const missing: { instance_id: string; image: string }[] = [];
  for (const { instance_id, task } of instances) {
    try {
      if ((await engine.findImage(task.image_name)) === undefined) missing.push({ instance_id, image: task.image_name });
    } catch (error) {
      throw engineProblem(error, instance_id);
    }
  }
  return missing;
}

/** Throws `Problem` benchmark_images_missing for instances whose image the engine does not have. */
export async function requireImages(engine: Engine, instances: readonly BenchmarkInstance[]): Promise<void> {
  const missing = await missingImages(engine, instances);
  if (missing.length > 0) throw imagesMissing(missing.map(({ instance_id, image }) => `${instance_id}: ${image}`));
}

/**
 * Has the engine pull what is missing, a few at a time, under the same rules as campaigns. What cannot be pulled is named in one
 * `Problem` benchmark_images_missing after all were tried: a grader would score such instances as failures of the model.
 */
export async function bringImages(
  engine: Engine,
  instances: readonly BenchmarkInstance[],
  { signal, onProgress }: { signal: AbortSignal; onProgress?: (done: number, of: number) => void },
): Promise<void> {
  const missing = await missingImages(engine, instances);
  let done = 0;
  const failures: string[] = [];
  await Promise.all(
    missing.map(async ({ instance_id, image }) => {
      try {
        await pullImage({ engine, name: image, what: instance_id, signal });
      } catch (error) {
        signal.throwIfAborted();
        failures.push(error instanceof Problem ? `${error.message} (${error.code})` : `${instance_id}: ${String(error)}`);
      }
      done += 1;
      onProgress?.(done, missing.length);
    }),
  );
  if (failures.length > 0) throw imagesMissing(failures);
}

function imagesMissing(failures: string[]): Problem {
  const more = failures.length > 10 ? `\n… and ${failures.length - 10} more` : '';
  return new Problem(
    'benchmark_images_missing',
    `${failures.length} images are not there:\n${failures.sort().slice(0, 10).join('\n')}${more}`,
    {
      hint: 'load or pull them, name the account or registry that holds them as `benchmark.namespace`, or leave these instances out',
    },
  );
}
