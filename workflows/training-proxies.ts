import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import { clocks, HostLost, queueOn, scheduledAgain, shortActivities } from './activity-proxies.ts';
import type { HostActivities } from './contract/activities.ts';
import type { TrainingFilesActivities } from './contract/training-activities.ts';

const day = 24 * 3600;
/** What is under way is wound up by who does it, before the workflow goes on: a job gets its checkpoint, a folder is tidied. */
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

/** Writing training files: done where releases are built, and found again in the same way. */
export function trainingFilesActivities(taskQueue: string): TrainingFilesActivities {
  const writing = proxyActivities<TrainingFilesActivities>({
    ...clocks({ waiting: 60, working: 2 * day }),
    taskQueue,
    cancellationType,
    heartbeatTimeout: '1 minute',
  });
  return scheduledAgain(writing, () => shortActivities.startReleaseWorker());
}

/**
 * Jobs, from the host that watches them. A backend that is down is asked again for a week. `lives`: whether the host's own
 * processes are the jobs, so that nobody else can go on with them; {@link HostLost} is thrown only where another host can.
 */
export function jobActivities(host: string, { lives }: { lives: boolean }): HostActivities['jobs'] {
  const onUntaken = async () => {
    if (!lives && !(await shortActivities.isServed({ host }))) throw new HostLost(`no worker serves host ${host}`);
  };
  const common = { taskQueue: queueOn(host, 'jobs'), heartbeatTimeout: '1 minute', cancellationType } as const;
  const short = proxyActivities<Omit<HostActivities['jobs'], 'superviseJob'>>({ ...common, ...clocks({ waiting: 300, working: 7 * day }) });
  // Waiting in the queue of a cluster counts, too; the job's own time limit is the backend's to keep.
  const long = proxyActivities<Pick<HostActivities['jobs'], 'superviseJob'>>({
    ...common,
    ...clocks({ waiting: 300, working: 180 * day }),
  });
  const { checkTraining, prepareTraining, submitJob, cancelJob, finishedTraining, finishTraining } = scheduledAgain(short, onUntaken);
  const { superviseJob } = scheduledAgain(long, onUntaken);
  return { checkTraining, prepareTraining, submitJob, cancelJob, finishedTraining, finishTraining, superviseJob };
}
