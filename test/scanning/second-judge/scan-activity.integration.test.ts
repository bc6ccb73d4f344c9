import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localStore } from '../../../activities/artifacts/local-store.ts';
import { getJson, putJson } from '../../../activities/artifacts/store.ts';
import { PlanReader } from '../../../activities/planning/activities.ts';
import { createScanningActivities } from '../../../activities/scanning/activities.ts';
import type { ScanInput } from '../../../schemas/activity-inputs.ts';
import { CampaignPlan } from '../../../schemas/campaign-plan.ts';
import { ScanReport } from '../../../schemas/finding.ts';
import { ScanResult } from '../../../schemas/scan-result.ts';
import { TeacherScript } from '../../../schemas/teacher-script.ts';
import { finish, task, trajectory } from '../../filtering/rows.ts';
import { Rig } from '../../model/rig.ts';

const words = 'I remember the upstream fix: it was merged as PR #4182 and strips the text.';
const said = JSON.stringify({ reason: 'it names the pull request', verdict: 'violation' });

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start([{ text: 'x' }], {
    scripts: [TeacherScript.parse({ name: 'reviewer', turns: [{ text: said, repeat: 'forever' }] })],
  });
});
afterAll(() => rig.end());

/** A worker's scan of one rollout; each call is a worker of its own. */
async function scan(judge?: object): Promise<ScanReport> {
  const store = localStore(join(rig.home, 'store'));
  const solver = { model: 'solver', base_url: rig.teacher.url };
  const plan = CampaignPlan.parse({
    campaign: {
      name: 'judged',
      tasks: ['tasks.jsonl'],
      harnesses: { openhands: {} },
      modes: { no_think: 'solver' },
      teachers: { solver, reviewer: rig.profile() },
      ...(judge !== undefined && { scanning: { judge } }),
    },
    templates: {},
    tasks: [],
    skipped: [],
  });
  const row = trajectory([{ content: words, arguments: '{"command":"ls"}' }, finish]);
  const input = {
    campaign: 'judged',
    plan: await putJson(store, plan),
    task: await putJson(store, task()),
    cell: { harness: 'openhands', mode: 'no_think' as const, teacher: 'solver', sample: 0 },
    trajectory: await putJson(store, row),
  };
  const activities = createScanningActivities({
    store,
    plans: new PlanReader(store),
    gateway: rig.client(),
    journals: rig.journals,
    answers: join(rig.home, 'answers'),
  });
  const run = (one: ScanInput) => activities.scan(one);
  const { report } = ScanResult.parse(await new MockActivityEnvironment({ attempt: 1 }).run(run, input));
  return await getJson(store, report, ScanReport);
}

describe('the scan of a campaign', () => {
  it('asks nobody unless its file names a second judge', async () => {
    expect((await scan()).judging).toBeUndefined();
    expect(rig.asked).toBe(0);
  });

  it('puts marked passages to the teacher that it names, and pays none twice when a worker has to scan again', async () => {
    const first = await scan({ teacher: 'reviewer', budget: { tokens: 100_000 } });
    const asked = rig.asked;
    expect(asked).toBeGreaterThan(0);
    expect(first).toMatchObject({ git_hack_attempted: true, judging: { model: 'scripted', answered: asked, cached: 0 } });
    expect(first.findings.some(({ judge }) => judge?.reason === 'it names the pull request')).toBe(true);
    const spent = (await rig.gateway.status())?.campaigns.find(({ campaign }) => campaign === 'judged');
    expect(spent).toMatchObject({ exchanges: asked });

    const again = await scan({ teacher: 'reviewer', budget: { tokens: 100_000 } });
    expect(rig.asked).toBe(asked);
    expect(again.findings).toEqual(first.findings);
    expect(again.judging).toMatchObject({ answered: 0, cached: asked, cost_usd: 0 });
  });
});
