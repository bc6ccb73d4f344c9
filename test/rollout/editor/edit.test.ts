import { beforeAll, describe, expect, it } from 'vitest';
import { edit, refuseEdit, type UndoTarget } from '../../../activities/rollout/editor/edit.ts';
import { EditorCall } from '../../../activities/rollout/editor/call.ts';
import type { EditorRules } from '../../../activities/rollout/editor/rules.ts';
import { editorTemplates } from '../../../activities/rollout/editor/samples.ts';
import { type Say, speaker } from '../../../activities/rollout/templates/render.ts';
import { readTextFolders } from '../../../activities/rollout/templates/template-files.ts';
import type { FileState } from '../../../activities/sandbox/contract.ts';

const openhands: EditorRules = { failurePrefix: 'ERROR:\n', endPastFile: 'clamp', lastNewlineCounts: false, undo: true, expandTabs: false };
const sweagent: EditorRules = { failurePrefix: '', endPastFile: 'refuse', lastNewlineCounts: true, undo: false, expandTabs: false };
let say: Say;
beforeAll(async () => {
  say = speaker(await readTextFolders([editorTemplates]));
});

const file = (content: string | Buffer): FileState => {
  const bytes = Buffer.from(content);
  return { kind: 'file', size: bytes.length, content: bytes };
};
const call = (command: string, given: Record<string, unknown> = {}): EditorCall => EditorCall.parse({ command, path: '/r/a', ...given });
const run = (
  given: EditorCall,
  state: FileState,
  { rules = openhands, undo = null, snapshot = null }: { rules?: EditorRules; undo?: UndoTarget; snapshot?: Buffer | null } = {},
) => edit({ call: given, rules, say, undo }, state, snapshot);
const replaced = (content: string | Buffer, old_str: string, new_str?: string, rules = openhands) =>
  run(call('str_replace', { old_str, ...(new_str === undefined ? {} : { new_str }) }), file(content), { rules });
const inserted = (content: string | Buffer, insert_line: number, new_str: string) =>
  run(call('insert', { insert_line, new_str }), file(content));

describe('view', () => {
  it('numbers the lines of a file', () => {
    expect(run(call('view'), file('one\n\ttwo\n'))).toEqual({
      write: null,
      exit_code: 0,
      output: '/r/a, lines 1 to 2 of 2:\n     1\tone\n     2\t\ttwo',
    });
    expect(run(call('view'), file('one\ntwo\n'), { rules: sweagent }).output).toContain('of 3:\n     1\tone\n     2\ttwo\n     3\t');
    expect(run(call('view'), file('')).output).toContain('     1\t');
  });

  it.each([
    { view_range: [2, 3], shows: '     2\tb\n     3\tc', exit: 0 },
    { view_range: [3, -1], shows: '     3\tc\n     4\td', exit: 0 },
    { view_range: [3, 9], shows: '     3\tc\n     4\td\n(line 9 lies beyond the end; the file has 4 lines)', exit: 0 },
    { view_range: [1], shows: 'two whole numbers', exit: 11 },
    { view_range: [1, 2.5], shows: 'two whole numbers', exit: 11 },
    { view_range: [0, 2], shows: 'numbered 1 to 4', exit: 12 },
    { view_range: [5, 6], shows: 'numbered 1 to 4', exit: 12 },
    { view_range: [3, 2], shows: 'before its start', exit: 14 },
    { view_range: [3, -2], shows: 'before its start', exit: 14 },
  ])('takes the range $view_range', ({ view_range, shows, exit }) => {
    const { output, exit_code } = run(call('view', { view_range }), file('a\nb\nc\nd\n'));
    expect(output).toContain(shows);
    expect(exit_code).toBe(exit);
  });

  it('refuses a range past the end where the rules say so', () => {
    expect(run(call('view', { view_range: [1, 9] }), file('a\nb\n'), { rules: sweagent })).toMatchObject({ exit_code: 13 });
  });

  it('cuts long files with a notice', () => {
    const { output } = run(call('view'), file(`${'x'.repeat(99)}\n`.repeat(1000)));
    expect(output).toContain('(83999 more characters not shown');
    expect(output.split('\n')).toHaveLength(162);
  });

  it('lists a directory sorted, with hidden entries counted', () => {
    const entries = ['src', 'src/b.py', 'src/a.py', '.git', '.git/config', 'src/.x', 'README', '.env'].map((path) => ({
      path,
      directory: ['src', '.git'].includes(path),
    }));
    const state: FileState = { kind: 'directory', entries, truncated: false };
    expect(run(call('view'), state).output).toBe(
      'Contents of /r/a, two levels deep:\n/r/a\n/r/a/README\n/r/a/src/\n/r/a/src/a.py\n/r/a/src/b.py\n(2 hidden entries of this directory not listed)',
    );
    expect(run(call('view', { view_range: [1, 2] }), state).exit_code).toBe(10);
    expect(run(call('insert', { insert_line: 0, new_str: 'x' }), state).exit_code).toBe(9);
  });

  it.each([
    [{ kind: 'missing', parentIsDirectory: true }, 7],
    [{ kind: 'other' }, 19],
    [{ kind: 'file', size: 20_000_000, content: null }, 19],
    [{ kind: 'file', size: 4, content: Buffer.from([0, 1, 2, 3]) }, 19],
  ] as [FileState, number][])('fails on %o', (state, exit) => {
    const { exit_code, output, write } = run(call('view'), state);
    expect({ exit_code, write }).toEqual({ exit_code: exit, write: null });
    expect(output).toMatch(/^ERROR:\n/);
  });
});

describe('create', () => {
  it('writes a new file, also an empty one, and never over another', () => {
    expect(run(call('create', { file_text: 'a\r\nb' }), { kind: 'missing', parentIsDirectory: true })).toEqual({
      write: Buffer.from('a\r\nb'),
      exit_code: 0,
      output: 'Created /r/a.',
    });
    expect(run(call('create', { file_text: '' }), { kind: 'missing', parentIsDirectory: true }).write).toEqual(Buffer.alloc(0));
    expect(run(call('create', { file_text: 'x' }), file('y'))).toMatchObject({ write: null, exit_code: 8 });
    expect(run(call('create', { file_text: 'x' }), { kind: 'missing', parentIsDirectory: false })).toMatchObject({
      write: null,
      exit_code: 21,
    });
  });
});

describe('str_replace', () => {
  it('replaces the one occurrence literally and shows four lines around it', () => {
    const { write, output } = replaced('1\n2\n3\n4\n5\n$& a.b\n7\n8\n9\n10\n11\n', '$& a.b', '$1\nmore');
    expect(write?.toString()).toBe('1\n2\n3\n4\n5\n$1\nmore\n7\n8\n9\n10\n11\n');
    expect(output).toContain('now reads:\n     2\t2\n');
    expect(output).toContain('    11\t10\nMake sure');
  });

  it('deletes without new_str', () => {
    expect(replaced('a\nb\n', 'b\n').write?.toString()).toBe('a\n');
  });

  it.each([
    ['absent', 'z', 'y', 15, 'does not occur'],
    ['several', 'a', 'y', 16, 'on lines 1, 3, 3'],
    ['equal', 'b', 'b', 161, 'the same'],
    ['empty', '', 'y', 16, 'more than once'],
  ])('refuses a text that is %s', (_case, old_str, new_str, exit, text) => {
    const { output, exit_code, write } = replaced('a\nb\naxa\n', old_str, new_str);
    expect({ exit_code, write }).toEqual({ exit_code: exit, write: null });
    expect(output).toContain(text);
  });

  it.each([
    ['CR LF', 'a\r\nb\r\nc\r\n', 'a\nb', 'x\ny\nz', 'x\r\ny\r\nz\r\nc\r\n'],
    ['CR LF, with it in the call', 'a\r\nb\r\n', 'a\r\nb', 'x\r\ny', 'x\r\ny\r\n'],
    ['mixed endings, CR LF part', 'a\nb\r\nc\r\nd\n', 'b\nc', 'x\ny', 'a\nx\r\ny\r\nd\n'],
    ['mixed endings, LF part', 'a\nb\nc\r\n', 'a\nb', 'x\ny', 'x\ny\nc\r\n'],
    ['tabs', '\tif x:\n\t\treturn\n', 'return', 'pass', '\tif x:\n\t\tpass\n'],
    ['no newline at the end', 'a\nb', 'b', 'c', 'a\nc'],
    ['a lone CR', 'a\rb\n', 'b', 'c', 'a\rc\n'],
  ])('keeps %s', (_case, content, old_str, new_str, expected) => {
    expect(replaced(content, old_str, new_str).write?.toString()).toBe(expected);
  });

  it('turns tabs into spaces only behind the switch', () => {
    const { write } = replaced('\ta\nbc\td\n', 'a', 'x\ty', { ...sweagent, expandTabs: true });
    expect(write?.toString()).toBe('        x       y\nbc      d\n');
  });
});

describe('encodings', () => {
  const utf16 = (text: string, big: boolean, mark: boolean) => {
    const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
    return big ? bytes.swap16() : bytes;
  };
  it.each([
    ['UTF-8', Buffer.from('häß €\n')],
    ['UTF-8 with mark', Buffer.from('\ufeffhäß\n')],
    ['UTF-16 little', utf16('häß €\n', false, true)],
    ['UTF-16 big', utf16('häß €\n', true, true)],
    ['UTF-16 without mark', utf16('a plain line häß\n', false, false)],
    ['UTF-16 big without mark', utf16('a plain line häß\n', true, false)],
    ['Latin-1', Buffer.from('häß\n', 'latin1')],
  ])('keeps %s byte for byte', (_name, bytes) => {
    const there = replaced(bytes, 'häß', 'größe').write;
    expect(there).not.toBeNull();
    expect(replaced(there ?? '', 'größe', 'häß').write).toEqual(bytes);
  });

  it('does not write what Latin-1 lacks', () => {
    expect(replaced(Buffer.from('h\xe4\n', 'latin1'), 'hä', '€')).toMatchObject({ write: null, exit_code: 20 });
  });

  it('writes no half of a character', () => {
    expect(run(call('create', { file_text: 'a\ud83e' }), { kind: 'missing', parentIsDirectory: true })).toMatchObject({
      write: null,
      exit_code: 20,
    });
    expect(replaced('a\n', 'a', 'b\udd8a')).toMatchObject({ write: null, exit_code: 20 });
  });

  it('does not take an executable for text', () => {
    expect(replaced(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0x80, 0xff]), 'E', 'F')).toMatchObject({
      write: null,
      exit_code: 19,
    });
  });
});

describe('insert', () => {
  it.each([
    ['at the top', 'a\nb\n', 0, 'x', 'x\na\nb\n'],
    ['between', 'a\nb\n', 1, 'x\ny', 'a\nx\ny\nb\n'],
    ['at the end', 'a\nb\n', 2, 'x', 'a\nb\nx\n'],
    ['after an unfinished line', 'a\nb', 2, 'x', 'a\nb\nx'],
    ['into an empty file', '', 0, 'x', 'x\n'],
    ['between CR LF lines', 'a\r\nb\r\n', 1, 'x\ny', 'a\r\nx\r\ny\r\nb\r\n'],
  ])('puts lines %s', (_where, content, line, text, expected) => {
    expect(inserted(content, line, text).write?.toString()).toBe(expected);
  });

  it.each([-1, 3])('refuses line %i of two', (line) => {
    expect(inserted('a\nb\n', line, 'x')).toMatchObject({ write: null, exit_code: 17 });
  });
});

describe('undo_edit', () => {
  it('goes back to the bytes before the edit, or to the created text', () => {
    const bytes = Buffer.from('h\xe4\r\n', 'latin1');
    expect(run(call('undo_edit'), file('x'), { undo: { kind: 'snapshot' }, snapshot: bytes }).write).toEqual(bytes);
    expect(run(call('undo_edit'), file('x'), { undo: { kind: 'text', text: 'made\n' } }).write?.toString()).toBe('made\n');
  });

  it('fails without an earlier edit, and always where the rules know no undo', () => {
    expect(run(call('undo_edit'), file('x'))).toMatchObject({ write: null, exit_code: 18 });
    expect(run(call('undo_edit'), file('x'), { rules: sweagent, undo: { kind: 'snapshot' }, snapshot: Buffer.from('y') })).toMatchObject({
      write: null,
      exit_code: 18,
    });
  });
});

describe('a call that no file could satisfy', () => {
  it.each([
    [call('view', { path: 'a' }), 'not an absolute path'],
    [call('rename'), 'no command `rename`'],
    [call('create'), '`file_text`'],
    [call('str_replace', { new_str: 'x' }), '`old_str`'],
    [call('insert', { new_str: 'x' }), '`insert_line`'],
    [call('insert', { insert_line: 1 }), '`new_str`'],
  ])('is refused before anything is looked at: %o', (given, text) => {
    expect(refuseEdit({ call: given, rules: openhands, say, undo: null })).toContain(text);
  });
});
