import type { GatedOutInput } from '../../schemas/activity-inputs.ts';
import { ScanReport } from '../../schemas/finding.ts';
import { decidingRule } from '../../schemas/ledger-entry.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import { Verdict } from '../../schemas/verdict.ts';
import type { FilteringActivities } from '../../workflows/contract/activities.ts';
import { type ArtifactStore, getJson } from '../artifacts/store.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PlanReader } from '../planning/index.ts';
import { heartbeating } from '../../platform/heartbeating.ts';
import { decideRow, type LostRollout, lostEntry } from './ledger-entry.ts';
import { presetOf } from './presets.ts';
import { openTokenCounter } from './token-counter.ts';

export interface FilteringNeeds {
  store: ArtifactStore;
  plans: PlanReader;
  ledger: Ledger;
}

export function createFilteringActivities({ store, plans, ledger }: FilteringNeeds): FilteringActivities {
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
        const refs = { task: input.task, trajectory: input.result.trajectory, verdict: input.verification.verdict };
        const entry = decideRow({ trajectory, task, verdict, scan, refs }, presetOf(campaign.filtering.preset), await openTokenCounter());
        await ledger.recordEntries([entry]);
        return {
          kept: entry.kept,
          resolved: entry.resolved,
          git_hack_attempted: entry.git_hack_attempted,
          reason: decidingRule(entry)?.rule ?? 'kept',
        };
      });
    },

    async recordLost({ campaign, plan, entry, cell, reason }) {
      const detail = reason;
      await recordWithoutRows({ campaign, plan, entry, cells: [cell], rule: 'environment_exception', detail });
    },

    async recordGatedOut(input) {
      await recordWithoutRows({ ...input, rule: 'gate', detail: input.gate.reason });
    },
  };

  async function recordWithoutRows(input: Omit<GatedOutInput, 'gate'> & { rule: LostRollout['rule']; detail: string }): Promise<void> {
    const [{ campaign }, task] = await Promise.all([plans.plan(input.plan), plans.task(input.entry.task)]);
    const preset = presetOf(campaign.filtering.preset);
    const entries = input.cells.map(({ harness, mode, sample, teacher }) =>
      lostEntry(
        {
          key: { campaign: input.campaign, instance_id: input.entry.instance_id, harness, mode, sample },
          teacher: { name: teacher, model: campaign.teachers[teacher]?.model ?? '' },
          task,
          taskRef: input.entry.task,
          rule: input.rule,
          detail: input.detail,
        },
        preset,
      ),
    );
    await ledger.recordEntries(entries);
  }
}
