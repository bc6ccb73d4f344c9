import { describe, expect, it } from 'vitest';
import { timelineLayout } from '../../../web/pages/run/timeline-layout.ts';
import { ByteCache } from '../../../web/pages/run/byte-cache.ts';
import { besideEdit, editOf } from '../../../web/pages/text/edit-call.ts';
import { visibleParts } from '../../../web/pages/text/hidden.ts';
import { rangesOfMarkup } from '../../../web/pages/text/markup-ranges.ts';
import { occurrences, piecesOf } from '../../../web/pages/text/ranges.ts';
import { terminalText } from '../../../web/pages/text/terminal.ts';
import { tooDeep } from '../../../web/pages/text/too-deep.ts';

describe('characters that are not seen', () => {
  const signs = (text: string) => visibleParts(text).map((part) => (typeof part === 'string' ? part : `<${part.sign}>`));

  it.each([
    ['a\u202Eb', ['a', '<U+202E>', 'b']],
    ['\u200B\u200B\u200B', ['<U+200B ×3>']],
    ['tag \u{E0041}', ['tag ', '<U+E0041>']],
    ['lone \ud800!', ['lone ', '<U+D800>', '!']],
    ['family 👨‍👩‍👧 and ❤️', ['family 👨‍👩‍👧 and ❤️']],
    ['a\u200Db', ['a', '<U+200D>', 'b']],
    ['tab\tand\nline', ['tab\tand\nline']],
    ['one\r\ntwo\rthree', ['one\r\ntwo', '<U+000D>', 'three']],
  ])('behaviour 25: have a sign in %j', (text, parts) => {
    expect(signs(text)).toEqual(parts);
  });

  it('are few nodes, however many there are', () => {
    const parts = visibleParts('a\u200B'.repeat(100_000));
    expect(parts.length).toBeLessThan(10_000);
    expect(parts.at(-1)).toMatch(/^a⟨U\+200B⟩/);
  });
});

describe('what a terminal printed', () => {
  it.each([
    ['a link', '\u001b]8;;https://x.example\u0007text\u001b]8;;\u0007', 'text'],
    ['a link ended otherwise', '\u001b]8;;https://x.example\u001b\\text\u001b]8;;\u001b\\', 'text'],
    ['a title that has no end', 'a\u001b]0;title', 'a'],
    ['moves of the cursor', 'a\u001b[2K\u001b[1;1Hb', 'ab'],
    ['a device control', 'a\u001bPq#0;2\u001b\\b', 'ab'],
    ['progress on one line', '1 %\r2 %\r\n', '1 %\n2 %\n'],
  ])('is text without %s', (_what, printed, text) => {
    expect(terminalText(printed)).toEqual({ text, ranges: [] });
  });

  it('has its colours as names of classes', () => {
    expect(terminalText('a\u001b[1;31mb\u001b[0mc')).toEqual({ text: 'abc', ranges: [{ start: 1, end: 2, look: 'ansi-red ansi-bold' }] });
  });
});

describe('ranges over a text', () => {
  it('cut it where they begin and end, and may lie over each other', () => {
    const pieces = piecesOf('abcdef', [
      { start: 1, end: 4, look: 'x' },
      { start: 3, end: 9, look: 'finding', tip: 'why' },
    ]);
    expect(pieces.map(({ text, look, tip }) => `${text}:${look}:${tip}`)).toEqual(['a::', 'bc:x:', 'd:x finding:why', 'ef:finding:why']);
    expect(piecesOf('', [{ start: 0, end: 5, look: 'x' }])).toEqual([]);
  });

  it('behaviour 7: find what is looked for as it is written, in any case', () => {
    expect(occurrences('a-b.c A-B axb', 'a-b')).toEqual([
      { start: 0, end: 3 },
      { start: 6, end: 9 },
    ]);
    expect(occurrences('f(x) [y] \\d+', '[y] \\d+')).toEqual([{ start: 5, end: 12 }]);
    expect(occurrences('İi 🙂b', 'B')).toEqual([{ start: 5, end: 6 }]);
  });

  it('come from the markup of coloured code only where it fits the code', () => {
    const markup = '<span class="hljs-keyword">if</span> a &lt; <span class="hljs-string">&quot;b&quot;</span>';
    expect(rangesOfMarkup(markup, 'if a < "b"')).toEqual([
      { start: 0, look: 'hljs-keyword', end: 2 },
      { start: 7, look: 'hljs-string', end: 10 },
    ]);
    expect(rangesOfMarkup(markup, 'something else')).toEqual([]);
    expect(rangesOfMarkup('<span class="evil hljs-x">a</span>', 'a')).toEqual([{ start: 0, look: 'hljs-x', end: 1 }]);
  });
});

describe('behaviour 11: markup that is too deep or too long', () => {
  it.each([
    ['nested quotes', '> '.repeat(200)],
    ['nested lists', '- '.repeat(200)],
    ['nested JSON', '['.repeat(101)],
    ['many beginnings without an end', '![a '.repeat(3000)],
    ['a long text', 'a '.repeat(80_000)],
  ])('is told by %s', (_what, text) => {
    const started = performance.now();
    expect(tooDeep(text)).toBe(true);
    expect(performance.now() - started).toBeLessThan(200);
  });

  it('is told of no usual text', () => {
    expect(tooDeep(`# Title\n\n${'- item with `code` and **weight**\n'.repeat(200)}`)).toBe(false);
    expect(tooDeep(JSON.stringify({ a: [{ b: [1, 2, { c: 'x' }] }] }))).toBe(false);
  });
});

describe('behaviour 16: the strip of a run', () => {
  it('draws a long idle time short, with how long it was', () => {
    const minute = 60_000;
    const at = [1, 2, 3, 123, 124].map((minutes) => minutes * minute);
    const { by, places, gaps } = timelineLayout(at.map((time) => time + 1e12));
    expect(by).toBe('time');
    expect(gaps.map(({ ms }) => ms)).toEqual([2 * 60 * minute]);
    const [, , before = 0, after = 1] = places;
    expect(after - before).toBeLessThan(0.8);
    expect(places.at(0)).toBe(0);
    expect(places.at(-1)).toBeCloseTo(1);
  });

  it.each([
    ['times are not known', [0, 0, 0]],
    ['all turns have the same', [5, 5, 5]],
  ])('goes by number where %s', (_what, at) => {
    expect(timelineLayout(at)).toEqual({ by: 'number', places: [0, 0.5, 1], gaps: [] });
  });

  it('takes a clock that went back for no time', () => {
    expect(timelineLayout([1000, 3000, 2000, 4000]).places).toEqual([0, 2 / 3, 2 / 3, 1]);
  });
});

describe('values kept by their bytes', () => {
  it('lets those go that were asked for longest ago, and fetches what is on its way once', async () => {
    const cache = new ByteCache<string>(10);
    let fetched = 0;
    const fetch = async (value: string) => {
      fetched += 1;
      return { value, bytes: 4 };
    };
    await Promise.all([cache.load(1, () => fetch('a')), cache.load(1, () => fetch('a'))]);
    expect(fetched).toBe(1);
    await cache.load(2, () => fetch('b'));
    cache.get(1);
    await cache.load(3, () => fetch('c'));
    expect([cache.get(1), cache.get(2), cache.get(3)]).toEqual(['a', undefined, 'c']);
    await cache.load(4, async () => ({ value: 'large', bytes: 100 }));
    expect([cache.get(3), cache.get(4)]).toEqual([undefined, 'large']);
    expect(await cache.load(5, async () => undefined)).toBeUndefined();
  });
});

describe('calls of editing tools', () => {
  const lines = (given: unknown) =>
    editOf(typeof given === 'string' ? given : JSON.stringify(given))?.flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.lines));
  const patch = '*** Begin Patch\n*** Update File: a.py\n@@ class A\n x\n-y\n+z\n*** Add File: b.py\n+new\n*** End Patch';

  it.each([
    ['one text for another', { command: 'str_replace', path: 'a', old_str: 'x\ny\nz', new_str: 'x\nw\nz' }, [' x', '-y', '+w', ' z']],
    ['other names', { file_path: 'a', old_string: 'y\n', new_string: 'y\nw\n' }, [' y', '+w']],
    ['a text taken out', { command: 'str_replace', path: 'a', old_str: 'y' }, ['-y']],
    ['the newline at the end alone', { command: 'str_replace', path: 'a', old_str: 'y\n', new_str: 'y' }, [' y', '-']],
    ['a new file', { command: 'create', path: 'a', file_text: 'x\n<script>\n' }, ['+x', '+<script>']],
    ['lines put in', { command: 'insert', path: 'a', insert_line: 3, new_str: '-- x' }, ['+-- x']],
    [
      'several edits',
      {
        file_path: 'a',
        edits: [
          { old_string: 'a', new_string: 'b' },
          { old_string: 'c', new_string: 'd' },
        ],
      },
      ['-a', '+b', '-c', '+d'],
    ],
    ['a patch', { input: patch }, [' x', '-y', '+z', '+new']],
    ['a patch as a command', { command: ['apply_patch', patch] }, [' x', '-y', '+z', '+new']],
    ['a patch that is no JSON', patch, [' x', '-y', '+z', '+new']],
  ])('are shown as lines out and in: %s', (_what, given, wanted) => {
    expect(lines(given)).toEqual(wanted);
  });

  it.each([
    ['a look', { command: 'view', path: 'a' }],
    ['no change', { command: 'str_replace', path: 'a', old_str: 'y', new_str: 'y' }],
    ['a message', { content: 'hello' }],
    ['a patch that removes a file', { input: '*** Begin Patch\n*** Delete File: a.py\n*** End Patch' }],
    ['an edit without end', { command: 'create', path: 'a', file_text: 'x\n'.repeat(50_000) }],
    ['edits of which one says nothing', { file_path: 'a', edits: [{ old_string: 'a', new_string: 'b' }, 'c'] }],
    ['what no edit has', 'rm -rf x'],
  ])('are shown as they were sent: %s', (_what, given) => {
    expect(lines(given)).toBeUndefined();
  });

  it('lose no argument and say where lines are put in', () => {
    const given = JSON.stringify({ command: 'insert', path: 'a', insert_line: 3, new_str: 'x', security_risk: 'LOW' });
    expect(editOf(given)).toMatchObject([{ path: 'a', hunks: [{ at: 'behind line 3' }] }]);
    expect(besideEdit(given)).toBe('{"command":"insert","security_risk":"LOW"}');
  });
});
