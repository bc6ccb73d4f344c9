import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quote, quoteBytes } from '../../platform/quote.ts';

describe('quote', () => {
  it.each(['', "it's", '$HOME `x` \\ "', 'two\nlines\n', "'''", '*', '-n', 'ünïcode 😀'])(
    'makes a word that a shell reads as %j',
    (text) => {
      expect(execFileSync('sh', ['-c', `printf %s ${quote(text)}`], { encoding: 'utf8' })).toBe(text);
    },
  );
});

describe('quoteBytes', () => {
  const words = (bytes: Buffer) =>
    execFileSync('sh', ['-s'], {
      input: Buffer.concat([
        Buffer.from('set --'),
        quoteBytes(bytes),
        Buffer.from('\nprintf "%s." "$#"; for word in "$@"; do printf "%s" "$word" | od -An -v -tx1; echo /; done\n'),
      ]),
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      encoding: 'utf8',
    }).replaceAll(/\s/g, '');

  it('carries every byte but NUL through a shell', () => {
    const bytes = Buffer.from(Array.from({ length: 255 }, (_, i) => i + 1));
    expect(words(bytes)).toBe(`1.${bytes.toString('hex')}/`);
  });

  it('makes one word of each stretch between NUL bytes', () => {
    expect(words(Buffer.from("a\0\0it's\0"))).toBe(`4.61//${Buffer.from("it's").toString('hex')}//`);
    expect(words(Buffer.alloc(0))).toBe('1./');
  });
});
