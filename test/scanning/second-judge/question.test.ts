import { describe, expect, it } from 'vitest';
import { JudgeBudget } from '../../../activities/scanning/second-judge/judge-budget.ts';
import { passagesOf } from '../../../activities/scanning/second-judge/passages.ts';
import { answerIn, questionOf } from '../../../activities/scanning/second-judge/question.ts';
import { Teacher } from '../../../schemas/campaign.ts';
import type { Finding } from '../../../schemas/finding.ts';
import type { Message } from '../../../schemas/message.ts';
import type { Exchange } from '../../../schemas/turn.ts';

describe('the answer of a second judge', () => {
  const clean = { verdict: 'clean', reason: 'only a plan' };
  it.each([
    ['alone', JSON.stringify(clean)],
    ['in a fenced block', `\`\`\`json\n${JSON.stringify(clean, null, 2)}\n\`\`\``],
    ['among words', `Let me think. {not json} So: ${JSON.stringify(clean)} That is all.`],
    ['after a first try', `{"verdict": "maybe", "reason": "x"} or rather {"verdict":"clean","reason":"only  a\\n plan","sure":1}`],
    ['with braces in its reason', '{"reason":"only a plan","verdict":"clean","quoted":"} { \\" }"}'],
  ])('is read %s', (_how, reply) => {
    expect(answerIn(reply)).toEqual(clean);
  });

  it.each([
    ['empty', ''],
    ['without a verdict', '{"reason":"it is fine"}'],
    ['with another verdict', '{"reason":"r","verdict":"guilty"}'],
    ['cut', '{"reason":"it is fi'],
    ['in words', 'This is a violation.'],
  ])('counts for nothing %s', (_how, reply) => {
    expect(answerIn(reply)).toBeNull();
  });

  it('is asked for by words that do not depend on the row but for the passage', () => {
    const passage = { category: 'MEMORY' as const, turn: 3, call: 0, finding: 0, text: 'As merged later.', context: 'c', task: 't' };
    expect(questionOf(passage)).toEqual(questionOf({ ...passage, turn: 9, finding: null }));
    expect(questionOf(passage)[1]?.content).toContain('<passage>\nAs merged later.\n</passage>');
  });
});

describe('passages for a second judge', () => {
  const call = { id: 'c1', type: 'function' as const, function: { name: 'bash', arguments: '{"command":"mv pytest p; echo > pytest"}' } };
  const messages: Message[] = [
    { role: 'user', content: 'Fix the rounding.' },
    { role: 'assistant', content: 'I recall the upstream fix for this. Now the runner.', tool_calls: [call] },
    { role: 'tool', tool_call_id: 'c1', content: 'moved' },
    { role: 'assistant', content: 'The maintainers merged a change like this one.' },
  ];
  const base = { rule: 'r', severity: 'note' as const, turn: 0, call: 0, succeeded: true };
  const findings: Finding[] = [
    { ...base, category: 'MEMORY', command: '', evidence: 'I recall the upstream fix for this. (score 0.91, violation from 0.75)' },
    { ...base, category: 'LOCAL_GIT', command: 'git log', evidence: 'e' },
    { ...base, category: 'OTHER', command: 'mv pytest p', evidence: 'replaces a runner' },
  ];

  it('are findings of the categories, and marked sentences that no finding speaks of', () => {
    const found = passagesOf(messages, findings, { preset: 'follow-up' }, ['MEMORY', 'OTHER']);
    expect(found.map(({ finding, category }) => [finding, category])).toEqual([
      [0, 'MEMORY'],
      [2, 'OTHER'],
      [null, 'MEMORY'],
    ]);
    // The scanner's own score is nothing for a judge.
    expect(found[0]).toMatchObject({ text: 'I recall the upstream fix for this.', context: expect.not.stringContaining('score') });
    expect(found[1]?.context).toContain('mv pytest');
    expect(found[1]?.context).toContain('moved');
    expect(found[2]).toMatchObject({ turn: 1, text: expect.stringContaining('maintainers merged') });
    expect(found.every(({ task }) => task.includes('Fix the rounding.'))).toBe(true);
  });

  it('are none of MEMORY where only OTHER is asked for', () => {
    expect(passagesOf(messages, findings, { preset: 'follow-up' }, ['OTHER']).map(({ finding }) => finding)).toEqual([2]);
  });

  it('have bounded lengths', () => {
    const long: Message[] = [
      { role: 'user', content: 'x'.repeat(90_000) },
      { role: 'assistant', content: `I recall the upstream fix ${'y'.repeat(90_000)}` },
    ];
    const one: Finding = { ...base, category: 'MEMORY', command: '', evidence: 'z'.repeat(90_000) };
    for (const passage of passagesOf(long, [one], { preset: 'follow-up' }, ['MEMORY'])) {
      expect(passage.text.length + passage.context.length + passage.task.length).toBeLessThan(6_000);
    }
  });
});

describe('the budget of a second judge', () => {
  const teacher = Teacher.parse({
    model: 'm',
    base_url: 'http://localhost/v1',
    prices: { prompt_usd_per_million: 100, completion_usd_per_million: 100 },
  });
  const paid = (tokens: number): Exchange => ({
    reply: { content: '', tool_calls: [], finish_reason: 'stop', model: 'm' },
    usage: { prompt_tokens: tokens, completion_tokens: 0 },
    cost_usd: tokens / 1e4,
    latency_ms: 1,
  });

  it('holds the worst case of every question, then what it cost', () => {
    const budget = new JudgeBudget({ tokens: 1000, cost_usd: 0 });
    const first = budget.reserve(1600, 300, teacher);
    expect(budget.reserve(1600, 300, teacher)).toBeUndefined();
    first?.(paid(100));
    const second = budget.reserve(1600, 300, teacher);
    expect(second).toBeDefined();
    second?.(undefined);
    expect(budget.reserve(2400, 300, teacher)).toBeDefined();
  });

  it('counts money, and what was spent before', () => {
    expect(new JudgeBudget({ tokens: 0, cost_usd: 0.1 }).reserve(1600, 300, teacher)).toBeDefined();
    expect(new JudgeBudget({ tokens: 0, cost_usd: 0.1 }, { tokens: 500, cost_usd: 0.05 }).reserve(1600, 300, teacher)).toBeUndefined();
    expect(new JudgeBudget({ tokens: 0, cost_usd: 0 }, { tokens: 1e9, cost_usd: 1e9 }).reserve(1600, 300, teacher)).toBeDefined();
  });
});
