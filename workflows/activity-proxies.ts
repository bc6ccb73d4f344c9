import { ActivityFailure, proxyActivities, TimeoutFailure, workflowInfo } from '@temporalio/workflow';
import { type ActivityOptions, type RetryPolicy, TimeoutType } from '@temporalio/common';
import type { RunTimeouts } from '../schemas/run-timeouts.ts';
import type {
  DatasetActivities,
  FilteringActivities,
  HostActivities,
  PlanningActivities,
  ReleaseWatchActivities,
  ScanningActivities,
  ShortActivities,
} from './contract/activities.ts';
import { hostQueue, type HostWork } from './contract/ids.ts';
import type { PipelineActivities } from './contract/pipeline-activities.ts';

/*
 * Limits are clocks, never attempts: a worker's death costs an attempt and is no failure. Time in which no worker takes
 * the work does not count: after a while each proxy schedules it again, with its clock at zero. So neither a night
 * without a worker nor a long queue ends anything. What fails again and again ends with its last failure when its
 * working time is over.
 */

const hour = 3600;
const day = 24 * hour;

const retry = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' } satisfies RetryPolicy;
/** Each try of these keeps a network or cores busy. */
const rarely: RetryPolicy = { ...retry, maximumInterval: '15 minutes' };

/** How long work may wait for a worker and how long it may be worked on, retries and the pauses between them included; seconds. */
export function clocks({ waiting, working }: { waiting: number; working: number }): ActivityOptions {
  return { scheduleToStartTimeout: waiting * 1000, scheduleToCloseTimeout: (waiting + working) * 1000, retry };
}

/** Store, ledger and server look-ups that any worker of the store may do. */
export const shortActivities = scheduledAgain(
  proxyActivities<Omit<ShortActivities, 'plan' | 'scan' | 'decide'>>({
    ...clocks({ waiting: hour, working: 4 * hour }),
    startToCloseTimeout: '5 minutes',
  }),
);

/** Reading all inputs of a campaign: seconds for a file on this machine, an hour for many large ones behind a slow line. */
export const planningActivities = scheduledAgain(
  proxyActivities<Pick<PlanningActivities, 'plan'>>({
    ...clocks({ waiting: hour, working: 4 * hour }),
    heartbeatTimeout: '1 minute',
  }),
);

/** What keeps a core busy for a while; any worker of the store may do it. */
export const analysisActivities = scheduledAgain(
  proxyActivities<ScanningActivities & Pick<FilteringActivities, 'decide'>>({
    ...clocks({ waiting: hour, working: 4 * hour }),
    startToCloseTimeout: '30 minutes',
    heartbeatTimeout: '2 minutes',
  }),
);

/** Reading the records of a pipeline's steps, and writing its report. */
export const pipelineActivities = scheduledAgain(
  proxyActivities<Pick<PipelineActivities, 'reportPipeline'>>({
    ...clocks({ waiting: hour, working: 4 * hour }),
    startToCloseTimeout: '30 minutes',
  }),
);

/** Waiting for another workflow: asked again and again by retries, which cost no history. */
export const waitingActivities = scheduledAgain(
  proxyActivities<ReleaseWatchActivities & Pick<PipelineActivities, 'awaitEnd'>>({
    ...clocks({ waiting: hour, working: 2 * day }),
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: '5 seconds', backoffCoefficient: 1 },
  }),
);

/**
 * Building a release, minutes to hours, in a process that a worker starts. When the host of that process is gone, nobody
 * polls the queue; any worker that answers then starts one. Errors that every attempt would meet end it at once.
 */
export function releaseActivities(taskQueue: string): DatasetActivities {
  const building = proxyActivities<DatasetActivities>({
    ...clocks({ waiting: 60, working: day }),
    taskQueue,
    heartbeatTimeout: '1 minute',
    retry: { ...retry, nonRetryableErrorTypes: ['artifact_damaged', 'artifact_missing', 'unknown_campaign'] },
  });
  return scheduledAgain(building, () => shortActivities.startReleaseWorker());
}

/** No worker serves the host any more. What needs neither its containers nor its journals can be done elsewhere. */
export class HostLost extends Error {}

/**
 * Work that needs a host's containers and journals, however long it waits there for a free slot. Throws {@link HostLost}
 * when no worker serves the host any more.
 */
export function hostActivities(host: string, { rollout_seconds, verification_seconds, heartbeat_seconds, host_seconds }: RunTimeouts) {
  const onUntaken = async () => {
    if (!(await shortActivities.isServed({ host }))) throw new HostLost(`no worker serves host ${host}`);
  };
  const heartbeatTimeout = heartbeat_seconds * 1000;
  const rollouts = proxyActivities<HostActivities['rollouts']>({
    ...clocks({ waiting: host_seconds, working: rollout_seconds }),
    taskQueue: queueOn(host, 'rollouts'),
    heartbeatTimeout,
    startToCloseTimeout: rollout_seconds * 1000,
    // An attempt that used all the time leaves none for another.
    retry: { ...retry, nonRetryableErrorTypes: ['TemporalTimeout:StartToClose'] },
  });
  const preparation = proxyActivities<Pick<HostActivities['preparation'], 'prepare'>>({
    // A registry that is down, or that limits pulls and says for how long.
    ...clocks({ waiting: host_seconds, working: day }),
    retry: rarely,
    taskQueue: queueOn(host, 'preparation'),
    heartbeatTimeout,
  });
  // Several runs of the tests, and the time to make their containers.
  const testing = verification_seconds * 5 + hour;
  const tests = proxyActivities<HostActivities['tests']>({
    ...clocks({ waiting: host_seconds, working: testing * 2 }),
    retry: rarely,
    taskQueue: queueOn(host, 'tests'),
    heartbeatTimeout,
    startToCloseTimeout: testing * 1000,
  });
  const { rollout } = scheduledAgain(rollouts, onUntaken);
  const { prepare } = scheduledAgain(preparation, onUntaken);
  const { gate, verify } = scheduledAgain(tests, onUntaken);
  return { rollout, prepare, gate, verify };
}

/** Removing containers, within minutes or not at all: nobody waits for a host whose worker is dead; the reaper does it later. */
export function cleanUpOn(host: string) {
  return proxyActivities<Pick<HostActivities['preparation'], 'cleanUp'>>({
    taskQueue: queueOn(host, 'preparation'),
    scheduleToStartTimeout: '1 minute',
    startToCloseTimeout: '1 minute',
    heartbeatTimeout: '30 seconds',
    scheduleToCloseTimeout: '3 minutes',
    retry: { initialInterval: '1 second', maximumAttempts: 3 },
  });
}

/** Workflows run on the shared queue of their store, by which the queues of its hosts are named. */
export function queueOn(host: string, work: HostWork): string {
  return hostQueue(workflowInfo().taskQueue, host, work);
}

/** Activities that are scheduled again while no worker takes them in time; `onUntaken` may end that by throwing. */
export function scheduledAgain<A extends object>(activities: A, onUntaken: () => Promise<void> = async () => undefined): A {
  return new Proxy(activities, {
    get(target, name) {
      const activity: unknown = Reflect.get(target, name);
      if (typeof activity !== 'function') return activity;
      return async (...input: unknown[]) => {
        for (;;) {
          try {
            const result: unknown = await Reflect.apply(activity, undefined, input);
            return result;
          } catch (error) {
            if (!nobodyTook(error)) throw error;
            await onUntaken();
          }
        }
      };
    },
  });
}

/** Nobody took the activity from its queue in time: it, or its next attempt, never began. */
function nobodyTook(error: unknown): boolean {
  return (
    error instanceof ActivityFailure && error.cause instanceof TimeoutFailure && error.cause.timeoutType === TimeoutType.SCHEDULE_TO_START
  );
}
