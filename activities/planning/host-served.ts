import type { Client } from '@temporalio/client';
import { hostQueue, hostWork } from '../../workflows/contract/ids.ts';

/** A worker with a free slot asks for work each minute at least. */
const silenceMs = 5 * 60_000;

const activityTasks = 2;

/**
 * Whether a worker asked lately for work of any kind from that host of the shared queue's store: a queue that is merely
 * long must not count as a host that is gone, and a worker asks for no rollout while all its slots for rollouts are taken.
 */
export async function hostIsServed({ workflowService, options: { namespace } }: Client, shared: string, host: string): Promise<boolean> {
  const queues = await Promise.all(
    hostWork.map((work) =>
      workflowService.describeTaskQueue({ namespace, taskQueue: { name: hostQueue(shared, host, work) }, taskQueueType: activityTasks }),
    ),
  );
  const polls = queues.flatMap(({ pollers }) => pollers ?? []).map(({ lastAccessTime }) => 1000 * Number(lastAccessTime?.seconds ?? 0));
  return polls.some((time) => Date.now() - time < silenceMs);
}
