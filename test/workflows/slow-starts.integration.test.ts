import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pullRequestWorkflowId } from '../../workflows/contract/ids.ts';
import { detailQuery, pauseUpdate, progressQuery, resumeUpdate } from '../../workflows/contract/messages.ts';
import { until, WorkflowRig } from './world.ts';

let rig: WorkflowRig;

beforeAll(async () => {
  rig = await WorkflowRig.open([], { workflowModules: [join(import.meta.dirname, 'slow-child-starts.ts')] });
});

afterAll(() => rig.close());

describe('a campaign whose children the server is slow to start', () => {
  const detail = (campaign: string, task: string) =>
    rig.environment.client.workflow.getHandle(pullRequestWorkflowId(campaign, task)).query(detailQuery);

  it('lets rollouts begin whose turn came before their pull request was there', async () => {
    const run = rig.campaign('early-turn', 2, 1, 1);
    expect(await (await rig.start(run)).result()).toMatchObject({ counts: { done: 2 }, totals: { done: 4 } });
  });

  it('pauses and resumes what was not there yet when the operator asked', async () => {
    const handle = await rig.start(rig.campaign('early-pause', 1, 1));
    await until(async () => (await handle.query(progressQuery)).started === 1);
    await handle.executeUpdate(pauseUpdate, { args: ['night'] });
    await until(
      async () =>
        await detail('early-pause', 'o__r-0').then(
          ({ paused }) => paused,
          () => false,
        ),
    );
    expect(rig.world.done).toEqual([]);
    await handle.executeUpdate(resumeUpdate);
    expect(await handle.result()).toMatchObject({ counts: { done: 1 } });
  });
});
