import { Context } from '@temporalio/activity';
import { asActivityFailure } from '../../workers/activity-failure.ts';
import { Problem } from '../../schemas/problem.ts';
import { TrainingFile } from '../../schemas/training.ts';
import type {
  JobEnd,
  JobWatch,
  SubmitInput,
  SuperviseInput,
  TrainingFilesResult,
  TrainingPlan,
  TrainingStart,
} from '../../schemas/training-run.ts';
import type { HostActivities } from '../../workflows/contract/activities.ts';

const sha256 = 'b'.repeat(64);
const ref = { sha256, size_bytes: 1, content_type: 'application/json' };

/** What became of a made-up training, and what is to become of it. */
export interface TrainingWorld {
  /** Activities in the order in which they began, submissions with their number. */
  calls: string[];
  /** How the next jobs end; those after them complete. */
  ends: Partial<JobEnd>[];
  /** Jobs that earlier starts saw end. */
  before: number;
  /** A record of the same inputs. */
  isFinished: boolean;
  /** What is wrong with the inputs. */
  wrong: Problem | null;
  /** Jobs do not end while this is set. */
  waits: boolean;
  /** Attempts at watching that fail before one goes on. */
  unreachable: number;
  cancelled: number;
}

export function freshTrainingWorld(): TrainingWorld {
  return { calls: [], ends: [], before: 0, isFinished: false, wrong: null, waits: false, unreachable: 0, cancelled: 0 };
}

export function exampleTraining(name: string, change: Partial<TrainingFile> = {}): TrainingStart {
  const file = TrainingFile.parse({ name, release: '/release', variants: { full: { base: 'coder' } }, trainer: { name: 'made-up' } });
  return { file: { ...file, ...change }, variant: 'full' };
}

export const watched: JobWatch = {
  state: 'running',
  detail: '',
  step: 7,
  total: 20,
  loss: 1.5,
  checkpoint: '/jobs/x/checkpoint-5',
  log_offset: 100,
  counted: null,
  heard_at: '2026-01-02T03:04:05.000Z',
};

export function trainingFilesActivity(world: TrainingWorld) {
  return async (): Promise<TrainingFilesResult> => {
    world.calls.push('writeTrainingFiles');
    return { rows: 2, tokens: 20, trained_tokens: 10, dropped: {}, sha256 };
  };
}

export function jobActivities(world: TrainingWorld): HostActivities['jobs'] {
  const called = (name: string) => world.calls.push(name);
  return {
    checkTraining: async ({ file, variant }) => {
      called('checkTraining');
      if (world.wrong !== null) throw asActivityFailure(world.wrong);
      const plan: TrainingPlan = {
        training: file.name,
        variant,
        base: 'coder',
        folder: '/jobs/x',
        inputs_sha256: sha256,
        release: { folder: file.release, content_sha256: sha256, rows: 2 },
        profile: 'openai-object',
        needs: { nodes: 1, gpus_per_node: 0, gpu_memory_gb: null, cpus_per_node: 1, memory_mb_per_node: 1, time_limit_seconds: null },
        finished: world.isFinished ? ref : null,
      };
      return plan;
    },
    prepareTraining: async ({ plan }) => {
      called('prepareTraining');
      const spec = {
        name: `${plan.training}-job`,
        kind: 'training' as const,
        folder: plan.folder,
        command: ['true'],
        environment: {},
        needs: plan.needs,
        grace_seconds: 1,
        image: null,
        spec_sha256: sha256,
      };
      return { spec, again: world.before };
    },
    submitJob: async ({ spec, again }: SubmitInput) => {
      called(`submitJob ${again}`);
      return { name: spec.name, id: `${again + 1}`, submitted_at: '2026-01-02T03:04:05.000Z', submission: again + 1 };
    },
    superviseJob: async ({ before }: SuperviseInput) => {
      called(`superviseJob ${before?.log_offset ?? 0}`);
      const context = Context.current();
      context.heartbeat(watched);
      if (world.unreachable > 0) {
        world.unreachable -= 1;
        throw asActivityFailure(new Problem('job_backend_unreachable', 'the scheduler does not answer'));
      }
      while (world.waits) {
        context.heartbeat(watched);
        await context.sleep(20);
      }
      const completed: JobEnd = {
        state: 'completed',
        exit_code: 0,
        detail: '',
        restarts: 0,
        watch: watched,
        cause: null,
        problem: null,
        resumable: false,
      };
      return { ...completed, ...world.ends.shift() };
    },
    cancelJob: async () => {
      called('cancelJob');
      world.cancelled += 1;
    },
    finishedTraining: async () => {
      called('finishedTraining');
      return { record: ref, curve: ref, folder: '/jobs/x/final', unchanged: true };
    },
    finishTraining: async () => {
      called('finishTraining');
      return { record: ref, curve: ref, folder: '/jobs/x/final', unchanged: false };
    },
  };
}
