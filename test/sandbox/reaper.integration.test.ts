import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { openJobContainer } from '../../activities/sandbox/job-container.ts';
import { reap, removeCampaign, removeRollout, removeRollouts } from '../../activities/sandbox/reaper.ts';
import { containerName } from '../../activities/sandbox/rollout-container.ts';
import { engine, minimal, openSandbox, request } from './containers.ts';

const campaign = `reaper-${process.pid}`;
const ids = ['one', 'two'].map((task) => `${campaign}/owner__${task}-1/openhands/think/0`);

async function openAll(): Promise<string[]> {
  for (const rolloutId of ids) {
    const { sandbox } = await openSandbox(request({ rolloutId, campaign, image: minimal }));
    await sandbox.detach();
  }
  return ids.map((id) => containerName(engine.home, id));
}

async function left(): Promise<Set<string>> {
  return new Set((await engine.listContainers([`tracemill.campaign=${campaign}`])).map(({ name }) => name));
}

describe('the reaper', () => {
  it('removes the containers of pull requests that do not run, and no others', async () => {
    const [one = '', two = ''] = await openAll();
    const isLive = ({ instance_id }: { instance_id: string }) => instance_id === 'owner__one-1';
    expect(await reap(engine, { campaign, isLive, dryRun: true })).toEqual([two]);
    expect(await left()).toEqual(new Set([one, two]));
    expect(await reap(engine, { campaign, isLive })).toEqual([two]);
    expect(await left()).toEqual(new Set([one]));
    await removeRollout(engine, ids[0] ?? '');
    await removeRollout(engine, ids[0] ?? '');
    expect(await left()).toEqual(new Set());
  });

  it('removes the containers of one pull request or of a whole campaign', async () => {
    const [one = '', two = ''] = await openAll();
    expect(await removeRollouts(engine, { campaign, instance_id: 'owner__two-1' })).toEqual([two]);
    expect(await removeCampaign(engine, campaign)).toEqual([one]);
    expect(await left()).toEqual(new Set());
  });

  it('removes what a worker of this host left behind when it died', async () => {
    const { pid } = spawnSync('true');
    const open = (owner: string) =>
      openJobContainer(engine, {
        image: minimal,
        network: 'none',
        labels: { 'tracemill.campaign': campaign, 'tracemill.owner': owner },
        signal: undefined,
      });
    const [dead, ours, elsewhere] = [
      await open(`${hostname()}/${pid}`),
      await open(`${hostname()}/${process.pid}`),
      await open(`elsewhere/${pid}`),
    ];
    try {
      expect(await reap(engine, { campaign, isLive: () => true })).toHaveLength(1);
      await expect(dead.container.inspect()).rejects.toMatchObject({ reason: 'missing' });
      expect((await ours.container.inspect()).running).toBe(true);
    } finally {
      for (const job of [dead, ours, elsewhere]) await job.remove();
    }
  });
});
