import type { LostInput } from '../../schemas/activity-inputs.ts';
import { ScanReport } from '../../schemas/finding.ts';
import { decidingRule } from '../../schemas/ledger-entry.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import { Verdict } from '../../schemas/verdict.ts';
import type { FilteringActivities } from '../../workflows/contract/activities.ts';
import { type ArtifactStore, getJson } from '../artifacts/store.ts';
import type { Index } from '../ledger/ledger.ts';
import type { PlanReader } from '../planning/plan-reader.ts';
import { heartbeating } from '../../platform/heartbeating.ts';
import { judgeRow, type LostRollout, lostEntry } from './ledger-entry.ts';
import { presetOf } from './presets.ts';

export interface FilteringNeeds {
  store: ArtifactStore;
  plans: PlanReader;
  index: Index;
}

export function createFilteringActivities({ store, plans, index }: FilteringNeeds): FilteringActivities {
  return {
    async decide(input) {
      return heartbeating(async () => {
        const [{ campaign }, task, trajectory, verdict, scan] = await Promise.all([
          plans.plan(input.plan),
          plans.task(input.task),
          getJson(store, input.result.trajectory, Trajectory),
          getJson(store, input.verification.verdict, Verdict),
          getJson(store, input.scan.report, ScanReport),
        ]);
        const refs = { task: input.task, trajectory: input.result.trajectory };
        const entry = judgeRow({ trajectory, task, verdict, scan, refs }, presetOf(campaign.filtering.preset));
        index.recordLedger(entry);
        return {
          kept: entry.kept,
          resolved: entry.resolved,
          git_hack_attempted: entry.git_hack_attempted,
          reason: decidingRule(entry)?.rule ?? 'kept',
        };
      });
    },

    async recordLost({ campaign, plan, entry, cell, reason }) {
      await recordWithoutRow({ campaign, plan, entry, cell, rule: 'environment_exception', detail: reason });
    },

    async recordGatedOut(input) {
      for (const cell of input.cells) await recordWithoutRow({ ...input, cell, rule: 'gate', detail: input.gate.reason });
    },
  };

  async function recordWithoutRow(input: Omit<LostInput, 'reason'> & { rule: LostRollout['rule']; detail: string }): Promise<void> {
    const { campaign } = await plans.plan(input.plan);
    const { harness, mode, sample, teacher } = input.cell;
    index.recordLedger(
      lostEntry(
        {
          key: { campaign: input.campaign, instance_id: input.entry.instance_id, harness, mode, sample },
          teacher: { name: teacher, model: campaign.teachers[teacher]?.model ?? '' },
          task: await plans.task(input.entry.task),
          taskRef: input.entry.task,
          rule: input.rule,
          detail: input.detail,
        },
        presetOf(campaign.filtering.preset),
      ),
    );
  }
}
