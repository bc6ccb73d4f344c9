import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { EvaluationFile } from '../../../schemas/evaluation.ts';
import type { EvaluationGrading } from '../../../schemas/evaluation-grading.ts';
import type { GraderName } from '../../../schemas/grader-name.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { Engine } from '../../engine/engine.ts';
import { ensureEnvironment } from '../../python/ensure-environment.ts';
import type { BenchmarkInstance } from '../benchmarks/benchmark.ts';
import { bringImages } from '../benchmarks/missing-images.ts';
import type { EvaluationNeeds, PatchToGrade, Work } from '../evaluation-needs.ts';
import { predictionName } from '../predictions.ts';
import type { GradedInstance, Grader, GraderNeeds } from './grader.ts';
import { pro } from './pro.ts';
import { swebench4, swebench5 } from './swebench.ts';

/** Tests that failed, of one instance, which a grading names. */
const shownTests = 20;

/** A grader, for what a file says of it. */
type GraderOf = (file: EvaluationFile, form: GraderName, work: Work) => Grader;

/**
 * The graders of an evaluation. Images that the engine lacks are pulled, before anything is spent and again where they went
 * meanwhile. What the machine kept from a verdict is graded once more.
 */
export function evaluationGraders(engine: Engine, graderOf: GraderOf = namedGrader(engine)): EvaluationNeeds['graders'] {
  return {
    async check(file, form, instances, work) {
      await bring(engine, instances, work);
      await graderOf(file, form, work).check(instances, work.signal);
    },

    async grade(plan, instances, patches, folder, work) {
      const { file, form } = plan;
      if (file.grader === 'none') throw new Problem('grader_not_ready', `evaluation ${file.name} has no grader`);
      const { workers, timeout_seconds: timeoutSeconds, gold } = file.grader;
      await bring(engine, instances, work);
      const grader = graderOf(file, form, work);
      const version = await grader.check(instances, work.signal);
      const grading: EvaluationGrading = { name: grader.name, version, gold_failures: [], grades: [] };
      const request = { workers, timeoutSeconds, signal: work.signal };
      if (gold) {
        const onProgress = (finished: number, of: number) => work.tell(`grading gold patches: ${finished} of ${of}`);
        const place = join(folder, 'grading', 'gold');
        const graded = await grader.grade({ ...request, instances, patches: 'gold', model: 'gold', folder: place, onProgress });
        for (const [id, { verdict }] of graded.instances) if (verdict !== 'resolved') grading.gold_failures.push(id);
      }
      const runs = Map.groupBy(patches, ({ harness, mode, run }) => predictionName({ model: file.model.name, harness, mode, run }));
      for (const [model, handedIn] of runs) {
        const ask = async (chosen: readonly PatchToGrade[], where: string, doing: string) => {
          const ids = new Set(chosen.map(({ instance_id }) => instance_id));
          const { instances: graded } = await grader.grade({
            instances: instances.filter(({ instance_id }) => ids.has(instance_id)),
            patches: new Map(chosen.map(({ instance_id, model_patch }) => [instance_id, model_patch])),
            model,
            folder: where,
            ...request,
            onProgress: (finished, of) => work.tell(`${doing} ${model}: ${finished} of ${of}`),
          });
          return graded;
        };
        const place = join(folder, 'grading', short(model));
        const first = await ask(handedIn, place, 'grading');
        const lost = handedIn.filter(({ instance_id }) => first.get(instance_id)?.verdict === 'infra_error');
        const second = lost.length === 0 ? new Map<string, GradedInstance>() : await ask(lost, join(place, 'again'), 'grading again');
        for (const { instance_id, harness, mode, run } of handedIn) {
          const graded = second.get(instance_id) ?? first.get(instance_id);
          if (graded === undefined) continue;
          const { verdict, detail, tests } = graded;
          grading.grades.push({ instance_id, harness, mode, run, verdict, detail, failed: (tests?.failed ?? []).slice(0, shownTests) });
        }
      }
      return grading;
    },
  };
}

function namedGrader(engine: Engine): GraderOf {
  return (file, form, work) => {
    const needs = (name: 'swebench4' | 'swebench5'): GraderNeeds => ({
      engine,
      python: (signal) => ensureEnvironment(name, { signal, onProgress: work.tell }),
    });
    switch (form) {
      case 'swebench5':
        return swebench5(needs('swebench5'));
      case 'swebench4':
        return swebench4(needs('swebench4'), file.benchmark.namespace);
      case 'pro':
        // What its program imports comes with that package too.
        return pro(needs('swebench5'), proSettings(file));
      case 'none':
        throw new Problem('grader_not_ready', `${file.benchmark.name} has no grader of its own`, { hint: 'set `grader: none`' });
    }
  };
}

function proSettings({ name, benchmark, grader }: EvaluationFile): Parameters<typeof pro>[1] {
  const { checkout, commit, dataset_is_code } = grader === 'none' ? {} : grader;
  if (checkout === undefined || commit === undefined) {
    throw new Problem('grader_not_ready', `evaluation ${name}: grader.${checkout === undefined ? 'checkout' : 'commit'} is missing`, {
      hint: 'the evaluation program of SWE-bench Pro is on no package registry: name a checkout and its commit',
    });
  }
  return { checkout, commit, dataset_is_code: dataset_is_code ?? false, namespace: benchmark.namespace };
}

async function bring(engine: Engine, instances: readonly BenchmarkInstance[], { signal, tell }: Work): Promise<void> {
  await bringImages(engine, instances, { signal, onProgress: (done, of) => tell(`images: ${done} of ${of}`) });
}

/** Names of models may be long; names of files may not. */
function short(name: string): string {
  return name.length <= 100 ? name : `${name.slice(0, 80)}-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
}
