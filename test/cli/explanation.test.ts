import { expect, it } from 'vitest';
import { explain } from '../../cli/explanation.ts';
import type { Finding } from '../../schemas/finding.ts';
import type { LeftOut } from '../../schemas/left-out.ts';
import type { Fact } from '../../schemas/row-origin.ts';
import { decided, keyOf } from '../ledger/records.ts';

it('an ambiguous verdict is explained by its causes, tests and the line of the log', () => {
  const entry = decided(keyOf(), {
    ambiguous: [
      { cause: 'equal_names', hides: 'failed', tests: ['adds', 'sums', 'counts', 'empties'], line: '✕ adds (2 ms)' },
      { cause: 'exit_code', hides: 'failed', tests: [], line: '' },
    ],
  });
  const rollout = { type: 'rollout', key: entry.key, teacher: 'scripted' } as const;
  const text = explain({ rollout, entry, task: null, attempts: [], history: [], location: ({ sha256 }) => sha256 });
  expect(text).toMatch(/Noted {7}ambiguous_verdict v2: resolved 1 rests on an ambiguous log/);
  const told = text
    .slice(text.indexOf('ambiguous (equal_names)'))
    .split('\n')
    .map((line) => line.trim());
  expect(told.slice(0, 7)).toEqual([
    'ambiguous (equal_names): counts as passed, may have failed: several tests have this name, with different outcomes',
    'adds',
    'sums',
    'counts',
    'and 1 more',
    'in the log: ✕ adds (2 ms)',
    'ambiguous (exit_code): counts as passed, may have failed: a test command failed, although no test that the parser reads did',
  ]);
});

it('a patch without all of the change is explained by the files that it has not', () => {
  const files = ['a.rc', 'b.rc', 'c.rc', 'd.rc'].map((path) => ({ path, reason: 'encoding' as const }));
  const explained = (change: { left_out?: LeftOut }) => {
    const entry = { ...decided(keyOf()), ...change };
    const rollout = { type: 'rollout', key: entry.key, teacher: 'scripted' } as const;
    return explain({ rollout, entry, task: null, attempts: [], history: [], location: ({ sha256 }) => sha256 });
  };
  const text = explained({ left_out: { count: 12, files } });
  expect(text).toContain('the patch is not the whole change: 12 files could not be taken');
  expect(text).toContain('    a.rc (not in the encoding that .gitattributes names)');
  expect(text).toContain('    and 9 more');
  expect(explained({})).not.toContain('whole change');
});

it('a row of another tool is explained by where it was read, what its file says of its end, and what nobody says', () => {
  const explained = (lacks: Fact[], unread: string[] = []) => {
    const entry = decided(keyOf(), { lacks, unread });
    const told = { ...entry, origin: entry.origin && { ...entry.origin, exit_status: 'Submitted (late)' } };
    const rollout = { type: 'rollout', key: entry.key, teacher: 'scripted' } as const;
    return explain({ rollout, entry: told, task: null, attempts: [], history: [], location: ({ sha256 }) => sha256 });
  };
  const known = explained([]);
  expect(known).toContain('1000 prompt and 100 completion tokens');
  expect(known).toContain('read from runs.jsonl:3 as openai');
  expect(known).toContain('ended as finished (finished); its file says Submitted (late)');
  const unknown = explained(['tokens', 'cost', 'ending']);
  expect(unknown).toContain('tokens unknown, cost unknown');
  expect(unknown).toContain('nobody says how it ended; its file says Submitted (late)');
  expect(unknown).toMatch(/Not judged {2}limits v2: its file does not say how it ended/);
  const unparsed = explained([], ['call (message 2): a call of unknown shape']);
  expect(unparsed).toContain('→ unparsed: 1 parts of the row could not be read');
  expect(unparsed).toContain('no attempt to look up the answer in what could be read');
});

it('a finding is explained with what a second judge said of it', () => {
  const finding: Finding = {
    category: 'MEMORY',
    rule: 'recalls-the-fix',
    severity: 'note',
    turn: 2,
    call: 0,
    command: '',
    evidence: 'As upstream did.',
    succeeded: true,
    judge: { model: 'reviewer-1', verdict: 'not_judged', reason: 'late: no answer within 5 s', scanner: 'note' },
  };
  const counts = { answered: 0, cached: 0, malformed: 0, late: 1, failed: 0, over_budget: 2, too_many: 0 };
  const judging = { model: 'reviewer-1', prompt_version: 1, passages: 3, ...counts, prompt_tokens: 0, completion_tokens: 0, cost_usd: 0 };
  const entry = { ...decided(keyOf()), findings: [finding], judging };
  const rollout = { type: 'rollout', key: entry.key, teacher: 'scripted' } as const;
  const text = explain({ rollout, entry, task: null, attempts: [], history: [], location: ({ sha256 }) => sha256 });
  expect(text).toContain('note MEMORY recalls-the-fix, turn 2, call 0: As upstream did.');
  expect(text).toContain('judged by reviewer-1: not judged: late: no answer within 5 s');
  expect(text).toContain(
    'second judge: reviewer-1 decided on 0 of 3 passages (0 from the cache, 0 tokens); not judged: 1 late, 2 over budget',
  );
});
