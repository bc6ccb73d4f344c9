import type { ModelEnding } from './contract.ts';

/** A failed request in plain values. */
export interface Failure {
  /** HTTP status; undefined when there was none (connection, broken stream). */
  status: number | undefined;
  /** `code` and `type` of the error body. */
  code: string;
  message: string;
  retryAfterMs: number | undefined;
}

export type FailureKind =
  /** `everybody`: the server wants fewer requests, so all of this teacher's wait. */
  { kind: 'retry'; everybody: boolean } | { kind: 'ending'; ending: ModelEnding['kind'] } | { kind: 'problem'; code: string; hint: string };

const contextFull =
  /context[_ ]length[_ ]exceeded|maximum context|max(imum)?[_ ]model[_ ]len|context (window|length|size)|(prompt|input|request) is too long|too many (input )?tokens|longer than the model|exceeds? (the )?(available |maximum )?(context|token)/i;
const refusal =
  /content[_ ](management[_ ])?(filter|policy)|content[_ ]policy[_ ]violation|moderation|usage polic|flagged|safety system|responsible[_ ]?ai/i;
const quota = /insufficient[_ ]quota|billing|out of credits|credit balance|payment required/i;

/** What a failure means: try again, the end of the rollout, or a problem that only people can fix. */
export function classifyFailure({ status, code, message }: Failure): FailureKind {
  const text = `${code} ${message}`;
  const rejected = status === undefined || status === 400 || status === 413 || status === 422;
  if (rejected && contextFull.test(text)) return { kind: 'ending', ending: 'context_full' };
  if ((status === 400 || status === 403 || status === 422 || status === 451) && refusal.test(text))
    return { kind: 'ending', ending: 'model_refused' };
  if (status === 402 || ((status === 429 || status === 403) && quota.test(text))) {
    return {
      kind: 'problem',
      code: 'teacher_quota',
      hint: 'the account behind the key has no credit left; add some, then resume the campaign',
    };
  }
  if (status === 401 || status === 403) {
    return {
      kind: 'problem',
      code: 'teacher_unauthorized',
      hint: 'check the variable that api_key_env names, in the environment of the worker',
    };
  }
  if (status === 404) {
    return { kind: 'problem', code: 'teacher_address_wrong', hint: 'check base_url (ends in /v1) and the model name of the teacher' };
  }
  if (status === 429 || status === 503) return { kind: 'retry', everybody: true };
  if (status === undefined || status === 408 || status === 409 || status === 425 || status >= 500)
    return { kind: 'retry', everybody: false };
  return {
    kind: 'problem',
    code: 'teacher_rejected_request',
    hint: 'the server does not accept the request; check sampling and thinking of the teacher',
  };
}
