import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';

/** A worker asks for workflow tasks each minute at least, however many it has. */
const silenceMs = 90_000;

const workflowTasks = 1;

/** How long a worker that has just started gets to ask for work; milliseconds. */
const patienceMs = 3000;

/** Whether a worker asked for workflow tasks of a queue lately, or does so in a moment. */
export async function queueIsServed(client: Client, queue: string): Promise<boolean> {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await sleep(100)) {
    if (await askedLately(client, queue)) return true;
  }
  return false;
}

async function askedLately({ workflowService, options: { namespace } }: Client, queue: string): Promise<boolean> {
  const { pollers } = await workflowService.describeTaskQueue({ namespace, taskQueue: { name: queue }, taskQueueType: workflowTasks });
  const asked = (pollers ?? []).map(({ lastAccessTime }) => 1000 * Number(lastAccessTime?.seconds ?? 0));
  return asked.some((time) => Date.now() - time < silenceMs);
}
