import { z } from 'zod';
import { Sha256 } from './artifact-ref.ts';
import { HarnessName, InstanceId, Mode } from './names.ts';
import { RunName } from './student.ts';
import { Ending } from './trajectory.ts';
import { Resolved } from './verdict.ts';

const count = z.int().min(0);

/** What became of one instance in one run. */
export const EvaluationVerdict = z.enum([
  'resolved',
  'unresolved',
  'empty_patch',
  'patch_apply_failed',
  'test_timeout',
  'infra_error',
  'not_run',
]);
export type EvaluationVerdict = z.infer<typeof EvaluationVerdict>;

/** One attempt of the model at one instance. */
export const EvaluationOutcome = z.object({
  instance_id: InstanceId,
  harness: HarnessName,
  mode: Mode,
  /** From 0. */
  run: count,
  /** The benchmark's own grader where there is one, else our verification. */
  verdict: EvaluationVerdict,
  graded_by: z.enum(['grader', 'tracemill', 'nobody']),
  /** Our own verification, as a cross-check; null where it did not run. */
  ours: Resolved.nullable(),
  /** Where the two differ: what is known of why. */
  disagreement: z.string().optional(),
  trajectory_id: z.uuid().nullable(),
  patch_sha256: Sha256.nullable(),
  /** The class of its ending; null for one that infrastructure kept from ending. */
  ending: Ending.shape.kind.nullable(),
  turns: count,
  prompt_tokens: count,
  completion_tokens: count,
  /** Prompt and reply of its largest request, in tokens; null where the server did not count them. */
  longest_context: count.nullable(),
  cost_usd: z.number().min(0),
  /** Tool calls in replies, and those that could not be read. */
  calls: count,
  unparsed_calls: count,
  /** Categories of the scanner's findings. */
  findings: z.array(z.string()),
  git_hack_attempted: z.boolean(),
});
export type EvaluationOutcome = z.infer<typeof EvaluationOutcome>;

/** An evaluation as it is kept: every figure of its report can be computed from this alone. */
export const EvaluationRecord = z.object({
  format: z.literal(1),
  name: RunName,
  benchmark: z.object({
    name: z.string(),
    /** Of the file that its rows were read from. */
    data_sha256: Sha256,
    /** Over the sorted instance ids, one a line: runs are compared on equal sets only. */
    set_sha256: Sha256,
    instances: z.array(z.object({ instance_id: InstanceId, repo: z.string(), language: z.string() })),
    /** Instances whose gold patch does not pass here. */
    gold_failures: z.array(InstanceId),
  }),
  /** What was measured and how, as sorted facts for the report: checkpoint, server, flags, templates, limits, sampling. */
  model: z.object({ name: z.string(), facts: z.record(z.string(), z.string()) }),
  grader: z.object({ name: z.string(), version: z.string() }).nullable(),
  protocol: z.object({
    /** Harness × mode that were asked for, also those that left no outcome. */
    cells: z.array(z.object({ harness: HarnessName, mode: Mode })).min(1),
    /** Of each cell. */
    runs: z.int().min(1),
    max_turns: count,
    context_tokens: count,
    seed: count,
    /** The longest row that the model was trained on, in tokens: what goes beyond it is counted. Null where that is not known. */
    trained_tokens: count.nullable(),
  }),
  outcomes: z.array(EvaluationOutcome),
  started_at: z.string(),
  ended_at: z.string(),
});
export type EvaluationRecord = z.infer<typeof EvaluationRecord>;
