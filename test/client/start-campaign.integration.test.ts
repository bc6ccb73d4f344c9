import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownWorkflowStatus } from '../../client/own-workflow.ts';
import { startCampaign } from '../../client/start-campaign.ts';
import { campaignWorkflowId, sharedQueue } from '../../workflows/contract/ids.ts';
import { exampleFile } from '../workflows/world.ts';
import { startTestServer } from '../workflows/temporal-server.ts';

let server: TestWorkflowEnvironment;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.teardown());

const [storeA, storeB] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'] as const;
function start(storeId: string, name: string) {
  return startCampaign(server.client, storeId, exampleFile(name));
}

const foreign = {
  code: 'campaign_of_another_store',
  message: expect.stringMatching(/store aaaaaaaaaaaa; this home has store bbbbbbbbbbbb/),
};

describe('two stores on one namespace', () => {
  it('have queues of their own', async () => {
    await start(storeA, 'first');
    await start(storeB, 'second');
    const queueOf = async (name: string) => (await server.client.workflow.getHandle(campaignWorkflowId(name)).describe()).taskQueue;
    expect(await Promise.all(['first', 'second'].map(queueOf))).toEqual([sharedQueue(storeA), sharedQueue(storeB)]);
  });

  it('cannot share a campaign of one name: the second start says whose it is, while it runs and afterwards', async () => {
    expect(await start(storeA, 'taken')).toBe('started');
    expect(await start(storeA, 'taken')).toBe('running');
    await expect(start(storeB, 'taken')).rejects.toMatchObject(foreign);
    await server.client.workflow.getHandle(campaignWorkflowId('taken')).terminate();
    await expect(start(storeB, 'taken')).rejects.toMatchObject(foreign);
    expect(await start(storeA, 'taken')).toBe('started');
  });

  it('that start at the same moment agree on one of them', async () => {
    const outcomes = await Promise.allSettled([start(storeA, 'contested'), start(storeB, 'contested'), start(storeA, 'contested')]);
    const { taskQueue } = await server.client.workflow.getHandle(campaignWorkflowId('contested')).describe();
    const lost = taskQueue === sharedQueue(storeA) ? [outcomes[1]] : [outcomes[0], outcomes[2]];
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual(lost);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value === 'started')).toHaveLength(1);
  });

  it('do not see each other’s workflows as theirs', async () => {
    await start(storeA, 'mine');
    expect(await ownWorkflowStatus(server.client, storeA, campaignWorkflowId('mine'))).toBe('RUNNING');
    expect(await ownWorkflowStatus(server.client, storeB, campaignWorkflowId('mine'))).toBeUndefined();
  });
});
