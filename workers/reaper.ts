import type { Client } from '@temporalio/client';
import { type HomeEngine, reap } from '../activities/sandbox/index.ts';
import { workflowStatus } from '../platform/temporal/workflow-status.ts';
import type { Logger } from '../platform/logger.ts';
import { messageOf } from '../schemas/problem.ts';
import { pullRequestWorkflowId } from '../workflows/contract/ids.ts';

const everyMs = 10 * 60_000;

/** Removes, every ten minutes, containers whose pull request no longer runs: those that a crash left behind. */
export function startReaper({ engine, client, logger }: { engine: HomeEngine; client: Client; logger: Logger }): { stop(): void } {
  const run = async () => {
    try {
      const removed = await reap(engine, { isLive: (owner) => isLive(client, owner) });
      if (removed.length > 0) logger.info({ removed }, 'removed containers that no pull request owns any more');
    } catch (error) {
      logger.warn({ error: messageOf(error) }, 'the reaper could not finish; it tries again later');
    }
  };
  void run();
  const timer = setInterval(() => void run(), everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Whether a pull request has not ended. */
export async function isLive(client: Client, { campaign, instance_id }: { campaign: string; instance_id: string }): Promise<boolean> {
  const status = await workflowStatus(client, pullRequestWorkflowId(campaign, instance_id));
  return status === 'RUNNING' || status === 'PAUSED';
}
