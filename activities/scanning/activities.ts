import { heartbeating } from '../../platform/heartbeating.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import type { ScanningActivities } from '../../workflows/contract/activities.ts';
import { type ArtifactStore, getJson, putJson } from '../artifacts/store.ts';
import type { PlanReader } from '../planning/index.ts';
import { scanForCampaign } from './scan-for-campaign.ts';

export interface ScanningNeeds {
  store: ArtifactStore;
  plans: PlanReader;
}

export function createScanningActivities({ store, plans }: ScanningNeeds): ScanningActivities {
  return {
    async scan(input) {
      return heartbeating(async () => {
        const [{ campaign }, task, trajectory] = await Promise.all([
          plans.plan(input.plan),
          plans.task(input.task),
          getJson(store, input.trajectory, Trajectory),
        ]);
        const report = await scanForCampaign(trajectory, task, campaign.scanning.preset);
        return {
          report: await putJson(store, report),
          git_hack_attempted: report.git_hack_attempted,
          findings: report.findings.length,
        };
      });
    },
  };
}
