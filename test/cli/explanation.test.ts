import { expect, it } from 'vitest';
import { explain } from '../../cli/explanation.ts';
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
  expect(text).toMatch(/Noted {7}ambiguous_verdict v1: resolved 1 rests on an ambiguous log/);
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
