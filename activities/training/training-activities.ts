import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { heartbeating } from '../../platform/heartbeating.ts';
import { replaceFile } from '../../platform/replace-file.ts';
import { Problem } from '../../schemas/problem.ts';
import { JobWatch, type TrainingStart } from '../../schemas/training-run.ts';
import type { JobBackendSettings } from '../../schemas/job.ts';
import type { JobActivities, TrainingActivities } from '../../workflows/contract/training-activities.ts';
import { finishedTraining, finishTraining } from './finish-training.ts';
import { chatTemplate } from '../rendering/chat-template.ts';
import { readTrainingFiles } from './files/manifest.ts';
import { commandOf, filesFolder, planTraining, resolveTraining, specOf, templateFile } from './plan-training.ts';
import { supervise } from './supervise.ts';
import type { TrainingNeeds } from './training-needs.ts';

/** Between two looks at a job, by backend: a process is looked at at once, a scheduler is asked as seldom as its makers want. */
const pollMs: Record<JobBackendSettings['type'], number> = { local: 1000, slurm: 15_000, kubernetes: 10_000 };

/** The interpreter of a variant's trainer; what it takes to build it travels in heartbeats. */
async function programOf(
  start: TrainingStart,
  { trainers }: TrainingNeeds,
  signal: AbortSignal,
  beat: (details: unknown) => void,
): Promise<string> {
  const { trainer, settings } = resolveTraining(start, trainers);
  return await trainer.program({ settings, backend: start.file.backend.type, signal, onProgress: (doing) => beat({ doing }) });
}

export function createJobActivities({ backend }: Pick<TrainingNeeds, 'backend'>): JobActivities {
  return {
    async submitJob({ backend: settings, spec, again }) {
      return heartbeating(async () => backend(settings).submit(spec, again));
    },

    async cancelJob({ backend: settings, spec }) {
      await heartbeating(async () => {
        const jobs = backend(settings);
        const ref = await jobs.find(spec);
        if (ref !== null) await jobs.cancel(ref, spec);
      });
    },
  };
}

export function createTrainingActivities(needs: TrainingNeeds): TrainingActivities {
  return {
    async checkTraining(start) {
      return heartbeating(async ({ signal, beat }) => {
        const plan = await planTraining(start, needs);
        // A trainer that cannot be had is better known before hours of writing files.
        if (plan.finished === null) await programOf(start, needs, signal, beat);
        return plan;
      });
    },

    async prepareTraining({ start, plan, files }) {
      return heartbeating(async ({ signal, beat }) => {
        const resolved = resolveTraining(start, needs.trainers);
        const python = await programOf(start, needs, signal, beat);
        const folder = join(plan.folder, filesFolder);
        const written = await readTrainingFiles(folder);
        const command = commandOf(resolved, plan, { python, files: written.files.map(({ path }) => join(folder, path)), rows: files.rows });
        const texts = { ...command.files, [templateFile]: chatTemplate(plan.base).text };
        for (const [path, text] of Object.entries(texts)) replaceFile(join(plan.folder, path), text);
        const spec = specOf(resolved, plan, command);
        const jobs = needs.backend(start.file.backend);
        const ref = await jobs.find(spec);
        if (ref === null) return { spec, again: 0 };
        const { state } = await jobs.status(ref, spec);
        const goesOn = state === 'pending' || state === 'running' || state === 'completed';
        return { spec, again: goesOn ? ref.submission - 1 : ref.submission };
      });
    },

    async superviseJob({ start, spec, ref, before, files }) {
      const settings = start.file.backend;
      const backend = needs.backend(settings);
      const { trainer, variant } = resolveTraining(start, needs.trainers);
      const { rows, tokens, trained_tokens } = files;
      const expected = variant.tokenizer_sha256 === undefined ? { rows, tokens, trained_tokens } : null;
      const from = JobWatch.safeParse(Context.current().info.heartbeatDetails).data ?? before;
      return heartbeating(async ({ signal, beat }) => {
        try {
          return await supervise({ backend, trainer, spec, ref, expected, from, pollMs: pollMs[settings.type], signal, onWatch: beat });
        } catch (error) {
          // A worker that shuts down leaves the job to the next one.
          const isWrong = error instanceof Problem && error.code === 'trained_tokens_differ';
          if (isWrong || Context.current().cancellationDetails?.cancelRequested === true) await backend.cancel(ref, spec);
          throw error;
        }
      });
    },

    async finishedTraining(input) {
      return finishedTraining(input, needs);
    },

    async finishTraining(input) {
      return heartbeating(({ signal, beat }) => finishTraining(input, needs, { signal, onFile: (path) => beat({ checking: path }) }));
    },
  };
}
