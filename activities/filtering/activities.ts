import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import type { PlannedTask } from '../../schemas/campaign-plan.ts';
import type { Cell } from '../../schemas/campaign.ts';
import { decidingRule } from '../../schemas/ledger-entry.ts';
import type { GateResult } from '../../schemas/gate-result.ts';
import type { RolloutResult } from '../../schemas/rollout-result.ts';
import type { RowFate } from '../../schemas/row-fate.ts';
import type { VerificationResult } from '../../schemas/verification-result.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import { Verdict } from '../../schemas/verdict.ts';
import { getJson } from '../artifacts/store.ts';
import type { ActivityContext } from '../../workers/context.ts';
import { scanForCampaign } from '../scanning/scan-for-campaign.ts';
import { judgeRow, type LostRollout, lostEntry } from './ledger-entry.ts';
import { presetOf } from './presets.ts';

interface RowInput {
  campaign: string;
  plan: ArtifactRef;
  task: ArtifactRef;
  cell: Cell;
}

/** Judging a finished rollout, and putting every planned one on the ledger whatever became of it. */
export function createJudgementActivities({ store, plans, index }: ActivityContext) {
  return {
    async judge(input: RowInput & { result: RolloutResult; verification: VerificationResult }): Promise<RowFate> {
      const [{ campaign }, task, trajectory, verdict] = await Promise.all([
        plans.plan(input.plan),
        plans.task(input.task),
        getJson(store, input.result.trajectory, Trajectory),
        getJson(store, input.verification.verdict, Verdict),
      ]);
      const scan = await scanForCampaign(trajectory, task, campaign.scanning.preset);
      const refs = { task: input.task, trajectory: input.result.trajectory };
      const entry = judgeRow({ trajectory, task, verdict, scan, refs }, presetOf(campaign.filtering.preset));
      index.recordLedger(entry);
      return {
        kept: entry.kept,
        resolved: entry.resolved,
        git_hack_attempted: entry.git_hack_attempted,
        reason: decidingRule(entry)?.rule ?? 'kept',
      };
    },

    /** A rollout that infrastructure kept from ending, after every retry. */
    async recordLost({
      campaign,
      plan,
      entry,
      cell,
      reason,
    }: {
      campaign: string;
      plan: ArtifactRef;
      entry: PlannedTask;
      cell: Cell;
      reason: string;
    }): Promise<void> {
      await recordWithoutRow({ campaign, plan, entry, cell, rule: 'environment_exception', detail: reason });
    },

    /** Every planned rollout of a task that did not pass the gate. */
    async recordGatedOut(input: {
      campaign: string;
      plan: ArtifactRef;
      entry: PlannedTask;
      cells: Cell[];
      gate: GateResult;
    }): Promise<void> {
      for (const cell of input.cells) await recordWithoutRow({ ...input, cell, rule: 'gate', detail: input.gate.reason });
    },
  };

  async function recordWithoutRow(input: {
    campaign: string;
    plan: ArtifactRef;
    entry: PlannedTask;
    cell: Cell;
    rule: LostRollout['rule'];
    detail: string;
  }): Promise<void> {
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
