import { describe, expect, it } from 'vitest';
import { hashesIn } from '../../activities/scanning/facts/printed-revisions.ts';

const word = /\b[0-9a-f]{7,40}\b/g;

describe('hashes in a text', () => {
  it('are words of seven to forty hexadecimal signs, wherever they stand', () => {
    const hash = '0123456789abcdef0123456789abcdef0123456789abcdef';
    for (let before = 0; before < 9; before += 1)
      for (let length = 5; length < 43; length += 1)
        for (const [left, right] of [
          ['.', ' '],
          ['', ''],
          ['g', ' '],
          [' ', '_'],
          ['/', '…'],
        ] as const) {
          const text = `${'-'.repeat(before)}${left}${hash.slice(0, length)}${right}facade1 abcdef0 deadbeef`;
          expect(hashesIn(text)).toEqual(text.match(word) ?? []);
        }
  });
});
