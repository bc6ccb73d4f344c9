/** One file of final changes: which of the rollouts changed it, and which of them left the same lines. */
export interface ChangedFile {
  path: string;
  /** For each rollout: null where it did not change the file, else the number of the group of those with equal changes, from 0. */
  groups: readonly (number | null)[];
  /** Lines added and removed, of each rollout. */
  added: readonly number[];
  removed: readonly number[];
}

interface FileChange {
  lines: string[];
  added: number;
  removed: number;
}

/** Compares final diffs file by file, by the lines that they add and remove and not by where those stand. */
export function comparePatches(patches: readonly (string | null)[]): ChangedFile[] {
  const changes = patches.map((patch) => filesOf(patch ?? ''));
  const paths = [...new Set(changes.flatMap((files) => [...files.keys()]))].sort();
  return paths.map((path) => {
    const seen: string[] = [];
    const groups = changes.map((files) => {
      const change = files.get(path);
      if (change === undefined) return null;
      const text = change.lines.join('\n');
      if (!seen.includes(text)) seen.push(text);
      return seen.indexOf(text);
    });
    return {
      path,
      groups,
      added: changes.map((files) => files.get(path)?.added ?? 0),
      removed: changes.map((files) => files.get(path)?.removed ?? 0),
    };
  });
}

function filesOf(patch: string): Map<string, FileChange> {
  const files = new Map<string, FileChange>();
  let change: FileChange | undefined;
  // Lines of the present hunk that are still to come: within it a line `--- x` is one that was removed.
  let left = { before: 0, after: 0 };
  for (const line of patch.split('\n')) {
    const inHunk = left.before > 0 || left.after > 0;
    const hunk = inHunk ? null : /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
    if (hunk !== null) {
      left = { before: Number(hunk[1] ?? 1), after: Number(hunk[2] ?? 1) };
      continue;
    }
    if (!inHunk) {
      const header = /^diff --git (?:"?a\/.*?"?) "?b\/(.*?)"?$/.exec(line);
      if (header?.[1] !== undefined) {
        change = { lines: [], added: 0, removed: 0 };
        files.set(header[1], change);
      } else if (change !== undefined && !/^(index|---|\+\+\+|similarity) ?/.test(line) && line !== '') change.lines.push(line);
      continue;
    }
    if (line.startsWith('\\')) continue;
    if (line.startsWith('+')) left.after -= 1;
    else if (line.startsWith('-')) left.before -= 1;
    else left = { before: left.before - 1, after: left.after - 1 };
    if (change === undefined || !/^[+-]/.test(line)) continue;
    change.lines.push(line);
    if (line.startsWith('+')) change.added += 1;
    else change.removed += 1;
  }
  return files;
}
