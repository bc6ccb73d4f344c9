import { describe, expect, it } from 'vitest';
import { addedLines, changedLineCount, parsePatch, patchPaths } from '../../activities/patches/patch.ts';

describe('parsePatch', () => {
  it('says what happens to each file', () => {
    const files = parsePatch(
      [
        'diff --git a/kept.py b/kept.py',
        'index 1111111..2222222 100755',
        '--- a/kept.py',
        '+++ b/kept.py',
        '@@ -1,2 +1,2 @@ def f():',
        ' one',
        '--- not a header',
        '+++ nor this',
        'diff --git a/new.py b/new.py',
        'new file mode 100644',
        'index 0000000..3333333',
        '--- /dev/null',
        '+++ b/new.py',
        '@@ -0,0 +1 @@',
        '+x',
        '\\ No newline at end of file',
        'diff --git a/gone.py b/gone.py',
        'deleted file mode 100644',
        'index 3333333..0000000',
        '--- a/gone.py',
        '+++ /dev/null',
        '@@ -1 +0,0 @@',
        '-x',
        'diff --git a/from here.py b/to there.py',
        'similarity index 100%',
        'rename from from here.py',
        'rename to to there.py',
        'diff --git a/run.sh b/run.sh',
        'old mode 100644',
        'new mode 100755',
        '',
      ].join('\n'),
    );
    expect(files.map(({ kind, oldPath, newPath }) => [kind, oldPath, newPath])).toEqual([
      ['modified', 'kept.py', 'kept.py'],
      ['added', null, 'new.py'],
      ['deleted', 'gone.py', null],
      ['renamed', 'from here.py', 'to there.py'],
      ['modified', 'run.sh', 'run.sh'],
    ]);
    expect(files[0]).toMatchObject({ oldMode: '100755', newMode: '100755' });
    expect(files[4]).toMatchObject({ oldMode: '100644', newMode: '100755', hunks: [] });
    expect(files.map(changedLineCount)).toEqual([2, 1, 1, 0, 0]);
    expect(files.flatMap(addedLines)).toEqual(['++ nor this', 'x']);
  });

  it('reads quoted paths, binary patches and paths with spaces', () => {
    const files = parsePatch(
      [
        'diff --git "a/d\\303\\274nn \\"x\\".bin" "b/d\\303\\274nn \\"x\\".bin"',
        'new file mode 100644',
        'index 0000000000000000000000000000000000000000..1111111111111111111111111111111111111111',
        'GIT binary patch',
        'literal 3',
        'Kcmb<A00IC1',
        '',
        'literal 0',
        'HcmV?d00001',
        '',
        'diff --git a/a b/c d b/a b/c d',
        'old mode 100644',
        'new mode 100755',
        'diff --git a/p q b/p q',
        '--- a/p q\t',
        '+++ b/p q\t',
        '@@ -1 +1 @@',
        '-1',
        '+2',
      ].join('\n'),
    );
    expect(patchPaths(files)).toEqual(['dünn "x".bin', 'a b/c d', 'p q']);
    expect(files.map(({ binary }) => binary)).toEqual([true, false, false]);
  });

  it('reads a plain unified diff and skips text around it', () => {
    const files = parsePatch('Subject: fix\n\n--- old/x.c\t2024-01-01\n+++ old/x.c\t2024-01-02\n@@ -3,1 +3,2 @@\n a\n+b\n-- \n2.39\n');
    expect(files).toMatchObject([{ kind: 'modified', newPath: 'old/x.c', hunks: [{ oldStart: 3, lines: [' a', '+b'] }] }]);
  });

  it('gives nothing for text that is no patch', () => {
    expect(parsePatch('')).toEqual([]);
    expect(parsePatch('--- a\nno\n@@ broken')).toEqual([]);
  });
});
