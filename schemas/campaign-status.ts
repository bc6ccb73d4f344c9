import { z } from 'zod';
import { Budget } from './budget.ts';
import { CampaignProgress } from './campaign-progress.ts';
import { Funnel } from './ledger-record.ts';
import { Retry } from './live-detail.ts';
import { CampaignName, InstanceId } from './names.ts';
import { BusyTeacher, GatewayPause } from './teacher-health.ts';

/** What a campaign has cost so far. */
export const Spending = z.object({
  /** `gateway`: every reply so far on this host, those of running rollouts included. `ended_tasks`: what tasks that ended cost, on all hosts. */
  source: z.enum(['gateway', 'ended_tasks']),
  turns: z.int().min(0),
  prompt_tokens: z.int().min(0),
  completion_tokens: z.int().min(0),
  cost_usd: z.number().min(0),
});
export type Spending = z.infer<typeof Spending>;

/** What is left to do, were all open rollouts like those that are done. */
export const WorkLeft = z.object({
  /** Planned rollouts without a decision, those under way included. */
  rollouts: z.int().min(0),
  turns: z.int().min(0),
  cost_usd: z.number().min(0),
  /** At the rate of the last minutes; null while no turn is made. */
  minutes: z.number().min(0).nullable(),
});
export type WorkLeft = z.infer<typeof WorkLeft>;

/** Work of a task in flight that failed and is tried again. */
export const CampaignRetry = Retry.extend({ instance_id: InstanceId });
export type CampaignRetry = z.infer<typeof CampaignRetry>;

/** Where a campaign stands. */
export const CampaignStatus = z.object({
  campaign: CampaignName,
  /** The workflow's own state, `unknown` when the server has forgotten it. */
  workflow: z.string(),
  started_at: z.iso.datetime().nullable(),
  closed_at: z.iso.datetime().nullable(),
  /** Null when no worker answered in time. */
  progress: CampaignProgress.nullable(),
  /** From the ledger, which needs neither server nor worker. */
  funnel: Funnel,
  /** Teachers that are down and budgets that are spent: as hosts reported, and as the gateway of this host says right now. */
  pauses: z.array(GatewayPause),
  /** Teachers that answer, but refuse every request for the moment; as the gateway of this host says. */
  busy: z.array(BusyTeacher),
  /** What failed and is tried again, of the tasks that have been in flight the longest. */
  retries: z.array(CampaignRetry),
  /** Null when neither worker nor gateway answered. */
  budget: Budget.nullable(),
  spending: Spending,
  /** Over the last five minutes on this host; null without a gateway that works for the campaign. */
  turns_per_minute: z.number().min(0).nullable(),
  /** Null when it is too early to say. */
  left: WorkLeft.nullable(),
});
export type CampaignStatus = z.infer<typeof CampaignStatus>;

/** What is known of a campaign without a look at each of its tasks. */
export type CampaignStanding = Omit<CampaignStatus, 'retries'>;
