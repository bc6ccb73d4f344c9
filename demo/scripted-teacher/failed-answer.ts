import type { Misbehaviour } from '../../schemas/teacher-script.ts';
import { contextFull } from './wordings/context-full.ts';
import type { FailedAnswer } from './wordings/failed-answer.ts';
import { refused } from './wordings/refused.ts';

/** The answer that a kind of trouble gives instead of one; undefined for trouble of another kind. `chance`: from 0 to below 1. */
export function failedAnswer(trouble: Misbehaviour | undefined, bearer: string, chance: number): FailedAnswer | undefined {
  switch (trouble?.kind) {
    case 'rate_limited':
      return {
        ...error(429, 'rate_limited', 'too many requests'),
        ...(trouble.retry_after !== undefined && { retryAfter: String(trouble.retry_after) }),
      };
    case 'server_error': {
      const { status, code, message, echo_key } = trouble;
      return error(status, code, echo_key ? `${message} (key ${bearer})` : message);
    }
    case 'key_refused':
      return error(401, 'invalid_api_key', 'the key is not known here');
    case 'no_quota':
      return error(trouble.status, 'insufficient_quota', 'the account has no credit left');
    case 'context_full':
      return trouble.wording === 'any' ? anyOf(contextFull, chance) : contextFull[trouble.wording];
    case 'refused':
      return trouble.wording === 'any' ? anyOf(refused, chance) : refused[trouble.wording];
    case 'bad_json':
    case 'cut_stream':
    case 'dropped_connection':
    case 'error_in_200':
    case 'missing_finish':
    case 'missing_usage':
    case 'slow':
    case 'stalled_stream':
    case undefined:
      return undefined;
  }
}

function error(status: number, code: string, message: string): FailedAnswer {
  return { status, body: { error: { message, type: code, code } } };
}

function anyOf(answers: Record<string, FailedAnswer>, chance: number): FailedAnswer | undefined {
  const all = Object.values(answers);
  return all[Math.floor(chance * all.length)];
}
