import { continueAsNew, startChild } from '@temporalio/workflow';
import type { Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { campaign } from '../../workflows/campaign.ts';
import { pullRequest } from '../../workflows/pull-request.ts';

/** Never called: `tsc` reads it, and fails where one of these were accepted. */
export async function nonsense(client: Client): Promise<void> {
  // @ts-expect-error: no input of a pull request
  await startChild(pullRequest, { args: [{ nonsense: true }] });
  // @ts-expect-error: without an input
  await startChild(pullRequest, { args: [] });
  // @ts-expect-error: no input of a campaign
  await continueAsNew<typeof campaign>({ nonsense: true });
  // @ts-expect-error: no input of a campaign
  await client.workflow.start<typeof campaign>('campaign', { taskQueue: 'q', workflowId: 'w', args: [{ nonsense: true }] });
}

describe('workflow types', () => {
  it('are what the functions are called, since children are started by their functions', () => {
    expect([campaign.name, pullRequest.name]).toEqual(['campaign', 'pullRequest']);
  });
});
