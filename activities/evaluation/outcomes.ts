import { createHash } from 'node:crypto';
import type { EvaluationOutcome, EvaluationVerdict } from '../../schemas/evaluation-record.ts';
import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import type { VerdictSummary } from '../../schemas/verdict-summary.ts';
import { malformedCount } from '../filtering/index.ts';

/**
 * What a rollout made of its instance. `graded`: the verdict of the benchmark's grader, where it gave one. `crossCheck`:
 * whether our own verification can judge the instance at all.
 */
export function outcomeOf(
  entry: LedgerEntry,
  trajectory: Trajectory | null,
  graded: EvaluationVerdict | undefined,
  crossCheck = true,
): EvaluationOutcome {
  const verdict = crossCheck ? entry.verdict : null;
  const ours = verdict === null ? null : verdict.resolved;
  return {
    ...placeOf(entry.key),
    // A rollout that infrastructure kept from ending is graded by nobody, whatever a grader makes of an empty patch.
    ...(trajectory === null
      ? { verdict: 'infra_error', graded_by: 'nobody' }
      : graded !== undefined
        ? { verdict: graded, graded_by: 'grader' }
        : { verdict: ownVerdict(verdict), graded_by: verdict === null ? 'nobody' : 'tracemill' }),
    ours,
    trajectory_id: trajectory === null ? null : entry.id,
    patch_sha256: trajectory === null ? null : createHash('sha256').update(trajectory.model_patch).digest('hex'),
    ending: entry.ending?.kind ?? null,
    turns: entry.turns,
    prompt_tokens: entry.usage.prompt_tokens,
    completion_tokens: entry.usage.completion_tokens,
    longest_context: trajectory?.longest_context ?? null,
    cost_usd: entry.cost_usd,
    calls: trajectory?.turns.reduce((sum, { calls }) => sum + calls, 0) ?? 0,
    unparsed_calls: trajectory === null ? 0 : malformedCount(trajectory),
    findings: [...new Set(entry.findings.map(({ category }) => category))].sort(),
    git_hack_attempted: entry.git_hack_attempted,
  };
}

/** A rollout that was planned and is not on record. */
export function notRun(key: RolloutKey): EvaluationOutcome {
  return {
    ...placeOf(key),
    verdict: 'not_run',
    graded_by: 'nobody',
    ours: null,
    trajectory_id: null,
    patch_sha256: null,
    ending: null,
    turns: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    longest_context: null,
    cost_usd: 0,
    calls: 0,
    unparsed_calls: 0,
    findings: [],
    git_hack_attempted: false,
  };
}

function placeOf({ instance_id, harness, mode, sample }: RolloutKey) {
  return { instance_id, harness, mode, run: sample };
}

/** Our own verification in the words of a benchmark. */
function ownVerdict(verdict: VerdictSummary | null): EvaluationVerdict {
  if (verdict === null) return 'not_run';
  if (verdict.resolved === 1) return 'resolved';
  if (verdict.resolved === -1) return 'infra_error';
  const { reason } = verdict;
  return reason === 'empty_patch' || reason === 'patch_apply_failed' || reason === 'test_timeout' ? reason : 'unresolved';
}
