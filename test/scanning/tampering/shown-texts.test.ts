import { describe, expect, it } from 'vitest';
import type { Change } from '../../../activities/scanning/tampering/change.ts';
import { lineEditorChanges } from '../../../activities/scanning/tampering/line-editors.ts';
import { programEffects } from '../../../activities/scanning/tampering/program-edits.ts';
import { shownBy } from '../../../activities/scanning/tampering/shown-by-call.ts';
import { ShownTexts } from '../../../activities/scanning/tampering/shown-texts.ts';
import { sedChanges } from '../../../activities/scanning/tampering/stream-edits.ts';

const path = '/repo/tests/test_a.py';
const text = 'import a\n\ndef test_a():\n    assert a.f() == 1\n\ndef test_b():\n    assert a.g() == 2';

function shown(printed = text, how: { from?: number; mixed?: boolean } = {}): ShownTexts {
  const texts = new ShownTexts();
  texts.show(path, printed, how);
  return texts;
}

/** The one change, completed by what was shown. */
const completed = ([change, ...others]: Change[]) => {
  if (change === undefined || others.length > 0) throw new Error('not one change');
  return shown().completed(change);
};

const command = (...argv: string[]) => ({ argv, text: argv.join(' '), directory: '', via: [], environment: {}, inputs: [] });
const call = (observation: string, args: Record<string, unknown> = {}) => ({ name: 'bash', args, raw: '', observation });

describe('what a run was shown of a file', () => {
  it('tells what stood in lines that only their numbers choose', () => {
    expect(sedChanges(['-i', '3,4d', path])).toMatchObject([{ before: '', lines: { from: 3, to: 4 } }]);
    expect(completed(sedChanges(['-i', '3,4d', path])).before).toBe('def test_a():\n    assert a.f() == 1');
    expect(completed(sedChanges(['-i', '3i @pytest.mark.skip', path]))).toMatchObject({
      before: 'def test_a():\n    assert a.f() == 1\n\ndef test_b():',
      after: '@pytest.mark.skip\ndef test_a():\n    assert a.f() == 1\n\ndef test_b():',
    });
    expect(completed(sedChanges(['-i', '3,4s/^/# /', path])).after).toBe('# def test_a():\n#     assert a.f() == 1');
  });

  it('is read with the numbers that a viewer puts before lines, or from the line that was asked for', () => {
    const cut = { path, before: '', after: '', kind: 'edit' as const, lines: { from: 6, to: 6 } };
    expect(shown('     5\t\n     6\tdef test_b():\n     7\t    assert a.g() == 2').completed(cut).before).toBe('def test_b():');
    expect(shown('def test_b():\n    assert a.g() == 2', { from: 6 }).completed(cut).before).toBe('def test_b():');
    expect(shown('def test_b():', { mixed: true }).completed(cut).before).toBe('');
  });

  it('goes on with the changes since, and is forgotten after one that cannot be followed', () => {
    const texts = shown();
    texts.changed({ path, before: 'import a\n', after: 'import a\nimport b\n', kind: 'edit' });
    const cut = { path, before: '', after: '', kind: 'edit' as const, lines: { from: 4, to: 4 } };
    expect(texts.completed(cut).before).toBe('def test_a():');
    texts.changed({ path, before: 'not there', after: '', kind: 'edit' });
    expect(texts.text(path)).toBeUndefined();
  });

  it('comes from a command that prints one file, whole or in part', () => {
    const wanted = (file: string) => file.includes('test');
    expect(shownBy(call(text), [command('cd', '/repo'), command('cat', 'tests/test_a.py')], wanted)).toEqual([
      { path: 'tests/test_a.py', text },
    ]);
    expect(shownBy(call('x'), [command('sed', '-n', '4,9p', 'tests/test_a.py')], wanted)).toEqual([
      { path: 'tests/test_a.py', from: 4, text: 'x' },
    ]);
    expect(shownBy(call('x'), [command('git', 'show', 'HEAD:tests/test_a.py')], wanted)).toEqual([{ path: 'tests/test_a.py', text: 'x' }]);
    expect(shownBy(call('x'), [command('cat', 'tests/test_a.py'), command('pytest')], wanted)).toEqual([
      { path: 'tests/test_a.py', text: 'x', mixed: true },
    ]);
    expect(shownBy(call('x'), [command('cat', 'src/a.py')], wanted)).toEqual([]);
    expect(shownBy(call('x'), [command('cat', 'tests/test_a.py'), command('cat', 'tests/test_b.py')], wanted)).toEqual([]);
  });
});

describe('lines that programs cut out', () => {
  it('are those of a list, or lie between two places', () => {
    const deleted = programEffects("p = 'tests/test_a.py'\nL = open(p).readlines()\ndel L[2:4]\nopen(p, 'w').writelines(L)");
    expect(deleted.changes).toMatchObject([{ path: 'tests/test_a.py', lines: { from: 3, to: 4 } }]);
    const between = programEffects(
      "p = 'tests/test_a.py'\ns = open(p).read()\na = s.index('def test_a')\nb = s.index('def test_b')\nopen(p, 'w').write(s[:a] + s[b:])",
    );
    expect(between.changes).toMatchObject([{ before: 'def test_a', until: 'def test_b', untilBefore: true }]);
    expect(completed(between.changes).before).toBe('def test_a():\n    assert a.f() == 1\n');
  });

  it('may stand in variables', () => {
    const code =
      "p = 'tests/test_a.py'\nold = 'assert a.f() == 1'\nnew = 'assert a.f()'\ns = open(p).read()\nopen(p, 'w').write(s.replace(old, new))";
    expect(programEffects(code).changes).toEqual([
      { path: 'tests/test_a.py', before: 'assert a.f() == 1', after: 'assert a.f()', kind: 'edit' },
    ]);
  });

  it('are told by the commands of line editors', () => {
    const typed = (fed: string | undefined, ...argv: string[]) => lineEditorChanges(argv[0] ?? '', { ...command(...argv), fed });
    expect(typed('3,4c\n    pass\n.\nw\nq', 'ed', '-s', 'a.py')).toMatchObject([{ path: 'a.py', lines: { from: 3, to: 4 } }]);
    expect(typed(undefined, 'ex', '-sc', '3,4d|x', 'a.py')).toMatchObject([{ path: 'a.py', lines: { from: 3, to: 4 } }]);
  });
});
