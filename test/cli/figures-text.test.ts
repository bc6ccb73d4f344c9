import { describe, expect, it } from 'vitest';
import { duration, figureLines, pauseLines, retryLines } from '../../cli/figures-text.ts';
import type { CampaignStatus } from '../../schemas/campaign-status.ts';

const status: Pick<CampaignStatus, 'spending' | 'budget' | 'turns_per_minute' | 'left'> = {
  spending: { source: 'gateway', turns: 1234, prompt_tokens: 1_200_000, completion_tokens: 30_000, cost_usd: 1.234 },
  budget: { tokens: 0, cost_usd: 10 },
  turns_per_minute: 42,
  left: { rollouts: 14, turns: 1150, cost_usd: 3.4, minutes: 27.4 },
};

describe('the figures of a campaign', () => {
  it('say what is spent, how fast, and what is left', () => {
    expect(figureLines(status)).toEqual([
      'spent: 1.2M prompt and 30K completion tokens in 1.2K turns, $1.23 of $10 (running rollouts included, on this host)',
      '42.0 turns a minute over the last five; left: 14 rollouts, about 1.2K turns and $3.40, about 27 min',
    ]);
  });

  it('say so when it is too early', () => {
    expect(figureLines({ ...status, budget: null, turns_per_minute: null, left: null })[1]).toBe('left: not yet known');
  });
});

describe('what is held back', () => {
  const pause = {
    teacher: 'minimax',
    code: 'teacher_unreachable',
    message: 'connect ECONNREFUSED 127.0.0.1:8000',
    hint: 'start the server',
    since: '2026-01-01T12:00:00.000Z',
    next_try: '2026-01-01T12:03:12.000Z',
  } as const;

  it('is named with teacher, error, time, next try and what to do', () => {
    expect(pauseLines([pause], Date.parse('2026-01-01T12:03:00Z'))).toEqual([
      'teacher minimax is waited for: teacher_unreachable since 12:00:00 UTC (3 min), next try in 12 s: connect ECONNREFUSED 127.0.0.1:8000',
      '  → start the server',
    ]);
  });

  it('may be everything', () => {
    const [line] = pauseLines([{ ...pause, teacher: null, code: 'budget_spent', next_try: null }], Date.parse('2026-01-01T12:00:09Z'));
    expect(line).toBe('all teachers wait: budget_spent since 12:00:00 UTC (9 s): connect ECONNREFUSED 127.0.0.1:8000');
  });
});

describe('what is tried again', () => {
  const at = (seconds: number) => `2026-01-01T12:00:${String(seconds).padStart(2, '0')}.000Z`;
  const retry = (instance_id: string, change: object = {}) => ({
    instance_id,
    activity: 'prepare',
    attempt: 4,
    next_try: at(30),
    code: 'image_pull_failed',
    message: `${instance_id}: the registry does not answer`,
    ...change,
  });

  it('is one line for each reason, with the first task and the next try', () => {
    const lines = retryLines(
      [retry('a__b-1'), retry('a__b-2', { next_try: at(12) }), retry('a__b-3', { code: 'disk_full', message: 'full', next_try: null })],
      Date.parse(at(2)),
    );
    expect(lines).toEqual([
      'prepare fails and is tried again (attempt 4, next try in 10 s; a__b-1 and 1 more): image_pull_failed: a__b-1: the registry does not answer',
      'prepare fails and is tried again (attempt 4; a__b-3): disk_full: full',
    ]);
  });

  it('ends where there are many reasons', () => {
    const retries = ['a', 'b', 'c', 'd', 'e'].map((message) => retry('a__b-1', { message }));
    expect(retryLines(retries, 0)).toHaveLength(4);
    expect(retryLines(retries, 0).at(-1)).toBe('and 2 other reasons');
  });
});

describe('a duration', () => {
  it('is short', () => {
    expect([400, 59_000, 90_000, 5_400_000, 180_000_000].map(duration)).toEqual(['0 s', '59 s', '2 min', '1.5 h', '2.1 d']);
  });
});
