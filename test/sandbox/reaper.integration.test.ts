import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { openJobContainer } from '../../activities/sandbox/job-container.ts';
import { reap, removeCampaign, removeRollout, removeRollouts } from '../../activities/sandbox/reaper.ts';
import { containerName } from '../../activities/sandbox/rollout-container.ts';
import { docker, minimal, openSandbox, request } from './containers.ts';

const campaign = `reaper-${process.pid}`;
const ids = ['one', 'two'].map((task) => `${campaign}/owner__${task}-1/openhands/think/0`);

async function openAll(): Promise<string[]> {
  for (const rolloutId of ids) {
    const { sandbox } = await openSandbox(request({ rolloutId, campaign, image: minimal }));
    await sandbox.detach();
  }
  return ids.map(containerName);
}

async function left(): Promise<Set<string | undefined>> {
  const containers = await docker.listContainers({ all: true, filters: { label: [`tracemill.campaign=${campaign}`] } });
  return new Set(containers.map(({ Names }) => Names[0]?.slice(1)));
}

describe('the reaper', () => {
  it('removes the containers of pull requests that do not run, and no others', async () => {
    const [one = '', two = ''] = await openAll();
    const isLive = ({ instance_id }: { instance_id: string }) => instance_id === 'owner__one-1';
    expect(await reap(docker, { campaign, isLive, dryRun: true })).toEqual([two]);
    expect(await left()).toEqual(new Set([one, two]));
    expect(await reap(docker, { campaign, isLive })).toEqual([two]);
    expect(await left()).toEqual(new Set([one]));
    await removeRollout(docker, ids[0] ?? '');
    await removeRollout(docker, ids[0] ?? '');
    expect(await left()).toEqual(new Set());
  });

  it('removes the containers of one pull request or of a whole campaign', async () => {
    const [one = '', two = ''] = await openAll();
    expect(await removeRollouts(docker, { campaign, instance_id: 'owner__two-1' })).toEqual([two]);
    expect(await removeCampaign(docker, campaign)).toEqual([one]);
    expect(await left()).toEqual(new Set());
  });

  it('removes what a worker of this host left behind when it died', async () => {
    const { pid } = spawnSync('true');
    const open = (owner: string) =>
      openJobContainer(docker, {
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
      expect(await reap(docker, { campaign, isLive: () => true })).toHaveLength(1);
      await expect(dead.container.inspect()).rejects.toMatchObject({ statusCode: 404 });
      expect((await ours.container.inspect()).State.Running).toBe(true);
    } finally {
      for (const job of [dead, ours, elsewhere]) await job.remove();
    }
  });
});
