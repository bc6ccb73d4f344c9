import type { EvaluationVerdict } from '../../schemas/evaluation-record.ts';
import type { Verdict } from '../../schemas/verdict.ts';
import type { GradedInstance } from './graders/grader.ts';
import { ourVerdict } from './graders/our-verdict.ts';

/** One instance on which the benchmark's grader and our verification do not agree. */
interface Disagreement {
  instance_id: string;
  grader: EvaluationVerdict;
  ours: EvaluationVerdict;
  /** What is known of why, in a sentence. */
  reason: string;
}

export interface Comparison {
  /** Instances that both judged. */
  compared: number;
  agreed: number;
  /** Both have an answer, and one says resolved. */
  disagreements: Disagreement[];
  /** Both say that it is not resolved, for different causes. */
  other_causes: Disagreement[];
  /** Instances that one of them could not judge, by instance id with the cause. */
  not_compared: { instance_id: string; reason: string }[];
}

/** Names of tests that a reason lists. */
const listed = 3;

/**
 * Holds the grader's verdicts against ours. The grader's count for the score; a difference is a sign that one of them was led
 * astray, by a flaky test, by a patch that changes how tests run, or by a log.
 */
export function compareVerdicts(
  graded: ReadonlyMap<string, GradedInstance>,
  ours: ReadonlyMap<string, Verdict>,
  without: ReadonlyMap<string, string> = new Map(),
): Comparison {
  const comparison: Comparison = { compared: 0, agreed: 0, disagreements: [], other_causes: [], not_compared: [] };
  for (const [instance_id, grader] of [...graded].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const verdict = ours.get(instance_id);
    const gap = whyNotCompared(grader, verdict, without.get(instance_id));
    if (verdict === undefined || gap !== null) {
      comparison.not_compared.push({ instance_id, reason: gap ?? 'our verification did not run' });
      continue;
    }
    comparison.compared += 1;
    const own = ourVerdict(verdict);
    if (own === grader.verdict) comparison.agreed += 1;
    else {
      const disagreement = { instance_id, grader: grader.verdict, ours: own, reason: reasonOf(grader, verdict) };
      const matters = own === 'resolved' || grader.verdict === 'resolved';
      (matters ? comparison.disagreements : comparison.other_causes).push(disagreement);
    }
  }
  return comparison;
}

function whyNotCompared(grader: GradedInstance, ours: Verdict | undefined, reason: string | undefined): string | null {
  if (grader.verdict === 'not_run') return 'the rollout handed nothing in';
  if (ours === undefined) return reason ?? 'our verification did not run';
  if (grader.verdict === 'infra_error') return `the grader has no answer: ${grader.detail}`;
  return ours.resolved === -1 ? `our verification has no answer: ${ours.detail}` : null;
}

/** What is known of why a grader's verdict and ours differ, in a sentence. */
export function reasonOf(grader: Pick<GradedInstance, 'verdict' | 'detail' | 'tests'>, ours: Verdict): string {
  const failedHere = [...ours.fail_to_pass.failed, ...ours.pass_to_pass.failed];
  const failedThere = grader.tests?.failed ?? [];
  if (ours.resolved === 1) {
    const again = (ours.runs ?? 1) > 1 ? `; here they passed in one of ${ours.runs} runs` : '';
    if (failedThere.length > 0) return `tests that fail there pass here: ${some(failedThere)}${again}`;
    return grader.detail === '' ? 'the grader gives no reason' : grader.detail;
  }
  if (ours.reason === 'tests_altered') return `here ${ours.detail}`;
  const restored = ours.restored ?? [];
  const put = restored.length > 0 ? `; files of the patch were put back here before the tests: ${some(restored)}` : '';
  if (grader.verdict === 'resolved' && ours.reason === 'tests') return `tests that pass there do not pass here: ${some(failedHere)}${put}`;
  return `there: ${grader.detail || grader.verdict}; here: ${ours.detail}${put}`;
}

function some(names: readonly string[]): string {
  return `${names.slice(0, listed).join(', ')}${names.length > listed ? ` and ${names.length - listed} more` : ''}`;
}
