import type { Client } from '@temporalio/client';

/** A worker asks for workflow tasks each minute at least, however many it has. */
const silenceMs = 90_000;

const workflowTasks = 1;

/** Whether a worker asked for workflow tasks of a queue lately. */
export async function queueIsServed({ workflowService, options: { namespace } }: Client, queue: string): Promise<boolean> {
  const { pollers } = await workflowService.describeTaskQueue({ namespace, taskQueue: { name: queue }, taskQueueType: workflowTasks });
  const asked = (pollers ?? []).map(({ lastAccessTime }) => 1000 * Number(lastAccessTime?.seconds ?? 0));
  return asked.some((time) => Date.now() - time < silenceMs);
}
