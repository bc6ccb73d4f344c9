import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { callsWith, foldersAbove, inPortions } from '../../activities/verification/path-lists.ts';

describe('lists of paths', () => {
  it('are given to a function in portions, each path once and unharmed', () => {
    const odd = ["it's", 'two words', '$HOME', '-n', 'line\nbreak', 'ü*'];
    const paths = [...odd, ...Array.from({ length: 450 }, (_, number) => `${'deep/'.repeat(30)}${number}`)];
    const script = `calls=0; show() { calls=$((calls + 1)); printf '%s\\0' "$@"; }\n${callsWith('show', paths)}printf '%s' $calls`;
    const shown = execFileSync('sh', ['-s'], { input: script, encoding: 'utf8' }).split('\0');
    expect(shown.slice(0, -1)).toEqual(paths);
    expect(Number(shown.at(-1))).toBe(inPortions(paths).length);
    expect(inPortions(paths).length).toBeGreaterThan(2);
    expect(callsWith('show', [])).toBe('');
  });

  it('end the script where a call fails', () => {
    const script = `fails() { [ "$1" != b ]; }\n${callsWith('fails', ['b'])}echo not reached`;
    expect(() => execFileSync('sh', ['-s'], { input: script, stdio: 'pipe' })).toThrow('Command failed');
  });

  it('have the folders above them, those nearer to the root first', () => {
    expect(foldersAbove(['a/b/c.txt', 'a/d', 'top'])).toEqual(['a', 'a/b']);
  });
});
