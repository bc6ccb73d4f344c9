import type { EvaluationVerdict } from '../../../schemas/evaluation-record.ts';
import type { Verdict } from '../../../schemas/verdict.ts';

/** Our own verification in the words of an evaluation. What the machine, not the patch, kept from an answer is `infra_error`. */
export function ourVerdict({ resolved, reason }: Pick<Verdict, 'resolved' | 'reason'>): EvaluationVerdict {
  if (resolved === 1) return 'resolved';
  if (resolved === -1) return 'infra_error';
  return reason === 'empty_patch' || reason === 'patch_apply_failed' || reason === 'test_timeout' ? reason : 'unresolved';
}
