import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { messageOf } from '../../schemas/problem.ts';
import { PullRequestOutcome } from '../../schemas/pull-request.ts';
import { pullRequestWorkflowId } from '../../workflows/contract/ids.ts';

/** Outcomes of those pull requests that are not running any more, from the server; a terminated one cannot report. */
export async function endedPullRequests(
  client: Client,
  { campaign, instance_ids, cells }: { campaign: string; instance_ids: string[]; cells: number },
): Promise<PullRequestOutcome[]> {
  const outcomes: PullRequestOutcome[] = [];
  for (const instanceId of instance_ids) {
    const outcome = await outcomeOf(client, campaign, instanceId, cells);
    if (outcome !== undefined) outcomes.push(outcome);
  }
  return outcomes;
}

async function outcomeOf(client: Client, campaign: string, instanceId: string, cells: number): Promise<PullRequestOutcome | undefined> {
  const handle = client.workflow.getHandle(pullRequestWorkflowId(campaign, instanceId));
  const failed = (detail: string): PullRequestOutcome => ({
    instance_id: instanceId,
    status: 'failed',
    detail,
    totals: { planned: cells, done: 0, lost: 0, kept: 0, resolved: 0, turns: 0, prompt_tokens: 0, completion_tokens: 0, cost_usd: 0 },
  });
  try {
    const { status } = await handle.describe();
    if (status.name === 'RUNNING' || status.name === 'PAUSED') return undefined;
    return PullRequestOutcome.parse(await handle.result());
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return failed('it was never started, or the server forgot it');
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    const reported = cause instanceof ApplicationFailure ? PullRequestOutcome.safeParse(cause.details?.[0]) : undefined;
    return reported?.success === true ? reported.data : failed(messageOf(cause ?? error));
  }
}
