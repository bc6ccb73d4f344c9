import { proxyActivities } from '@temporalio/workflow';
import type { RunTimeouts } from '../schemas/run-timeouts.ts';
import type { DatasetActivities, HostActivities, ShortActivities } from './contract/activities.ts';
import { hostQueue } from './contract/ids.ts';

/** Store, index and server look-ups that any worker may do. */
export const shortActivities = proxyActivities<ShortActivities>({
  startToCloseTimeout: '5 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 20 },
});

/** Building a release: minutes to hours, with a heartbeat. */
export const longActivities = proxyActivities<DatasetActivities>({
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes', maximumAttempts: 10 },
});

/** Work that needs a host's containers and journals. A worker's death costs one attempt each time, hence many. */
export function hostActivities(host: string, timeouts: RunTimeouts) {
  const { rollout_seconds, verification_seconds, heartbeat_seconds, host_seconds } = timeouts;
  const common = {
    heartbeatTimeout: heartbeat_seconds * 1000,
    scheduleToStartTimeout: host_seconds * 1000,
  };
  const retry = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' } as const;
  const { rollout } = proxyActivities<HostActivities['rollouts']>({
    ...common,
    taskQueue: hostQueue(host, 'rollouts'),
    startToCloseTimeout: rollout_seconds * 1000,
    retry: { ...retry, maximumAttempts: 50 },
  });
  // Several runs of the tests, and the time to make their containers.
  const startToCloseTimeout = (verification_seconds * 5 + 3600) * 1000;
  const { prepare, cleanUp } = proxyActivities<HostActivities['preparation']>({
    ...common,
    taskQueue: hostQueue(host, 'preparation'),
    startToCloseTimeout,
    // Most of an hour for a registry that is down; for one that limits pulls, and says how long, as many waits.
    retry: { ...retry, maximumAttempts: 50 },
  });
  const { gate, verify } = proxyActivities<HostActivities['tests']>({
    ...common,
    taskQueue: hostQueue(host, 'tests'),
    startToCloseTimeout,
    retry: { ...retry, maximumAttempts: 20 },
  });
  return { rollout, prepare, cleanUp, gate, verify };
}
