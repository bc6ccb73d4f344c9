import { describe, expect, it } from 'vitest';
import type { TurnView } from '../../../schemas/transcript.ts';
import { TranscriptBuilder } from '../../../web/model/transcript/builder.ts';
import { type RawPart, type RawTurn, textPart } from '../../../web/model/transcript/raw-turn.ts';
import { listRows, rowIndex } from '../../../web/pages/run/list-rows.ts';

const turn = (kind: TurnView['kind'], ...parts: RawPart[]): RawTurn => ({
  kind,
  turn: kind === 'turn' ? 0 : null,
  at: null,
  prompt_tokens: null,
  completion_tokens: null,
  latency_ms: null,
  parts,
});
const note = (name: string) => turn('note', textPart('note', name, 'x'));
const said = turn('turn', textPart('reply', '', 'look'));

/** Rows as `kind seq`, groups with what they say. */
function rowsOf(
  raw: readonly RawTurn[],
  opened: readonly number[] = [],
  findings: ConstructorParameters<typeof TranscriptBuilder>[0] = [],
) {
  const builder = new TranscriptBuilder(findings);
  for (const each of raw) builder.add(each);
  const index = builder.index(0);
  const known = (seq: number) => ({ kind: index?.kind[seq] ?? 'turn', flags: index?.flags[seq] ?? 0 });
  return listRows(0, raw.length, known, new Set(opened));
}
const texts = (rows: ReturnType<typeof rowsOf>) =>
  rows.map((row) => (row.kind === 'group' ? `${row.what} ${row.seq}-${row.last}` : row.seq));

describe('rows of the list of turns', () => {
  it('behaviour 16: has one row for turns of low value that follow each other', () => {
    const raw = [
      turn('prompt', textPart('prompt', 'system', 'you are')),
      note('container_created'),
      turn('prompt', textPart('prompt', 'user', 'fix it')),
      said,
      ...['resumed', 'model_retry', 'resumed'].map(note),
      said,
      turn('turn', textPart('reply', '', '  \n')),
      turn('note', textPart('field', 'log', 'x')),
      note('resumed'),
    ];
    const rows = rowsOf(raw);
    expect(texts(rows)).toEqual(['1 set-up message, 1 note 0-1', 2, 3, '3 notes 4-6', 7, '1 empty turn 8-8', 9, '1 note 10-10']);
    expect([0, 1, 2, 5, 6, 7, 10, 11].map((seq) => rowIndex(rows, seq))).toEqual([0, 0, 1, 3, 3, 4, 7, -1]);
    const open = rowsOf(raw, [5]);
    expect(texts(open)).toEqual(['1 set-up message, 1 note 0-1', 2, 3, '3 notes 4-6', 4, 5, 6, 7, '1 empty turn 8-8', 9, '1 note 10-10']);
    expect([4, 5, 6].map((seq) => rowIndex(open, seq))).toEqual([4, 5, 6]);
  });

  it.each([
    ['a note of a failure', turn('note', { ...textPart('note', 'context_full', 'x'), failed: true })],
    ['an empty result that failed', turn('turn', { ...textPart('result', 'bash', ''), failed: true, exit_code: 1 })],
    ['an empty result with an exit code', turn('turn', { ...textPart('result', 'bash', ''), exit_code: 137 })],
    ['a call that nothing was given', turn('turn', textPart('call', 'finish', ''))],
    ['a change, though empty', turn('patch', textPart('patch', '', ''))],
    ['thinking alone', turn('turn', textPart('thinking', '', 'hm'))],
  ])('behaviour 16: never folds %s', (_what, raw) => {
    expect(texts(rowsOf([note('resumed'), raw, note('resumed')]))).toEqual(['1 note 0-0', 1, '1 note 2-2']);
  });

  it('behaviour 16: never folds a turn with a finding', () => {
    const found = {
      category: 'LOCAL_GIT',
      rule: 'r',
      severity: 'note',
      turn: 0,
      call: 0,
      command: '',
      evidence: '',
      succeeded: false,
    } as const;
    expect(texts(rowsOf([turn('turn', textPart('reply', '', ''))], [], [found]))).toEqual([0]);
  });

  it('cuts very long groups, and leaves turns that the index does not know yet', () => {
    expect(texts(rowsOf(Array.from({ length: 450 }, () => note('resumed'))))).toEqual([
      '200 notes 0-199',
      '200 notes 200-399',
      '50 notes 400-449',
    ]);
    expect(listRows(3, 2, () => undefined, new Set())).toEqual([
      { kind: 'turn', seq: 3 },
      { kind: 'turn', seq: 4 },
    ]);
    expect(rowIndex([], 3)).toBe(-1);
  });
});
