import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { EvaluationActivities } from './contract/evaluation-activities.ts';
import { clocks, queueOn, scheduledAgain } from './activity-proxies.ts';

const minute = 60;
const hour = 3600;
const day = 24 * hour;

type Name = keyof EvaluationActivities;

/**
 * The steps of an evaluation, on the host that has its files and its server: they wait for the worker of that host for as
 * long as it takes.
 */
export function evaluationActivities(host: string): EvaluationActivities {
  const common = { taskQueue: queueOn(host, 'evaluations'), heartbeatTimeout: '1 minute' } as const;
  const within = <K extends Name>(working: number) =>
    scheduledAgain(proxyActivities<Pick<EvaluationActivities, K>>({ ...common, ...clocks({ waiting: 5 * minute, working }) }));
  const reading = within<'planEvaluation' | 'planRollouts' | 'finishEvaluation' | 'finishedEvaluation'>(day);
  // It may have to make a Python environment, and a backend may be down.
  const submitting = within<'startServer' | 'stopServer'>(2 * day);
  // Waiting in the queue of a cluster counts, too; the time of the start itself is kept by the activity.
  const starting = within<'awaitServer'>(8 * day);
  const asking = within<'runCanary'>(10 * minute);
  const grading = within<'gradeEvaluation'>(7 * day);
  // Given up at once when the rollouts are done: the job is not its own.
  const watching = scheduledAgain(
    proxyActivities<Pick<EvaluationActivities, 'watchServer'>>({
      ...common,
      ...clocks({ waiting: 5 * minute, working: 180 * day }),
      cancellationType: ActivityCancellationType.TRY_CANCEL,
    }),
  );
  return {
    planEvaluation: (input) => reading.planEvaluation(input),
    planRollouts: (input) => reading.planRollouts(input),
    startServer: (input) => submitting.startServer(input),
    awaitServer: (input) => starting.awaitServer(input),
    watchServer: (input) => watching.watchServer(input),
    stopServer: (input) => submitting.stopServer(input),
    runCanary: (input) => asking.runCanary(input),
    gradeEvaluation: (input) => grading.gradeEvaluation(input),
    finishEvaluation: (input) => reading.finishEvaluation(input),
    finishedEvaluation: (input) => reading.finishedEvaluation(input),
  };
}
