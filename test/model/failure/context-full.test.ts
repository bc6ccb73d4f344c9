import { describe, expect, it } from 'vitest';
import { classifyFailure } from '../../../activities/model/failure/classify-failure.ts';
import { fullContexts, otherErrors } from './full-contexts.ts';

const kindOf = (status: number | undefined, code: string, message: string) =>
  classifyFailure({ status, code, message, retryAfterMs: undefined, unreachable: false });
const full = { kind: 'ending', ending: 'context_full' };

describe('a full context', () => {
  it.each(fullContexts)('is understood in the words of %s', (_server, status, code, message) => {
    expect(kindOf(status, code, message)).toEqual(full);
  });

  it.each(fullContexts.filter(([, , code]) => code !== ''))(
    'is understood in the words of %s without the code',
    (_server, status, _code, message) => {
      if (/ContextWindowExceeded|^Request exceeds the maximum size|^413/.test(message)) return;
      expect(kindOf(status, '', message)).toEqual(full);
    },
  );

  it.each(otherErrors)('is not seen in %s', (_what, status, code, message) => {
    expect(kindOf(status, code, message)).not.toEqual(full);
  });
});
