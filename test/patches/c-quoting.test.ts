import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { quoteC, unquoteC } from '../../activities/patches/c-quoting.ts';

const byBytes = (a: Buffer, b: Buffer) => Buffer.compare(a, b);

describe('git’s C-style quoting', () => {
  it('is undone as git wrote it, and written as git reads it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tracemill-quoting-'));
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder }).toString('latin1');
    const names = ['tab\tand "quote"', 'back\\slash', 'grün-日本', 'line\nbreak', 'bell\x07\x1b', '\x7f'].map((name) => Buffer.from(name));
    try {
      for (const name of names) writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), '');
      git('init', '-q');
      git('add', '-A');
      const listed = git('-c', 'core.quotePath=true', 'ls-files').trimEnd().split('\n');
      const read = listed.map((line) => unquoteC(line.slice(1, -1), 'latin1'));
      expect(read.toSorted(byBytes)).toEqual(names.toSorted(byBytes));
      const attributes = names.map((name) => `${quoteC(name)} marked\n`).join('');
      writeFileSync(join(folder, '.gitattributes'), attributes);
      const found = execFileSync('git', ['check-attr', '--stdin', '-z', 'marked'], {
        cwd: folder,
        input: Buffer.concat(names.flatMap((name) => [name, Buffer.of(0)])),
      });
      expect(found.toString().match(/\0set\0/g)).toHaveLength(names.filter((name) => !name.includes('\\')).length);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('reads characters of the encoding that it is given', () => {
    expect(unquoteC(String.raw`gr\303\274n ü`, 'utf8').toString('utf8')).toBe('grün ü');
    expect(unquoteC('\xc3\xbc', 'latin1')).toEqual(Buffer.from('ü'));
  });
});
