import type { PauseCode } from '../../../schemas/teacher-health.ts';
import type { ModelEnding } from '../contract.ts';
import { saysContextFull } from './context-full.ts';
import { wordingOf } from './wordings.ts';

/** A failed request in plain values. */
export interface Failure {
  /** HTTP status, or what an error in an answer says it would be; undefined when there was none (connection, broken stream). */
  status: number | undefined;
  /** Codes and types of the error body. */
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

const hints = {
  request: 'the server does not accept the request; check sampling and thinking of the teacher',
  rate: 'this one request has more tokens than the account may send in a minute; raise the account’s limit, then start the campaign again',
};

/** What a failure means: the end of the rollout, an error of this request, or trouble of the teacher that passes. */
export function classifyFailure({ status, code, message, unreachable }: Failure): FailureKind {
  const meaning = meaningOf(`${code} ${message}`, status);
  if (meaning !== undefined) return meaning;
  if (status === 402) return outage('quota');
  if (status === 401 || status === 403) return outage('unauthorized');
  // Nobody answers requests for completions at an address that sends them elsewhere.
  if (status === 404 || (status !== undefined && status >= 300 && status < 400)) return outage('missing');
  if (status === 429) return { kind: 'busy' };
  if (unreachable) return outage('unreachable');
  if (status === undefined || status === 408 || status === 409 || status === 425 || status >= 500) {
    return outage('failing', status === 503);
  }
  return rejected(hints.request);
}

/** What the server's own words say, which tell more than its status. */
function meaningOf(text: string, status: number | undefined): FailureKind | undefined {
  if (status !== 401 && status !== 402 && status !== 404 && saysContextFull(text, status))
    return { kind: 'ending', ending: 'context_full' };
  switch (wordingOf(text, status)) {
    case 'quota':
      return outage('quota');
    case 'refusal':
      return { kind: 'ending', ending: 'model_refused' };
    case 'key':
      return outage('unauthorized');
    case 'missing_model':
      return outage('missing');
    case 'too_fast':
      return { kind: 'busy' };
    case 'too_large_for_rate':
      return rejected(hints.rate);
    case undefined:
      return undefined;
  }
}

function rejected(hint: string): FailureKind {
  return { kind: 'rejected', code: 'teacher_rejected_request', hint };
}

function outage(name: keyof typeof outages, everybody = false): FailureKind {
  return { kind: 'outage', outage: outages[name], everybody };
}
