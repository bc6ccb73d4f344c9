import { describe, expect, it } from 'vitest';
import { nextWord, pythonPattern, splitLines, strip, wholeNumber } from '../../../activities/verification/parsers/python-text.ts';

describe('text as Python sees it', () => {
  it('cuts lines at every line end of str.splitlines', () => {
    expect(splitLines('a\nb\r\nc\rd\ve\ff\x1cg\x1dh\x1ei\x85j\u2028k\u2029')).toEqual([...'abcdefghijk']);
    expect(splitLines('\n\na')).toEqual(['', '', 'a']);
    expect(splitLines('')).toEqual([]);
  });

  it('takes U+001F and U+0085 for whitespace and the byte order mark for none', () => {
    expect(strip('\x1f\x85\u3000a b\xa0')).toBe('a b');
    expect(strip('\ufeffa')).toBe('\ufeffa');
    expect(nextWord('  a\x1fb', 0)).toEqual({ text: 'a', end: 3 });
    expect(nextWord(' \t', 0)).toBeUndefined();
  });

  it('reads digits of any script, up to 4300', () => {
    expect(wholeNumber('٠٤٢')).toBe(42n);
    expect(wholeNumber('𝟗𝟎')).toBe(90n);
    expect(() => wholeNumber('1'.repeat(4301))).toThrow(RangeError);
  });

  it('matches as Python matches', () => {
    expect(pythonPattern(String.raw`^\w+$`).test('été試\n')).toBe(true);
    expect(pythonPattern(String.raw`^.+$`).test('a\rb\u2028c')).toBe(true);
    expect(pythonPattern(String.raw`^a$`).test('b\na')).toBe(false);
    expect(pythonPattern(String.raw`^a$`, 'm').test('b\na\nc')).toBe(true);
    expect(pythonPattern(String.raw`^a$`, 'm').test('b\ra')).toBe(false);
    expect(pythonPattern(String.raw`\bok\b`, 'i').test('éoK')).toBe(false);
    expect(pythonPattern('skip', 'i').test('ſKİP')).toBe(true);
  });
});
