import { heartbeating } from '../../platform/heartbeating.ts';
import type { Campaign } from '../../schemas/campaign.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import type { ScanningActivities } from '../../workflows/contract/activities.ts';
import { type ArtifactStore, getJson, putJson } from '../artifacts/store.ts';
import type { GatewayClient } from '../model/gateway/client.ts';
import type { PlanReader } from '../planning/index.ts';
import { openSecondJudge } from './second-judge/open-second-judge.ts';
import type { SecondJudge } from './second-judge/second-judge.ts';
import { scanForCampaign } from './scan-for-campaign.ts';

export interface ScanningNeeds {
  store: ArtifactStore;
  plans: PlanReader;
  /** For a second judge, where a campaign has one. */
  gateway: GatewayClient;
  /** Folders of this host: of all journals, and of the answers of second judges. */
  journals: string;
  answers: string;
}

export function createScanningActivities({ store, plans, gateway, journals, answers }: ScanningNeeds): ScanningActivities {
  /** One for each campaign: its trajectories share the budget. */
  const judges = new Map<string, Promise<SecondJudge>>();

  function judgeOf({ name, budget, teachers, scanning: { judge } }: Campaign): Promise<SecondJudge> | undefined {
    const teacher = judge === undefined ? undefined : teachers[judge.teacher];
    if (judge === undefined || teacher === undefined) return undefined;
    const { teacher: teacherName, ...terms } = judge;
    const asked = { gateway, campaign: name, budget, journals, teacherName, teacher };
    const key = JSON.stringify([name, judge, teacher]);
    const known = judges.get(key) ?? openSecondJudge({ ...asked, terms, cache: answers, journalled: true });
    judges.set(key, known);
    known.catch(() => judges.delete(key));
    return known;
  }

  return {
    async scan(input) {
      return heartbeating(async ({ signal }) => {
        const [{ campaign }, task, trajectory] = await Promise.all([
          plans.plan(input.plan),
          plans.task(input.task),
          getJson(store, input.trajectory, Trajectory),
        ]);
        const judge = await judgeOf(campaign);
        const report = await scanForCampaign(trajectory, task, campaign.scanning.preset, judge && { judge, signal });
        return {
          report: await putJson(store, report),
          git_hack_attempted: report.git_hack_attempted,
          findings: report.findings.length,
        };
      });
    },
  };
}
