import { describe, expect, it } from 'vitest';
import { binaryAttributes } from '../../activities/sandbox/patch-text.ts';

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
    expect(binaryAttributes(diff)).toEqual(['"/dir/y.txt" -diff\n']);
  });

  it('writes unusual paths as git reads them', () => {
    const diff = Buffer.concat([
      part('"a/q \\"1\\" \\303\\251" "b/q \\"1\\" \\303\\251"', latin),
      part('a/with b/x y b/with b/x y', latin),
      part('a/[x]*.c b/[x]*.c', latin),
    ]);
    expect(binaryAttributes(diff)).toEqual(['"/q \\"1\\" \\303\\251" -diff\n', '"/with b/x y" -diff\n', '"/\\\\[x\\\\]\\\\*.c" -diff\n']);
  });
});
