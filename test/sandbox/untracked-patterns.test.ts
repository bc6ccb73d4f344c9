import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { firstPaths, untrackedPatterns } from '../../activities/sandbox/untracked-patterns.ts';

const folder = mkdtempSync(join(tmpdir(), 'untracked-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });
const bytes = (...names: (string | Buffer)[]) => names.map((name) => Buffer.from(name));

describe('untrackedPatterns', () => {
  it('names files so that git finds exactly them, whatever bytes their names have', () => {
    const names = bytes(
      'naïve.txt',
      'quo"te',
      'back\\slash',
      'tab\there',
      'new\nline',
      'carriage\r',
      ' leading',
      'trailing  ',
      '-dash',
      '#hash',
      '!bang',
      '[a]*?.txt',
      '日本/語',
      Buffer.from([0x62, 0xff, 0xfe]),
      'plain/only this',
    );
    const others = bytes('naïve.txt2', 'sub/naïve.txt', 'aXX.txt', 'a.txt', 'plain/other', 'trailing', 'dash');
    git('init', '-q');
    for (const name of [...names, ...others]) {
      const path = Buffer.concat([Buffer.from(`${folder}/`), name]);
      mkdirSync(dirname(path.toString('latin1')).length > folder.length ? join(folder, dirname(name.toString())) : folder, {
        recursive: true,
      });
      writeFileSync(path, '');
    }
    const listed = Buffer.concat(names.flatMap((name) => [name, Buffer.from([0])]));
    const { patterns, count } = untrackedPatterns(listed);
    expect(count).toBe(names.length);
    writeFileSync(join(folder, '.git/info/exclude'), patterns);
    const left = git('ls-files', '-z', '--others', '--exclude-standard').toString('latin1').split('\0').filter(Boolean).sort();
    expect(left).toEqual(others.map((name) => name.toString('latin1')).sort());
  });
});

describe('firstPaths', () => {
  it('gives names for people, no more than asked for', () => {
    const list = Buffer.concat([Buffer.from('ä\0'), Buffer.from([0xff, 0]), Buffer.from('third\0')]);
    expect(firstPaths(list, 2)).toEqual(['ä', '\uFFFD']);
    expect(firstPaths(Buffer.alloc(0), 2)).toEqual([]);
  });
});
