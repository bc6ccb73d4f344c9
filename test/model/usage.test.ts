import { describe, expect, it } from 'vitest';
import { betterUsage, readUsage, usageOf } from '../../activities/model/usage.ts';

const reply = { content: 'twelve chars', tool_calls: [], finish_reason: 'stop' as const, model: 'm' };

describe('usage', () => {
  it.each([
    [
      'as the protocol has it',
      { prompt_tokens: 10, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 4 } },
      { prompt_tokens: 10, completion_tokens: 3, cached_tokens: 4 },
    ],
    ['as text', { prompt_tokens: '10', completion_tokens: '3' }, { prompt_tokens: 10, completion_tokens: 3 }],
    ['with fractions', { prompt_tokens: 10.4, completion_tokens: 3 }, { prompt_tokens: 10, completion_tokens: 3 }],
    ['by other names', { input_tokens: 10, output_tokens: 3 }, { prompt_tokens: 10, completion_tokens: 3 }],
    ['with a total in place of a part', { prompt_tokens: 10, total_tokens: 13 }, { prompt_tokens: 10, completion_tokens: 3 }],
    [
      'with odd details',
      { prompt_tokens: 10, completion_tokens: 3, prompt_tokens_details: 'none', completion_tokens_details: [] },
      { prompt_tokens: 10, completion_tokens: 3 },
    ],
  ])('is read %s', (_how, sent, expected) => {
    expect(readUsage(sent)).toEqual(expected);
  });

  it.each([
    undefined,
    null,
    'x',
    3,
    [],
    {},
    { prompt_tokens: 1 },
    { prompt_tokens: -1, completion_tokens: 2 },
    { prompt_tokens: Number.NaN, completion_tokens: 1 },
    { prompt_tokens: true, completion_tokens: 1 },
    { total_tokens: 9 },
    { prompt_tokens: 1e300, completion_tokens: 1 },
  ])('is none in %j', (sent) => {
    expect(readUsage(sent)).toBeUndefined();
  });

  it('is the latest that has tokens', () => {
    const [some, more, none] = [
      { prompt_tokens: 10, completion_tokens: 1 },
      { prompt_tokens: 10, completion_tokens: 3 },
      { prompt_tokens: 0, completion_tokens: 0 },
    ];
    expect([none, some, undefined, more, none, undefined].reduce(betterUsage, undefined)).toEqual(more);
  });

  it('is estimated where the server did not count, and marked', () => {
    expect(usageOf(undefined, 400, reply)).toEqual({ prompt_tokens: 100, completion_tokens: 3, estimated: true });
    expect(usageOf({ prompt_tokens: 0, completion_tokens: 0 }, 400, reply)).toEqual({
      prompt_tokens: 100,
      completion_tokens: 3,
      estimated: true,
    });
    expect(usageOf({ prompt_tokens: 90, completion_tokens: 0 }, 400, reply)).toEqual({
      prompt_tokens: 90,
      completion_tokens: 3,
      estimated: true,
    });
    expect(usageOf({ prompt_tokens: 90, completion_tokens: 0 }, 400, { ...reply, content: '' })).toEqual({
      prompt_tokens: 90,
      completion_tokens: 0,
    });
  });
});
