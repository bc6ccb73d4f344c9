import { describe, expect, it } from 'vitest';
import { decideRow } from '../../activities/filtering/ledger-entry.ts';
import { decideNearDuplicates } from '../../activities/filtering/near-duplicates.ts';
import { presetOf } from '../../activities/filtering/presets.ts';
import { shinglesOf } from '../../activities/filtering/shingles.ts';
import type { Mode } from '../../schemas/names.ts';
import type { Resolved } from '../../schemas/verdict.ts';
import { finish, run, type Step, scan, task, trajectory, verdict } from './rows.ts';
import { countTokens } from './count-tokens.ts';

const ref = { sha256: '0'.repeat(64), size_bytes: 1, content_type: 'application/json' };

function sibling(sample: number, steps: Step[], options: { resolved?: Resolved; mode?: Mode } = {}) {
  const { resolved = 0, mode = 'no_think' } = options;
  const row = trajectory(steps, { key: { campaign: 'demo', instance_id: 'acme__parser-7', harness: 'openhands', mode, sample } });
  const entry = decideRow(
    { trajectory: row, task: task(), verdict: verdict({ resolved }), scan: scan(), refs: { task: ref, trajectory: ref, verdict: ref } },
    presetOf('strict'),
    countTokens,
  );
  return { entry, shingles: shinglesOf(row) };
}

const work = (word: string) => [
  run(`grep -rn "${word}" src lib include`),
  run(`sed -n 1,80p src/${word}.py`),
  run(`python -m pytest tests/test_${word}.py -q -x --maxfail=1`),
  finish,
];

describe('near-duplicates within a task', () => {
  it('keep the resolved one of two rows that do the same', () => {
    const [unresolved, resolved] = [sibling(0, work('parse')), sibling(1, work('parse'), { resolved: 1 })];
    const decisions = decideNearDuplicates([unresolved, resolved], presetOf('strict'));
    expect(decisions.get(resolved.entry.id)?.decision).toBe('keep');
    expect(decisions.get(unresolved.entry.id)).toMatchObject({ decision: 'drop', evidence: [{ text: resolved.entry.id }] });
  });

  it('keep rows that work differently', () => {
    const decisions = decideNearDuplicates([sibling(0, work('parse')), sibling(1, work('lexer'))], presetOf('strict'));
    expect([...decisions.values()].map(({ decision }) => decision)).toEqual(['keep', 'keep']);
  });

  it('give the same decisions in whatever order the rows come', () => {
    const rows = [
      sibling(0, work('parse')),
      sibling(1, work('parse')),
      sibling(2, work('lexer')),
      sibling(3, work('parse'), { resolved: 1 }),
    ];
    const decide = (order: typeof rows) => [...decideNearDuplicates(order, presetOf('strict'))].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(decide(rows)).toEqual(decide(rows.toReversed()));
    expect(decide(rows).filter(([, { decision }]) => decision === 'drop')).toHaveLength(2);
  });

  it('are compared across modes by the strict preset only, and only noted by the usual one', () => {
    const rows = [sibling(0, work('parse')), sibling(0, work('parse'), { mode: 'think' }), sibling(1, work('parse'))];
    const counts = (preset: 'strict' | 'open-swe-traces') =>
      [...decideNearDuplicates(rows, presetOf(preset)).values()].map(({ decision }) => decision).sort();
    expect(counts('strict')).toEqual(['drop', 'drop', 'keep']);
    expect(counts('open-swe-traces')).toEqual(['keep', 'keep', 'note']);
  });
});
