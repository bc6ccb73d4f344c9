import { describe, expect, it } from 'vitest';
import { binaryAttributes, binaryPaths } from '../../activities/sandbox/patch-text.ts';

const part = (path: string, line: Buffer | string) =>
  Buffer.concat([Buffer.from(`diff --git ${path}\nindex 1..2 100644\n@@ -1 +1 @@\n+`), Buffer.from(line), Buffer.from('\n')]);
const latin = Buffer.from([0x63, 0x61, 0x66, 0xe9]);

describe('binaryAttributes', () => {
  it('names only the files whose part is not UTF-8', () => {
    const diff = Buffer.concat([
      part('a/x.txt b/x.txt', 'fine ü'),
      part('a/dir/y.txt b/dir/y.txt', latin),
      part('a/z b/z', 'diff --git inside'),
    ]);
    expect(binaryAttributes(diff)).toBe('"/dir/y.txt" -diff\n');
  });

  it('writes unusual paths as git reads them', () => {
    const diff = Buffer.concat([
      part('"a/q \\"1\\" \\303\\251" "b/q \\"1\\" \\303\\251"', latin),
      part('a/with b/x y b/with b/x y', latin),
      part('a/[x]*.c b/[x]*.c', latin),
    ]);
    expect(binaryAttributes(diff)).toBe('"/q \\"1\\" \\303\\251" -diff\n"/with b/x y" -diff\n"/\\\\[x\\\\]\\\\*.c" -diff\n');
  });

  it('marks every file when naming them would take too much room', () => {
    const diff = Buffer.concat(Array.from({ length: 500 }, (_, i) => part(`a/${i}${'n'.repeat(90)} b/${i}${'n'.repeat(90)}`, latin)));
    expect(binaryAttributes(diff)).toBe('* -diff\n');
  });
});

describe('binaryPaths', () => {
  it('finds the binary files of a numstat', () => {
    expect(binaryPaths(Buffer.from('1\t2\ta.txt\0-\t-\tb c.bin\0-\t-\td\n.bin\0'))).toEqual(['b c.bin', 'd\n.bin']);
  });
});
