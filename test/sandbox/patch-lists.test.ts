import { describe, expect, it } from 'vitest';
import { changedConversions } from '../../activities/sandbox/changed-conversions.ts';
import {
  attributesOf,
  frames,
  objectLines,
  pathLines,
  quotedLines,
  rawDifferences,
  rawLines,
} from '../../activities/sandbox/patch-lists.ts';

const [old, now] = ['1'.repeat(40), '2'.repeat(40)];

describe('what the steps of taking a patch print', () => {
  it('is taken apart by its frames, and is not taken for whole where it was cut', () => {
    const output = Buffer.from('one 5\na\0b\n\0two 0\nthree 1\nx');
    expect(frames(output)).toEqual(
      new Map([
        ['one', Buffer.from('a\0b\n\0')],
        ['two', Buffer.alloc(0)],
        ['three', Buffer.from('x')],
      ]),
    );
    expect(frames(output.subarray(0, -1))).toBeUndefined();
    expect(frames(output.subarray(0, 3))).toBeUndefined();
  });

  it('names differences by paths of any bytes', () => {
    const [raw] = rawDifferences(Buffer.from(`:100644 000000 ${old} ${'0'.repeat(40)} D\0caf\xe9\n.txt\0`, 'latin1'));
    expect(raw).toMatchObject({ path: 'caf\xe9\n.txt', oldMode: '100644', mode: '000000', status: 'D' });
    expect(rawLines(Buffer.from(`:100644 100755 ${old} ${now} M\t"caf\\351\\n.txt"\n`))).toEqual([
      { path: 'caf\xe9\n.txt', oldMode: '100644', mode: '100755', oldObject: old, object: now, status: 'M' },
    ]);
  });

  it('goes back in lines that git reads', () => {
    const paths = ['a b', 'caf\xe9', 'line\nbreak', '"q"'];
    expect(quotedLines(Buffer.from(pathLines(paths)))).toEqual(paths);
    expect(objectLines([{ path: 'a\tb', mode: '100644', object: old }])).toBe(`100644 ${old}\t"a\\011b"\n`);
  });

  it('gives attributes, also of paths that look like them', () => {
    const lines = 'a: text: auto: text: set\n"caf\\351": eol: crlf\na: text: auto: eol: lf\n';
    expect(attributesOf(Buffer.from(lines))).toEqual(
      new Map([
        [
          'a: text: auto',
          new Map([
            ['text', 'set'],
            ['eol', 'lf'],
          ]),
        ],
        ['caf\xe9', new Map([['eol', 'crlf']])],
      ]),
    );
  });
});

describe('changed conversions', () => {
  const attributes = (values: Record<string, string>) => new Map([['dir/a [1].txt', new Map(Object.entries(values))]]);

  it('are set back to what they were, and nothing else is', () => {
    const before = attributes({ text: 'auto', eol: 'crlf', diff: 'x' });
    const after = attributes({ text: 'unset', 'working-tree-encoding': 'UTF-16', diff: 'y' });
    expect(changedConversions(before, after)).toBe('"/dir/a \\\\[1\\\\].txt" text=auto eol=crlf !working-tree-encoding\n');
    expect(changedConversions(before, attributes({ text: 'auto', eol: 'crlf' }))).toBe('');
    expect(changedConversions(attributes({ ident: 'set', filter: 'unset' }), new Map())).toBe('"/dir/a \\\\[1\\\\].txt" ident -filter\n');
  });
});
