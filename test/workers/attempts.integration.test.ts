import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activityInterceptor } from '../../workers/activity-interceptor.ts';
import { Attempts } from '../../workers/attempts.ts';
import { until, WorkflowRig } from '../workflows/world.ts';

let rig: WorkflowRig;
let folder: string;

beforeAll(async () => {
  rig = await WorkflowRig.open();
  folder = mkdtempSync(join(tmpdir(), 'tracemill-attempts-'));
});

afterAll(async () => {
  await rig.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A campaign of one task on a host of its own, with heartbeat timeouts that are too long to wait for. */
function campaignOn(host: string) {
  const run = rig.campaign(host, 1, 1);
  rig.world.hosts = [host];
  return { ...run, timeouts: { ...run.timeouts, heartbeat_seconds: 3600, rollout_seconds: 7200, host_seconds: 3600 } };
}

const recorded = (into: string) => ({ activity: [activityInterceptor(new Attempts(into))] });

describe('attempts on record', () => {
  it('of a worker that died are failed by the next one, so that the rollouts begin again at once', async () => {
    const run = campaignOn('dying');
    const silent = ['o__r-0/openhands', 'o__r-0/sweagent'];
    rig.world.silent = new Set(silent);
    await rig.addHost('dying', recorded(folder));
    const handle = await rig.start(run);
    await until(() => rig.world.atOnce === 2 && readdirSync(folder).length === 2);
    writeFileSync(join(folder, 'torn.json'), '{"token":"abc');
    expect(await new Attempts(folder).abandon(rig.environment.client.activity)).toBe(2);
    expect(await handle.result()).toMatchObject({ totals: { done: 2, lost: 0 } });
    expect(readdirSync(folder)).toEqual([]);
    rig.world.silent.clear();
  });

  it('that have ended meanwhile, or that the server does not know, are forgotten', async () => {
    const run = campaignOn('ended');
    rig.world.waiting = true;
    await rig.addHost('ended', recorded(folder));
    const handle = await rig.start(run);
    await until(() => readdirSync(folder).length === 2);
    const kept = mkdtempSync(join(tmpdir(), 'tracemill-attempts-'));
    cpSync(folder, kept, { recursive: true });
    rig.world.waiting = false;
    await handle.result();
    new Attempts(kept).begin({ token: Buffer.from('no token').toString('base64'), activity: 'rollout', workflow_id: 'pr/x/y' });
    expect(readdirSync(kept)).toHaveLength(3);
    expect(await new Attempts(kept).abandon(rig.environment.client.activity)).toBe(0);
    expect(readdirSync(kept)).toEqual([]);
    rmSync(kept, { recursive: true });
  });

  it('of a worker that is stopped are given back', async () => {
    const run = campaignOn('leaving');
    rig.world.waiting = true;
    const leaving = await rig.addHost('leaving', recorded(folder));
    const handle = await rig.start(run);
    await until(() => rig.world.atOnce === 2);
    for (const worker of leaving) worker.shutdown();
    await until(() => rig.world.atOnce === 0);
    rig.world.waiting = false;
    await rig.addHost('leaving', recorded(folder));
    expect(await handle.result()).toMatchObject({ totals: { done: 2, lost: 0 } });
    expect(readdirSync(folder)).toEqual([]);
  });
});
