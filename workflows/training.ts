import {
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  setHandler,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  JobEnd,
  JobWatch,
  PreparedTraining,
  TrainingFilesResult,
  TrainingInput,
  TrainingResult,
  TrainingStart,
} from '../schemas/training-run.ts';
import { HostLost, shortActivities } from './activity-proxies.ts';
import { jobActivities, trainingFilesActivities } from './training-proxies.ts';
import type { HostActivities } from './contract/activities.ts';
import { releaseQueue } from './contract/ids.ts';
import { trainingProgressQuery } from './contract/messages.ts';
import { runEndAttributes, runStageAttribute } from './contract/search-keys.ts';
import { reportedProblem } from './reported-problem.ts';
import { TrainingState } from './training-state.ts';

/** Between a job that was ended before its time and the next one: doubled each time, up to the longest; seconds. */
const pause = { first: 5, longest: 600 };

/**
 * Trains one variant: its inputs are checked, its files written, one job runs at a time, and its model is put on record. The
 * same inputs give the same job, which another start goes on with, and a training that is finished is not run again.
 */
export async function training(start: TrainingStart): Promise<TrainingResult> {
  const state = new TrainingState(start);
  setHandler(trainingProgressQuery, () => state.progress());
  try {
    const result = await train(start, state);
    enter(state, 'done');
    return result;
  } catch (error) {
    if (isCancellation(error)) {
      enter(state, 'cancelled');
      throw error;
    }
    const { code, message, hint } = reportedProblem(error);
    state.problem = { code, message, hint };
    enter(state, 'failed');
    throw ApplicationFailure.create({ type: code, message, nonRetryable: true, details: [hint] });
  }
}

async function train(start: TrainingStart, state: TrainingState): Promise<TrainingResult> {
  const onHost = hostsOf(start, state);
  const plan = await onHost((host) => host.checkTraining(start));
  state.plan = plan;
  if (plan.finished !== null) return await onHost((host) => host.finishedTraining({ start, plan }));
  const input = { start, plan };
  enter(state, 'writing_files');
  await shortActivities.startReleaseWorker();
  const files = await trainingFilesActivities(releaseQueue(workflowInfo().taskQueue)).writeTrainingFiles(input);
  state.files = files;
  enter(state, 'submitting');
  const prepared = await onHost((host) => host.prepareTraining({ ...input, files }));
  return await runJob(input, files, prepared, state, onHost);
}

type OnHost = <T>(work: (host: HostActivities['jobs']) => Promise<T>) => Promise<T>;

async function runJob(
  input: TrainingInput,
  files: TrainingFilesResult,
  { spec, again }: PreparedTraining,
  state: TrainingState,
  onHost: OnHost,
): Promise<TrainingResult> {
  const { backend } = input.start.file;
  state.before(again);
  state.job = { name: spec.name, id: null };
  const begun = Date.now();
  let before: JobWatch | null = null;
  try {
    for (;;) {
      // Not to be torn: a cancellation waits until it is known whether there is a job to be cancelled.
      const ref = await CancellationScope.nonCancellable(() => onHost((host) => host.submitJob({ backend, spec, again: state.ended })));
      state.job = { name: spec.name, id: ref.id };
      enter(state, 'running');
      const end = await onHost((host) => host.superviseJob({ ...input, files, spec, ref, before }));
      if (end.problem === null) {
        enter(state, 'finishing');
        const seconds = (Date.now() - begun) / 1000;
        return await onHost((host) => host.finishTraining({ ...input, files, spec, ref, end, seconds }));
      }
      if (!state.goesOnAfter(end)) throw failureOf(end, state);
      before = end.watch;
      enter(state, 'submitting');
      await sleep(1000 * Math.min(pause.longest, pause.first * 2 ** (state.resubmitted - 1)));
    }
  } catch (error) {
    if (isCancellation(error)) {
      enter(state, 'cancelling');
      await CancellationScope.nonCancellable(() => onHost((host) => host.cancelJob({ backend, spec })));
    }
    throw error;
  }
}

/** Why the training ends with its job. */
function failureOf({ problem, resumable }: JobEnd, { left }: TrainingState): ApplicationFailure {
  const spent = resumable && left === 0 ? '; it was submitted again as often as the file allows (resubmissions)' : '';
  return ApplicationFailure.create({
    type: problem?.code ?? 'job_failed',
    message: `${problem?.message ?? 'the job failed'}${spent}`,
    nonRetryable: true,
    details: [problem?.hint ?? ''],
  });
}

/**
 * Runs steps on a host that has a worker. Processes of a host are watched there and nowhere else; what runs on a cluster can
 * be watched from any host that reaches the same folders.
 */
function hostsOf({ file }: TrainingStart, state: TrainingState): OnHost {
  return async (work) => {
    for (;;) {
      const host = state.host ?? (await shortActivities.acquireHost()).host;
      state.host = host;
      try {
        return await work(jobActivities(host, { lives: file.backend.type === 'local' }));
      } catch (error) {
        if (!(error instanceof HostLost)) throw error;
        state.host = null;
      }
    }
  };
}

function enter(state: TrainingState, stage: TrainingState['stage']): void {
  if (state.stage === stage) return;
  state.stage = stage;
  const ended = stage === 'done' || stage === 'failed' || stage === 'cancelled';
  upsertSearchAttributes(ended ? runEndAttributes(stage) : [runStageAttribute(stage)]);
}
