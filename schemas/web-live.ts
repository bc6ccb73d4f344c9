import { z } from 'zod';
import { CheckRecord } from './alarm.ts';
import { CampaignStatus } from './campaign-status.ts';
import { EvaluationStatus } from './evaluation-status.ts';
import { EvaluationFigures } from './evaluation-figures.ts';
import { FunnelCounts } from './ledger-record.ts';
import { LiveDetail } from './live-detail.ts';
import { PipelineStatus } from './pipeline-status.ts';
import { ReportLine } from './report-line.ts';
import { TrainingStatus } from './training-status.ts';
import { JobNeeds } from './job.ts';

/**
 * What a server over a home tells pages beside lists and transcripts: one shape an answer, its path below `data/live/` in
 * its comment. Every answer says in `missing` what could not be learned now; what is there stands nevertheless.
 */
const Missing = z.object({ /** In words, one reason each; empty when all is there. */ missing: z.array(z.string()) });

const count = z.int().min(0);

/** One campaign in a list. */
export const CampaignLine = z.object({
  name: z.string(),
  /** The collection of its rows, for addresses of lists. */
  collection: z.string(),
  /** The evaluation whose rollouts they are; null for a campaign of its own. */
  evaluation: z.string().nullable(),
  /** As the server knows it; `unknown` where it does not answer or has forgotten it. */
  state: z.string(),
  started_at: z.string().nullable(),
  counts: FunnelCounts,
  /** Teachers that are down and budgets that are spent, in words. */
  pauses: z.array(z.string()),
});
export type CampaignLine = z.infer<typeof CampaignLine>;

/** `campaigns.json`: the newest first. */
export const CampaignLines = Missing.extend({ campaigns: z.array(CampaignLine) });
export type CampaignLines = z.infer<typeof CampaignLines>;

/** How a count is asked for as a list: the `where` of a row query. */
export const RowsWhere = z.record(z.string(), z.array(z.string()));
export type RowsWhere = z.infer<typeof RowsWhere>;

/** `campaigns/NAME/status.json`. */
export const CampaignView = Missing.extend({
  collection: z.string(),
  status: CampaignStatus,
  /** Goes up with whatever steering may change: the `If-Match` of a change. */
  version: z.string(),
  /** Rollouts that ended, by how. */
  endings: z.record(z.string(), count),
  /** Per teacher whether it answers, and what it waits for. */
  teachers: z.array(
    z.object({
      name: z.string(),
      model: z.string(),
      state: z.enum(['fine', 'busy', 'waiting', 'unknown']),
      detail: z.string(),
      since: z.string().nullable(),
    }),
  ),
  /** What is under way and what it waits for, the longest wait first; at most 200. `waiting_for`: `model`, `tool`, `retry`, `queue`… */
  waiting: z.array(
    z.object({ where: z.string(), instance_id: z.string(), waiting_for: z.string(), since: z.string().nullable(), detail: z.string() }),
  ),
  waiting_more: count,
  report: z.array(ReportLine),
  report_more: count,
});
export type CampaignView = z.infer<typeof CampaignView>;

/**
 * `campaigns/NAME/grid.json?text=&state=&after=&limit=`: tasks × cells, by instance id. A task has one code a cell, an index
 * into `codes` (stage and fate together, as `done · kept` or `lost`).
 */
export const CampaignGrid = Missing.extend({
  cells: z.array(z.object({ harness: z.string(), mode: z.string(), sample: count })),
  codes: z.array(z.string()),
  tasks: z.array(z.object({ instance_id: z.string(), state: z.string(), cells: z.array(z.int()) })),
  matched: count,
  total: count,
  next: z.string().nullable(),
});
export type CampaignGrid = z.infer<typeof CampaignGrid>;

/** `campaigns/NAME/tasks/INSTANCE.json`: a pull request with its rollouts. */
export const TaskView = Missing.extend({
  collection: z.string(),
  /** Null where neither server nor ledger knows more than the rows. */
  detail: LiveDetail.nullable(),
  problem: z.string().nullable(),
  /** Planned rollouts by their rows' ids, in the order of the cells. */
  rollouts: z.array(
    z.object({
      row: z.string(),
      harness: z.string(),
      mode: z.string(),
      sample: count,
      stage: z.string(),
      ending: z.string().nullable(),
      fate: z.string().nullable(),
      resolved: z.int().nullable(),
      turns: count.nullable(),
      cost_usd: z.number().nullable(),
      /** `model`, `tool`, `patch`, `retry`, `queue`… while it is under way. */
      waiting_for: z.string().nullable(),
      since: z.string().nullable(),
    }),
  ),
  /** The tasks before and after it by id, for stepping. */
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type TaskView = z.infer<typeof TaskView>;

/** `rollouts/ID.json`: where a rollout that is not decided stands, by its row's id. */
export const RolloutNow = Missing.extend({
  row: z.string(),
  /** A stage of a rollout; `not known` where neither server nor worker answers. */
  stage: z.string(),
  turns: count.nullable(),
  /** `model`, `tool`, `patch`, `tests`, `queue`, `retry`, a teacher that is held back…; null when it waits for nothing. */
  waiting_for: z.string().nullable(),
  /** ISO time; null where nobody knows. */
  since: z.string().nullable(),
  detail: z.string(),
});
export type RolloutNow = z.infer<typeof RolloutNow>;

/** One box of a funnel: what is counted, how many, and the rows that are counted; `where` null where they are no rows. */
export const FunnelStep = z.object({
  stage: z.enum(['generated', 'verified', 'filtered', 'scanned', 'released']),
  name: z.string(),
  /** What the number counts, in words. */
  counts: z.string(),
  value: count,
  where: RowsWhere.nullable(),
});
export type FunnelStep = z.infer<typeof FunnelStep>;

/** `campaigns/NAME/funnel.json`. */
export const FunnelView = Missing.extend({ collection: z.string(), steps: z.array(FunnelStep) });
export type FunnelView = z.infer<typeof FunnelView>;

/** One line of a list of runs. */
export const RunLine = z.object({ name: z.string(), state: z.string(), started_at: z.string().nullable(), detail: z.string() });
export type RunLine = z.infer<typeof RunLine>;

/** `pipelines.json`, `trainings.json`, `evaluations.json`, `nightly.json`. */
export const RunLines = Missing.extend({ runs: z.array(RunLine) });
export type RunLines = z.infer<typeof RunLines>;

/** `pipelines/NAME.json`. */
export const PipelineView = Missing.extend({ status: PipelineStatus });
export type PipelineView = z.infer<typeof PipelineView>;

/** `trainings/NAME.json`: all variants. The curve in columns of the same length; at most 2,000 points. */
export const TrainingView = Missing.extend({
  variants: z.array(
    z.object({
      status: TrainingStatus,
      needs: JobNeeds.nullable(),
      curve: z.object({ step: z.array(z.number()), loss: z.array(z.number().nullable()) }),
    }),
  ),
});
export type TrainingView = z.infer<typeof TrainingView>;

/** `evaluations/NAME.json?baseline=NAME`: figures once it ended, compared with a baseline where one is named or accepted. */
export const EvaluationView = Missing.extend({
  status: EvaluationStatus,
  figures: EvaluationFigures.nullable(),
  /** The sources of Tracemill and the checkpoint that it measured; null where nothing says. */
  commit: z.string().nullable(),
  /** Instances whose verdict changed against the baseline, with the rows of both where they stand here. */
  changed: z.array(
    z.object({
      instance_id: z.string(),
      cell: z.string(),
      before: z.string(),
      now: z.string(),
      collection: z.string().nullable(),
      row: z.string().nullable(),
      /** The same of the baseline. */
      baseline: z.object({ collection: z.string().nullable(), row: z.string().nullable() }),
    }),
  ),
  /** Names of evaluations that it can be compared with. */
  baselines: z.array(z.string()),
});
export type EvaluationView = z.infer<typeof EvaluationView>;

/** `nightly/NAME.json`: a series of evaluations with what the alarm said, the oldest first. Rates are shares. */
export const NightlyView = Missing.extend({
  points: z.array(
    z.object({
      evaluation: z.string(),
      at: z.string(),
      n: count,
      rate: z.number(),
      low: z.number(),
      high: z.number(),
      commit: z.string().nullable(),
      check: CheckRecord.nullable(),
    }),
  ),
  /** Below this rate the alarm sounds; null without an accepted evaluation. */
  alarm_below: z.number().nullable(),
  baseline: z.string().nullable(),
});
export type NightlyView = z.infer<typeof NightlyView>;

/** What steering can do. */
export const SteeringAction = z.discriminatedUnion('action', [
  z.object({ action: z.literal('pause') }),
  z.object({ action: z.literal('resume') }),
  z.object({ action: z.literal('abort') }),
  z.object({ action: z.literal('concurrency'), concurrency: z.int().min(1) }),
  z.object({ action: z.literal('budget'), tokens: count.optional(), cost_usd: z.number().min(0).optional() }),
]);
export type SteeringAction = z.infer<typeof SteeringAction>;

/** Answer of `POST campaigns/NAME/preview`, whose body is an action: what it would change. */
export const SteeringPreview = z.object({
  version: z.string(),
  /** In words with numbers, one each. */
  effects: z.array(z.string()),
  /** Why it cannot be done now; null where it can. */
  refused: z.string().nullable(),
});
export type SteeringPreview = z.infer<typeof SteeringPreview>;

/**
 * Body of `POST campaigns/NAME/steer`, with the headers `If-Match` (the version that was previewed) and `Idempotency-Key`.
 * 412 where the campaign's version is another: the answer is a preview of now.
 */
export const SteeringRequest = z.object({ action: SteeringAction, reason: z.string().min(1).max(1000) });
export type SteeringRequest = z.infer<typeof SteeringRequest>;

/** Answer of `POST campaigns/NAME/steer`. */
export const SteeringResult = z.object({ applied: z.boolean(), detail: z.string(), version: z.string() });
export type SteeringResult = z.infer<typeof SteeringResult>;

/** One line of the audit log. */
export const AuditLine = z.object({
  at: z.string(),
  campaign: z.string(),
  who: z.string(),
  action: z.string(),
  reason: z.string(),
  before: z.string(),
  after: z.string(),
  outcome: z.string(),
});
export type AuditLine = z.infer<typeof AuditLine>;

/** `campaigns/NAME/audit.json`: the newest first, at most 500. */
export const AuditLines = Missing.extend({ lines: z.array(AuditLine) });
export type AuditLines = z.infer<typeof AuditLines>;
