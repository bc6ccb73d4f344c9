import { execFileSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { toRow } from '../../activities/dataset/shards/row.ts';
import { patchFacts } from '../../activities/patches/patch-facts.ts';
import { toCandidate } from '../../activities/source/candidate.ts';
import { size } from '../../activities/source/source-rules/size.ts';
import { scan, task, trajectory, verdict } from '../filtering/rows.ts';
import { scratchFolder } from '../scratch-folder.ts';

let folder = '';

function git(...args: string[]): string {
  return execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'core.autocrlf=false', ...args], {
    encoding: 'utf8',
  });
}

const file = (name: string) => join(folder, name);
const numbered = (count: number, end = '\n') => Array.from({ length: count }, (_, line) => `line ${line}${end}`).join('');

/** Name → the files before, and what is done to them. */
const edits: Record<string, { before: Record<string, string | Uint8Array>; change: () => void }> = {
  'a pure rename': { before: { 'a.txt': numbered(20) }, change: () => renameSync(file('a.txt'), file('b.txt')) },
  'a rename with an edit': {
    before: { 'a.txt': numbered(20) },
    change: () => {
      renameSync(file('a.txt'), file('b.txt'));
      writeFileSync(file('b.txt'), numbered(20).replace('line 3', 'other'));
    },
  },
  'binary files': {
    before: { 'a.bin': Uint8Array.of(0, 1, 2), 'c.txt': 'x\n' },
    change: () => {
      writeFileSync(file('a.bin'), Uint8Array.of(0, 9, 9, 10, 43, 10, 45));
      writeFileSync(file('b.bin'), Uint8Array.of(0, 10, 43, 43, 43, 32, 10));
      writeFileSync(file('c.txt'), 'y\n');
    },
  },
  'no newline at the end': { before: { 'a.txt': 'one\ntwo' }, change: () => writeFileSync(file('a.txt'), 'one\nthree') },
  'lines that look like headers': {
    before: { 'a.sql': '-- a comment\nselect 1\n-- b\n@@ x\n', 'b.txt': 'x\n' },
    change: () => {
      writeFileSync(file('a.sql'), 'select 1\n++ added\n++ b/x\ndiff --git a/y b/y\n@@ -1 +1 @@\n');
      writeFileSync(file('b.txt'), 'diff --git a/z b/z\n--- a/z\n+++ b/z\n@@ -1 +1 @@\n-old\n+new\n');
    },
  },
  'line ends of Windows': {
    before: { 'a.txt': numbered(5, '\r\n'), 'b.txt': 'one\n\n\ntwo\n' },
    change: () => {
      writeFileSync(file('a.txt'), numbered(5, '\r\n').replace('line 2', 'other'));
      writeFileSync(file('b.txt'), 'one\r\n\r\n\r\ntwo\r\n');
    },
  },
  'names with blanks and umlauts, a mode, an empty file and a deletion': {
    before: { 'a b.txt': 'x\n', 'dünn "q".txt': 'x\n', 'run.sh': 'x\n', 'gone.txt': 'x\ny\n' },
    change: () => {
      writeFileSync(file('a b.txt'), 'y\n');
      writeFileSync(file('dünn "q".txt'), 'x\ny\n');
      chmodSync(file('run.sh'), 0o755);
      writeFileSync(file('empty.txt'), '');
      rmSync(file('gone.txt'));
    },
  },
};

/** The patch, and what git itself counts in it. */
function patchOf({ before, change }: (typeof edits)[string]): { patch: string; files: number; lines: number } {
  git('init', '--quiet');
  for (const [name, content] of Object.entries(before)) writeFileSync(file(name), content);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'before');
  change();
  git('add', '--all');
  const counts = git('diff', '--cached', '--find-renames', '--numstat').trimEnd().split('\n');
  const lines = counts.flatMap((line) => line.split('\t').slice(0, 2).map(Number).filter(Number.isFinite));
  return {
    patch: git('diff', '--cached', '--find-renames', '--binary'),
    files: counts.length,
    lines: lines.reduce((sum, count) => sum + count, 0),
  };
}

/** What the source rule says of a candidate that states no size. */
function measured(patch: string, limit: 'max_modified_files' | 'max_modified_lines'): string {
  const read = toCandidate({ ...task({ patch }) });
  if (!read.ok) throw new Error(read.problems.join());
  const outcome = size.start({ [limit]: 0 })(read.candidate);
  return outcome.keep ? '0' : outcome.reason;
}

describe('the size of a patch', () => {
  beforeEach(() => {
    folder = scratchFolder('patch-size');
  });

  it.each(Object.entries(edits))('is the same for source rule, facts and rows, and what git counts: %s', (_, edit) => {
    const { patch, files, lines } = patchOf(edit);
    const counted = { num_modified_files: files, num_modified_lines: lines };
    expect(patchFacts(task(), patch)).toMatchObject(counted);
    const { metadata } = toRow(trajectory([], { model_patch: patch }), task({ patch }), verdict(), scan());
    expect([metadata.reference_patch, metadata.model_patch]).toEqual([expect.objectContaining(counted), expect.objectContaining(counted)]);
    expect(measured(patch, 'max_modified_files')).toMatch(new RegExp(`^${files}\\b`));
    expect(measured(patch, 'max_modified_lines')).toMatch(new RegExp(`^${lines}\\b`));
  });
});
