import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countFunnel } from '../../activities/ledger/funnel.ts';
import { detailText } from '../../cli/campaign-view.ts';
import { Problem } from '../../schemas/problem.ts';
import { campaignStatus } from '../../client/campaign-status.ts';
import { liveDetail } from '../../client/live-detail.ts';
import { cells, heartbeatOf, until, WorkflowRig } from '../workflows/world.ts';

let rig: WorkflowRig;

beforeAll(async () => {
  rig = await WorkflowRig.open();
});

afterAll(() => rig.close());

describe('the live detail of a task', () => {
  it('shows what running rollouts last said, and what became of the others', async () => {
    const run = rig.campaign('live', 1, 1);
    rig.world.waiting = true;
    rig.world.losing.add('o__r-0/sweagent');
    const handle = await rig.start(run);
    const { client } = rig.environment;
    await until(
      async () => rig.world.atOnce === 1 && (await liveDetail(client, 'live', 'o__r-0')).rollouts.some(({ live }) => live !== null),
    );
    const { stage, host, rollouts } = await liveDetail(client, 'live', 'o__r-0');
    expect({ stage, host }).toEqual({ stage: 'rollouts', host: 'here' });
    const [running, lost] = rollouts;
    expect(running).toMatchObject({ stage: 'rollout', live: { ...(cells[0] && heartbeatOf(cells[0])), attempt: 1 } });
    expect(lost).toMatchObject({ stage: 'lost', detail: 'disk_full: the disk is full', live: null });
    rig.world.waiting = false;
    await handle.result().catch(() => undefined);
    const [ended] = (await liveDetail(client, 'live', 'o__r-0')).rollouts;
    expect(ended).toMatchObject({ stage: 'done', turns: 3, usage: { prompt_tokens: 100 }, live: null, fate: { kept: true } });
  });

  it('names what failed and is tried again', async () => {
    const run = rig.campaign('retried', 1, 1);
    rig.world.imageProblems.set('o__r-0', [new Problem('image_pull_failed', 'the registry is down', { retryAfterMs: 2000 })]);
    const handle = await rig.start(run);
    const { client } = rig.environment;
    const show = () => liveDetail(client, 'retried', 'o__r-0').catch(() => null);
    await until(async () => (await show())?.retries.length === 1);
    const detail = await liveDetail(client, 'retried', 'o__r-0');
    const failed = { activity: 'prepare', attempt: 2, code: 'image_pull_failed', message: 'the registry is down' };
    expect(detail.retries).toEqual([{ ...failed, next_try: expect.stringMatching(/Z$/) }]);
    const { retries } = await campaignStatus(
      client,
      { campaignFunnel: async () => ({ total: countFunnel([]).total, cells: [] }) },
      'retried',
    );
    expect(retries).toEqual([{ ...failed, instance_id: 'o__r-0', next_try: expect.stringMatching(/Z$/) }]);
    expect(detailText(detail)).toMatch(
      /preparation on here\nprepare, attempt 2(, next try in \d s)?: image_pull_failed: the registry is down\n/,
    );
    await handle.result();
    expect((await liveDetail(client, 'retried', 'o__r-0')).retries).toEqual([]);
  });

  it('says so of a task that no campaign has begun', async () => {
    await expect(liveDetail(rig.environment.client, 'live', 'o__r-9')).rejects.toMatchObject({
      code: 'not_found',
      message: 'campaign live has not begun a task called o__r-9',
    });
  });

  it('says so when there is no worker to ask', async () => {
    const run = rig.campaign('asleep', 1, 1);
    const handle = await rig.start(run);
    await handle.result();
    await rig.stopWorkers();
    await expect(liveDetail(rig.environment.client, 'asleep', 'o__r-0')).rejects.toMatchObject({
      code: 'temporal_no_worker',
      hint: 'start one: tracemill worker',
    });
  });
});
