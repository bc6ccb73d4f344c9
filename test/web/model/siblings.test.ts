import { describe, expect, it } from 'vitest';
import { sharedTurns, siblingTurns } from '../../../web/model/siblings/align.ts';
import { comparePatches } from '../../../web/model/siblings/patches.ts';
import { someTurn } from '../pages/some-transcript.ts';

const turns = (...commands: string[]) => siblingTurns(commands.map((command, seq) => someTurn(seq, command)));

describe('where rollouts part', () => {
  it.each([
    {
      rollouts: [
        ['ls', 'cat a'],
        ['ls', 'cat b'],
      ],
      shared: 1,
    },
    { rollouts: [['ls'], ['ls', 'cat b']], shared: 1 },
    {
      rollouts: [
        ['ls', 'x'],
        ['ls', 'x'],
        ['pwd', 'x'],
      ],
      shared: 0,
    },
    {
      rollouts: [
        ['ls', 'x'],
        ['ls', 'x'],
      ],
      shared: 2,
    },
    { rollouts: [['ls', 'x']], shared: 2 },
    { rollouts: [], shared: 0 },
  ])('behaviour 6: $rollouts share $shared', ({ rollouts, shared }) => {
    expect(sharedTurns(rollouts.map((commands) => turns(...commands)))).toBe(shared);
  });

  it('takes a command for the same whatever a harness calls its shell, and other tools for what they are', () => {
    const by = (tool: string, form: 'shell' | 'json') => {
      const turn = someTurn(0, 'ls');
      const call = turn.parts.find(({ kind }) => kind === 'call');
      if (call === undefined) throw new Error('no call');
      Object.assign(call, { name: tool, form });
      return siblingTurns([turn]);
    };
    expect(sharedTurns([by('bash', 'shell'), by('execute_bash', 'shell')])).toBe(1);
    expect(sharedTurns([by('view', 'json'), by('edit', 'json')])).toBe(0);
  });

  it('compares long calls by their ends and length, and prompts not at all', () => {
    const long = (bytes: number, tail: string) => {
      const turn = someTurn(0, '');
      const [call] = turn.parts;
      if (call !== undefined) call.body = { head: 'a', tail, bytes, blob: 'b' };
      return siblingTurns([{ ...someTurn(9, 'p'), kind: 'prompt' }, turn]);
    };
    expect(long(70_000, 'z')).toHaveLength(1);
    expect(sharedTurns([long(70_000, 'z'), long(70_000, 'z')])).toBe(1);
    expect(sharedTurns([long(70_000, 'z'), long(70_001, 'z')])).toBe(0);
    expect(sharedTurns([long(70_000, 'z'), long(70_000, 'y')])).toBe(0);
  });
});

describe('turns beside others', () => {
  it('takes results that a note parted from their call for no turn of their own, and shows arguments on one line', () => {
    const call = someTurn(0, 'one\n  two');
    const [first, ...rest] = siblingTurns([call, { ...someTurn(1, ''), parts: call.parts.filter(({ kind }) => kind === 'result') }]);
    expect(first?.calls.map(({ text }) => text)).toEqual([expect.stringContaining('one two')]);
    expect(rest).toEqual([]);
  });
});

describe('final changes', () => {
  const file = (path: string, start: number, ...lines: string[]) =>
    `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -${start},1 +${start},${lines.length} @@\n${lines.join('\n')}\n`;

  it('calls changes equal by their lines, wherever those stand', () => {
    expect(comparePatches([file('a.py', 3, ' x', '+y'), file('a.py', 9, ' x', '+y'), file('a.py', 3, ' x', '+z'), null])).toEqual([
      { path: 'a.py', groups: [0, 0, 1, null], added: [1, 1, 1, 0], removed: [0, 0, 0, 0] },
    ]);
  });

  it('reads removed lines that look like headers as lines', () => {
    const patch = `diff --git a/q.sql b/q.sql\n--- a/q.sql\n+++ b/q.sql\n@@ -1,2 +1,1 @@\n x\n--- note\n${file('z', 1, ' a', '+b')}`;
    expect(comparePatches([patch])).toEqual([
      { path: 'q.sql', groups: [0], added: [0], removed: [1] },
      { path: 'z', groups: [0], added: [1], removed: [0] },
    ]);
  });
});
