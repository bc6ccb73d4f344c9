import type { PauseCode } from '../../schemas/teacher-health.ts';
import type { ModelEnding } from './contract.ts';

/** A failed request in plain values. */
export interface Failure {
  /** HTTP status; undefined when there was none (connection, broken stream). */
  status: number | undefined;
  /** `code` and `type` of the error body. */
  code: string;
  message: string;
  retryAfterMs: number | undefined;
  /** There was not even a connection: refused, no route, no such name. */
  unreachable: boolean;
}

/** What a failure says of the teacher, whichever request met it. */
export interface Outage {
  code: Exclude<PauseCode, 'key_missing' | 'budget_spent'>;
  hint: string;
  /** One is enough to know. Of others it takes several in a row: a single one proves nothing. */
  atOnce: boolean;
}

export type FailureKind =
  | { kind: 'ending'; ending: ModelEnding['kind'] }
  /** The server does not accept this very request. */
  | { kind: 'rejected'; code: 'teacher_rejected_request'; hint: string }
  /** The server is there but wants fewer requests, so all of this teacher's wait. */
  | { kind: 'busy' }
  /** `everybody`: as with `busy`. */
  | { kind: 'outage'; outage: Outage; everybody: boolean };

const contextFull =
  /context[_ ]length[_ ]exceeded|maximum context|max(imum)?[_ ]model[_ ]len|context (window|length|size)|(prompt|input|request) is too long|too many (input )?tokens|longer than the model|exceeds? (the )?(available |maximum )?(context|token)/i;
const refusal =
  /content[_ ](management[_ ])?(filter|policy)|content[_ ]policy[_ ]violation|moderation|usage polic|flagged|safety system|responsible[_ ]?ai/i;
const quota = /insufficient[_ ]quota|billing|out of credits|credit balance|payment required/i;

const waits = 'rollouts wait and go on by themselves';

const outages = {
  unreachable: { code: 'teacher_unreachable', hint: `start the server, or check base_url and the network; ${waits}`, atOnce: true },
  failing: { code: 'teacher_failing', hint: `look at the server’s log; ${waits}`, atOnce: false },
  unauthorized: {
    code: 'teacher_unauthorized',
    hint: `put a valid key into the variable that api_key_env names and start the worker again; ${waits}`,
    atOnce: true,
  },
  quota: { code: 'teacher_quota', hint: `add credit to the account behind the key; ${waits}`, atOnce: true },
  missing: {
    code: 'teacher_model_missing',
    hint: `let the server serve this model under this address; if the campaign file is wrong, abort the campaign and start a corrected one under another name`,
    atOnce: true,
  },
} as const satisfies Record<string, Outage>;

/** What a failure means: the end of the rollout, an error of this request, or trouble of the teacher that passes. */
export function classifyFailure({ status, code, message, unreachable }: Failure): FailureKind {
  const text = `${code} ${message}`;
  const rejected = status === undefined || status === 400 || status === 413 || status === 422;
  if (rejected && contextFull.test(text)) return { kind: 'ending', ending: 'context_full' };
  if (status === 402 || ((status === 400 || status === 429 || status === 403) && quota.test(text))) return outage('quota');
  if ((status === 400 || status === 403 || status === 422 || status === 451) && refusal.test(text)) {
    return { kind: 'ending', ending: 'model_refused' };
  }
  if (status === 401 || status === 403) return outage('unauthorized');
  if (status === 404) return outage('missing');
  if (status === 429) return { kind: 'busy' };
  if (unreachable) return outage('unreachable');
  if (status === undefined || status === 408 || status === 409 || status === 425 || status >= 500) return outage('failing', status === 503);
  return {
    kind: 'rejected',
    code: 'teacher_rejected_request',
    hint: 'the server does not accept the request; check sampling and thinking of the teacher',
  };
}

function outage(name: keyof typeof outages, everybody = false): FailureKind {
  return { kind: 'outage', outage: outages[name], everybody };
}
