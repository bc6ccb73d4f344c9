import { z } from 'zod';
import { EvaluationRecord, EvaluationVerdict } from './evaluation-record.ts';
import { HarnessName, InstanceId, Mode } from './names.ts';

/** All rates and differences are shares from 0 to 1 (-1 to 1); the report shows them as percent and points. */
const count = z.int().min(0);
const share = z.number().min(0).max(1);
const Interval = z.object({ low: z.number(), high: z.number() });
const Spread = z.object({ mean: z.number(), sd: z.number().nullable(), min: z.number(), max: z.number() });
const Distribution = z.object({ mean: z.number(), median: z.number(), p90: z.number(), max: z.number(), total: z.number() });
export type Distribution = z.infer<typeof Distribution>;

/** One run over all instances. */
const RunFigures = z.object({
  run: count,
  /** Over all instances: what failed, broke or did not run is unresolved. */
  rate: share,
  standard_error: z.number(),
  interval: Interval,
  verdicts: z.record(EvaluationVerdict, count),
});
export type RunFigures = z.infer<typeof RunFigures>;

/** Part of a cell: the instances of one language or repository, over all runs. */
const SliceFigures = z.object({ name: z.string(), instances: count, rate: share, interval: Interval });
export type SliceFigures = z.infer<typeof SliceFigures>;

/** Shares that tell whether a night measured the model or its machinery. */
const HealthFigures = z.object({
  outcomes: count,
  /** Broken by infrastructure, or not run at all. */
  infra_errors: share,
  empty_patches: share,
  /** Of all tool calls. */
  unparsed_calls: share,
  /** Rollouts that went round in circles or reached the turn limit. */
  loops_and_limits: share,
});
export type HealthFigures = z.infer<typeof HealthFigures>;

export const CellFigures = z.object({
  harness: HarnessName,
  mode: Mode,
  runs: z.array(RunFigures),
  rate: Spread,
  /** 95 % of the mean as one run of these instances (Wilson), and by resampling instances or whole repositories. */
  interval: Interval,
  by_instance: Interval.nullable(),
  by_repo: Interval.nullable(),
  /** Share of instances that two runs of this cell decide differently, over all pairs of runs: the noise. Null with one run. */
  run_to_run: share.nullable(),
  languages: z.array(SliceFigures),
  repos: z.array(SliceFigures),
  turns: Distribution,
  prompt_tokens: Distribution,
  completion_tokens: Distribution,
  cost_usd: Distribution,
  /** By class; `none` where infrastructure kept the rollout from ending. */
  endings: z.record(z.string(), count),
  /** Rollouts whose largest request went beyond the trained length; null where lengths or the trained length are not known. */
  beyond_trained: z.object({ known: count, beyond: count, share }).nullable(),
  findings: z.object({
    flagged: count,
    categories: z.record(z.string(), count),
    /** Mean rate when a flagged rollout counts as unresolved, and when it is left out. Null when all are flagged. */
    flagged_unresolved: share,
    flagged_left_out: share.nullable(),
  }),
  health: HealthFigures,
});
export type CellFigures = z.infer<typeof CellFigures>;

/** A grader's verdict that our own verification contradicts. */
const Disagreement = z.object({
  instance_id: InstanceId,
  harness: HarnessName,
  mode: Mode,
  run: count,
  grader: EvaluationVerdict,
  ours: z.int(),
  /** What is known of why; empty where nothing is. */
  reason: z.string(),
});

const PairedSlice = z.object({
  name: z.string(),
  instances: count,
  here: share,
  there: share,
  difference: z.number(),
  p: share,
  /** Corrected for all languages of the cell (Holm). */
  p_corrected: share,
});
export type PairedSlice = z.infer<typeof PairedSlice>;

/** A cell against the same cell of the baseline, instance by instance. */
export const PairedFigures = z.object({
  harness: HarnessName.nullable(),
  mode: Mode.nullable(),
  /** Measured on both sides; the others, broken or not run on one side, are left out. */
  instances: count,
  unmeasured: count,
  here: share,
  there: share,
  difference: z.number(),
  by_instance: Interval.nullable(),
  by_repo: Interval.nullable(),
  /** Instances that did better, and worse, than in the baseline. */
  gained: z.array(InstanceId),
  lost: z.array(InstanceId),
  /** Mean square of the differences: with single runs the share of discordant instances. */
  discordance: share,
  test: z.enum(['mcnemar', 'sign_flip']),
  p_two_sided: share,
  p_loss: share,
  p_gain: share,
  /** Two-sided, corrected for all cells (Holm). */
  p_corrected: share,
  /** That such a comparison finds with 80 % power; null where it can find none. */
  smallest_difference: z.number().nullable(),
  languages: z.array(PairedSlice),
});
export type PairedFigures = z.infer<typeof PairedFigures>;

const Comparison = z.object({
  baseline: z.object({ name: z.string(), model: z.string(), ended_at: z.string() }),
  /** `intersected`: only instances of both were compared, because that was asked for. `refused`: nothing was compared. */
  sets: z.enum(['equal', 'intersected', 'refused']),
  instances: count,
  only_here: count,
  only_there: count,
  /** What was done differently, in words: a difference may come from it. */
  differences: z.array(z.string()),
  /** Cells of one side only. */
  unpaired_cells: z.array(z.string()),
  cells: z.array(PairedFigures),
  /** Over all cells together; null with fewer than two. */
  overall: PairedFigures.nullable(),
});
export type Comparison = z.infer<typeof Comparison>;

/** A number that the paper reports; never a target. */
export const PaperFigure = z.object({
  scaffold: z.string(),
  mode: Mode.nullable(),
  rate: share,
  certainty: z.enum(['confirmed', 'inferred']),
});
export type PaperFigure = z.infer<typeof PaperFigure>;

/** Every figure of an evaluation's report, computed from its record alone (and from that of the baseline). */
export const EvaluationFigures = z.object({
  format: z.literal(1),
  name: z.string(),
  benchmark: z.object({
    name: z.string(),
    instances: count,
    repos: count,
    data_sha256: z.string(),
    set_sha256: z.string(),
    gold_failures: z.array(InstanceId),
  }),
  model: EvaluationRecord.shape.model,
  grader: EvaluationRecord.shape.grader,
  protocol: EvaluationRecord.shape.protocol,
  started_at: z.string(),
  ended_at: z.string(),
  cells: z.array(CellFigures),
  health: HealthFigures,
  cross_check: z.object({ checked: count, disagreements: z.array(Disagreement) }),
  /** The smallest difference that a comparison of single runs over these instances finds (80 % power) at two shares of discordance. */
  detectable: z.array(z.object({ discordance: share, difference: z.number().nullable() })),
  comparison: Comparison.nullable(),
  paper: z.array(PaperFigure),
});
export type EvaluationFigures = z.infer<typeof EvaluationFigures>;
