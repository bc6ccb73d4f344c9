import { WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRelease } from '../../client/release.ts';
import { releaseWorkflowId } from '../../workflows/contract/ids.ts';
import { until, WorkflowRig } from './world.ts';

let rig: WorkflowRig;

beforeAll(async () => {
  rig = await WorkflowRig.open();
});

afterAll(() => rig.close());

const idOf = (campaign: string) => releaseWorkflowId(campaign, 'v1');
const handleOf = (campaign: string) => rig.environment.client.workflow.getHandle(idOf(campaign));
const runsOf = async (campaign: string) => {
  let runs = 0;
  for await (const _ of rig.environment.client.workflow.list({ query: `WorkflowId = '${idOf(campaign)}'` })) runs += 1;
  return runs;
};

describe('the release of a campaign', () => {
  it('is built at its end by one workflow of its own, found under the campaign', async () => {
    const run = rig.campaign('ended', 2, 2);
    expect(await (await rig.start(run)).result()).toMatchObject({ release: { version: 'v1', rows: 4 } });
    expect(await handleOf('ended').result()).toMatchObject({ version: 'v1', rows: 4 });
    await until(async () => (await runsOf('ended')) === 1);
    expect(rig.world).toMatchObject({ releasing: 1, releaseWorkers: { asked: 1 }, releaseInputs: [{ campaign: 'ended', version: 'v1' }] });
  });

  it('replaces, is called and lets in what the file of the campaign says', async () => {
    const run = rig.campaign('ordered', 1, 1);
    const release_options = { form: 'messages' as const, redact: ['emails' as const], licences: ['MIT'] };
    await (await rig.start({ ...run, release_options })).result();
    expect(rig.world.releaseInputs).toEqual([
      { campaign: 'ordered', version: 'v1', form: 'messages', redact: ['emails'], query: { campaigns: ['ordered'], licences: ['MIT'] } },
    ]);
  });

  it('is joined, while it is being built, by others who ask for the same version', async () => {
    const run = rig.campaign('joined', 1, 1);
    rig.world.releaseWaits = true;
    const campaign = await rig.start(run);
    await until(() => rig.world.releasing === 1);
    const asked = await startRelease(rig.environment.client, 'test', { campaign: 'joined', version: 'v1' });
    rig.world.releaseWaits = false;
    expect(await asked.result()).toMatchObject({ rows: 2 });
    expect((await campaign.result()).release).toEqual(await asked.result());
    expect(rig.world.releasing).toBe(1);
  });

  it('is built after one that somebody asked for before the last row, and not taken from that', async () => {
    const run = rig.campaign('early', 1, 1);
    rig.world.releaseWaits = true;
    const asked = await startRelease(rig.environment.client, 'test', { campaign: 'early', version: 'v1' });
    await until(() => rig.world.releasing === 1);
    const campaign = await rig.start(run);
    await until(() => rig.world.done.length === 2);
    rig.world.releaseWaits = false;
    await asked.result();
    expect(await campaign.result()).toMatchObject({ state: 'done', release: { rows: 2 } });
    expect(rig.world.releasing).toBe(2);
  });

  it('that cannot be built ends the campaign as failed, whose next start builds it and nothing else', async () => {
    const run = rig.campaign('unreleased', 1, 1);
    rig.world.releaseFails = true;
    const failure = await (await rig.start(run)).result().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      cause: {
        type: 'campaign_unreleased',
        message: expect.stringContaining('release v1 could not be built: artifact_damaged: sha256 differs'),
      },
    });
    rig.world.releaseFails = false;
    expect(await (await rig.start(run)).result()).toMatchObject({ state: 'done', release: { rows: 2 } });
    expect(rig.world.done).toHaveLength(2);
  });

  it('that somebody else cancels does not cancel the campaign', async () => {
    const run = rig.campaign('disturbed', 1, 1);
    rig.world.releaseWaits = true;
    const campaign = await rig.start(run);
    await until(() => rig.world.releasing === 1);
    await handleOf('disturbed').cancel();
    await expect(campaign.result()).rejects.toMatchObject({ cause: { type: 'campaign_unreleased' } });
  });

  it('is built again when that is asked for', async () => {
    rig.campaign('again', 1, 1);
    for (const builds of [1, 2]) {
      await (await startRelease(rig.environment.client, 'test', { campaign: 'again', version: 'v1' })).result();
      expect(rig.world.releasing).toBe(builds);
    }
  });

  it('is cancelled when that is asked for', async () => {
    rig.campaign('cancelled', 1, 1);
    rig.world.releaseWaits = true;
    const handle = await startRelease(rig.environment.client, 'test', { campaign: 'cancelled', version: 'v1' });
    await until(() => rig.world.releasing === 1);
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
  });
});
