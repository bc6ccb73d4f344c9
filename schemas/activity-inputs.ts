import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';
import { Campaign, Cell } from './campaign.ts';
import { PlannedTask } from './campaign-plan.ts';
import { CampaignProgress } from './campaign-progress.ts';
import { PrivateKind } from './private-text.ts';
import { RowForm } from './dataset-row.ts';
import { GateResult } from './gate-result.ts';
import { CampaignName, InstanceId } from './names.ts';
import { PreparedImage } from './prepared-image.ts';
import { PullRequestDetail, PullRequestOutcome } from './pull-request.ts';
import { ReleaseQuery } from './release-query.ts';
import { RolloutResult } from './rollout-result.ts';
import { ScanResult } from './scan-result.ts';
import { TeacherCheckWish } from './teacher-check.ts';
import { VerificationResult } from './verification-result.ts';

/** A campaign file as it was read, and whether its teachers are asked, where another wish than that of the file counts. */
export const PlanInput = z.object({ file: Campaign, teacher_check: TeacherCheckWish.optional() });
export type PlanInput = z.infer<typeof PlanInput>;

/** Entries `offset` to `offset + limit` of a plan. */
export const PageInput = z.object({ plan: ArtifactRef, offset: z.int().min(0), limit: z.int().min(1) });
export type PageInput = z.infer<typeof PageInput>;

/** Pull requests that have reported nothing to their campaign; `cells`: rollouts of each. */
export const ReconcileInput = z.object({ campaign: CampaignName, instance_ids: z.array(InstanceId), cells: z.int().min(1) });
export type ReconcileInput = z.infer<typeof ReconcileInput>;

/** A campaign, by its name. */
export const CampaignKey = z.object({ campaign: CampaignName });
export type CampaignKey = z.infer<typeof CampaignKey>;

/** A pull request of a campaign. */
export const PullRequestKey = z.object({ campaign: CampaignName, instance_id: InstanceId });
export type PullRequestKey = z.infer<typeof PullRequestKey>;

export const PullRequestEndInput = z.object({ campaign: CampaignName, detail: PullRequestDetail, outcome: PullRequestOutcome });
export type PullRequestEndInput = z.infer<typeof PullRequestEndInput>;

export const CampaignEndInput = z.object({ campaign: CampaignName, plan: ArtifactRef, progress: CampaignProgress });
export type CampaignEndInput = z.infer<typeof CampaignEndInput>;

export const PreparationInput = z.object({ campaign: CampaignName, task: ArtifactRef });
export type PreparationInput = z.infer<typeof PreparationInput>;

export const GateInput = z.object({ plan: ArtifactRef, task: ArtifactRef, image: PreparedImage });
export type GateInput = z.infer<typeof GateInput>;

/** One cell of a planned task: what every activity about a rollout works on. */
export const CellInput = z.object({ campaign: CampaignName, plan: ArtifactRef, task: ArtifactRef, cell: Cell });
export type CellInput = z.infer<typeof CellInput>;

export const RolloutInput = CellInput.extend({ image: PreparedImage });
export type RolloutInput = z.infer<typeof RolloutInput>;

/** `gate`: the record of the gate, which knows how the tests behave without the agent. */
export const VerificationInput = RolloutInput.extend({ trajectory: ArtifactRef, gate: ArtifactRef });
export type VerificationInput = z.infer<typeof VerificationInput>;

export const UnverifiedInput = RolloutInput.extend({ trajectory: ArtifactRef, reason: z.string() });
export type UnverifiedInput = z.infer<typeof UnverifiedInput>;

/** A finished rollout, to be looked through for findings. */
export const ScanInput = CellInput.extend({ trajectory: ArtifactRef });
export type ScanInput = z.infer<typeof ScanInput>;

/** A finished rollout with all that was found out about it, to be decided on. */
export const DecisionInput = CellInput.extend({ result: RolloutResult, verification: VerificationResult, scan: ScanResult });
export type DecisionInput = z.infer<typeof DecisionInput>;

/** A planned rollout that infrastructure kept from ending. */
export const LostInput = z.object({ campaign: CampaignName, plan: ArtifactRef, entry: PlannedTask, cell: Cell, reason: z.string() });
export type LostInput = z.infer<typeof LostInput>;

/** Every planned rollout of a task that did not pass the gate. */
export const GatedOutInput = z.object({
  campaign: CampaignName,
  plan: ArtifactRef,
  entry: PlannedTask,
  cells: z.array(Cell),
  gate: GateResult,
});
export type GatedOutInput = z.infer<typeof GatedOutInput>;

/** `campaign`: name of the release, and the campaign that it is made from unless a query names others. */
export const ReleaseInput = z.object({
  campaign: CampaignName,
  version: z.string(),
  query: ReleaseQuery.optional(),
  form: RowForm.optional(),
  redact: z.array(PrivateKind).optional(),
});
export type ReleaseInput = z.infer<typeof ReleaseInput>;
