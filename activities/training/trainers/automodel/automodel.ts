import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { FailureSign } from '../../../jobs/failure-signs.ts';
import { defineTrainer } from '../../define-trainer.ts';

import { cpuProof, neededMachines, openSweTraces, passesOfStep, processesOf } from '../../trainer-settings.ts';
import { jobEnvironment, underTorchrun } from '../job-environment.ts';
import { checkpointsIn, exists } from './checkpoints.ts';
import { configurationOf } from './configuration.ts';
import { readAutoModelOutput } from './read-output.ts';
import { AutoModelSettings } from './settings.ts';

const cpuProgram = join(import.meta.dirname, 'cpu_proof.py');

const signs: readonly FailureSign[] = [
  {
    pattern: /FileExistsError.*(epoch_\d+_step_\d+|already exists)/,
    cause: 'file_exists',
    retryable: false,
    detail: 'a checkpoint of this step is published already and is never overwritten: was the same folder used by another run?',
  },
  {
    pattern: /must be divisible by local_batch_size \* dp_size/,
    cause: 'unknown',
    retryable: false,
    detail: 'the job had another number of GPUs than its configuration was written for',
  },
];

const checkpointFolder = (folder: string) => join(folder, 'checkpoints');

/** NeMo AutoModel, the default: its own recipe with a configuration of ours. */
export const automodel = defineTrainer<AutoModelSettings>({
  name: 'automodel',
  version: 'nemo-automodel 0.7.0',
  profile: 'automodel',
  schema: AutoModelSettings,
  presets: {
    'open-swe-traces': {
      ...openSweTraces,
      context_parallel: 8,
      pipeline_parallel: 1,
      tensor_parallel: 1,
      expert_parallel: 8,
      activation_checkpointing: true,
    },
    'cpu-proof': {
      ...cpuProof,
      rows_at_once: 1,
      context_parallel: 1,
      pipeline_parallel: 1,
      tensor_parallel: 1,
      expert_parallel: 1,
      activation_checkpointing: false,
    },
  },
  environment: 'automodel',
  modules: ({ device }) => ['nemo_automodel', ...(device === 'cpu' ? [] : ['transformer_engine', 'deep_ep'])],
  failureSigns: signs,
  needs: (student, { device }) => neededMachines(student, device),
  configure: (plan) => {
    const { settings, needs, folder, model, python } = plan;
    const { device } = settings;
    const processes = processesOf(needs, device);
    const sharing = settings.context_parallel * settings.pipeline_parallel * settings.tensor_parallel;
    if (processes % sharing !== 0) {
      const message = `${processes} GPUs cannot be shared evenly by context × pipeline × tensor = ${sharing}`;
      return { path: ['context_parallel'], message };
    }
    if ((processes / settings.pipeline_parallel) % settings.expert_parallel !== 0) {
      return { path: ['expert_parallel'], message: `the experts cannot be shared by ${settings.expert_parallel} of ${processes} GPUs` };
    }
    if (settings.rows_at_once < settings.pipeline_parallel) {
      return { path: ['rows_at_once'], message: `a pipeline of ${settings.pipeline_parallel} parts needs as many rows at once` };
    }
    const replicas = processes / sharing;
    const passes = passesOfStep(settings, replicas);
    if (typeof passes !== 'number') return passes;
    const configuration = configurationOf(plan, { checkpoints: checkpointFolder(folder) });
    const path = join(folder, 'trainer', 'config.yaml');
    const isCpu = device === 'cpu';
    return {
      files: {
        'trainer/config.yaml': stringify(configuration),
        ...(isCpu ? { 'trainer/cpu_proof.py': readFileSync(cpuProgram, 'utf8') } : {}),
      },
      // Its command line refuses machines without CUDA.
      command: isCpu
        ? [python, join(folder, 'trainer', 'cpu_proof.py'), path]
        : underTorchrun(python, needs, ['-m', 'nemo_automodel.cli.app', path]),
      environment: jobEnvironment(folder, model, needs),
      grace_seconds: settings.checkpoint_seconds,
    };
  },
  readOutput: readAutoModelOutput,
  checkpoints: async (folder) => await checkpointsIn(checkpointFolder(folder)),
  finalModel: async (folder) => {
    const newest = (await checkpointsIn(checkpointFolder(folder))).at(-1);
    if (newest === undefined) return null;
    // Only the last checkpoint of a training is put together in the form of Hugging Face.
    const model = join(newest.folder, 'model', 'consolidated');
    return (await exists(join(model, 'config.json'))) ? model : null;
  },
});
