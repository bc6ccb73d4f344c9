import { expect, it } from 'vitest';
import { explain } from '../../cli/explanation.ts';
import type { LeftOut } from '../../schemas/left-out.ts';
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
