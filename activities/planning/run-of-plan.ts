import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import type { Campaign } from '../../schemas/campaign.ts';
import type { CampaignPlan } from '../../schemas/campaign-plan.ts';
import type { CampaignProgress } from '../../schemas/campaign-progress.ts';
import type { CampaignRun } from '../../schemas/campaign-run.ts';
import { privateKindsOf } from '../../schemas/private-text.ts';
import type { ReleaseOptions } from '../../schemas/release-options.ts';
import { cellsOf } from './cells.ts';

/** A pull request that waits asks for its campaign after so long; seconds. */
const campaignSeconds = 3600;

/** The workflow's input for a plan. */
export function runOf({ campaign, tasks, skipped }: CampaignPlan, plan: ArtifactRef): CampaignRun {
  return {
    campaign: campaign.name,
    ...(campaign.purpose !== undefined && { purpose: campaign.purpose }),
    plan,
    tasks: tasks.length,
    skipped: skipped.length,
    cells: cellsOf(campaign),
    timeouts: {
      rollout_seconds: campaign.rollout.timeout_hours * 3600,
      verification_seconds: campaign.verification.timeout_seconds,
      heartbeat_seconds: campaign.rollout.heartbeat_seconds,
      host_seconds: campaign.rollout.host_minutes * 60,
      campaign_seconds: campaignSeconds,
    },
    concurrency: campaign.concurrency,
    prefetch: campaign.prefetch,
    budget: campaign.budget,
    release: campaign.release.build ? campaign.release.version : null,
    ...releaseOptions(campaign),
  };
}

/** Nothing where the file says nothing, so that the inputs of campaigns stay what they were. */
function releaseOptions({ release: { form, redact, licences } }: Campaign): { release_options?: ReleaseOptions } {
  const options: ReleaseOptions = {
    ...(form && { form }),
    ...(redact && { redact: privateKindsOf(typeof redact === 'string' ? [redact] : redact) }),
    ...(licences && { licences }),
  };
  return Object.keys(options).length === 0 ? {} : { release_options: options };
}

/** Whether a run of a campaign left nothing to do: what failed, was cancelled or aborted is done by the next start. */
export function isComplete({ state, counts }: CampaignProgress): boolean {
  return state === 'done' && counts.failed + counts.cancelled === 0;
}
