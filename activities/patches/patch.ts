import { unquoteC } from './c-quoting.ts';

/** One `@@` section. Lines keep their first character: space, `+`, `-` or `\`. */
export interface Hunk {
  oldStart: number;
  newStart: number;
  lines: string[];
}

/** What a patch does to one file. Paths are relative to the repository, without `a/` and `b/`. */
export interface PatchFile {
  kind: 'modified' | 'added' | 'deleted' | 'renamed' | 'copied';
  /** Null for an added file. */
  oldPath: string | null;
  /** Null for a deleted file. */
  newPath: string | null;
  /** File modes as git writes them (`100644`), where the patch names them. */
  oldMode: string | null;
  newMode: string | null;
  binary: boolean;
  hunks: Hunk[];
}

/**
 * Reads a patch as `git diff` prints it, also a plain unified diff. Text between files (commit messages) is
 * skipped; nothing throws. Only LF separates lines, as for git.
 */
export function parsePatch(patch: string): PatchFile[] {
  const lines = patch.split('\n');
  const files: PatchFile[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    if (line.startsWith('diff --git ')) at = readGitFile(lines, at, files);
    else if (line.startsWith('--- ') && lines[at + 1]?.startsWith('+++ ')) at = readPlainFile(lines, at, files);
    else at += 1;
  }
  return files;
}

/** Both sides of every file, each path once, in the order of the patch. */
export function patchPaths(files: PatchFile[]): string[] {
  return [...new Set(files.flatMap(({ oldPath, newPath }) => [oldPath, newPath].filter((path) => path !== null)))];
}

/** Lines that the patch adds to a file, without their `+`. */
export function addedLines(file: PatchFile): string[] {
  return file.hunks.flatMap(({ lines }) => lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1)));
}

/** Lines added or removed. */
export function changedLineCount(file: PatchFile): number {
  let count = 0;
  for (const { lines } of file.hunks) for (const line of lines) if (line.startsWith('+') || line.startsWith('-')) count += 1;
  return count;
}

function readGitFile(lines: string[], start: number, files: PatchFile[]): number {
  const [headerOld, headerNew] = headerPaths((lines[start] ?? '').slice('diff --git '.length));
  const file: PatchFile = {
    kind: 'modified',
    oldPath: headerOld,
    newPath: headerNew,
    oldMode: null,
    newMode: null,
    binary: false,
    hunks: [],
  };
  files.push(file);
  let at = start + 1;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.startsWith('diff --git ')) break;
    if (line.startsWith('@@ ')) {
      at = readHunk(lines, at, file) - 1;
    } else if (file.hunks.length > 0) {
      break;
    } else if (line === 'GIT binary patch' || (line.startsWith('Binary files ') && line.endsWith(' differ'))) {
      file.binary = true;
    } else {
      readExtendedHeader(line, file);
    }
  }
  if (file.kind === 'added') file.oldPath = null;
  if (file.kind === 'deleted') file.newPath = null;
  return at;
}

function readExtendedHeader(line: string, file: PatchFile): void {
  const after = (prefix: string) => (line.startsWith(prefix) ? line.slice(prefix.length) : undefined);
  const value = {
    oldMode: after('old mode '),
    newMode: after('new mode '),
    added: after('new file mode '),
    deleted: after('deleted file mode '),
    renameFrom: after('rename from '),
    renameTo: after('rename to '),
    copyFrom: after('copy from '),
    copyTo: after('copy to '),
    index: after('index '),
    minus: after('--- '),
    plus: after('+++ '),
  };
  if (value.oldMode !== undefined) file.oldMode = value.oldMode.trim();
  else if (value.newMode !== undefined) file.newMode = value.newMode.trim();
  else if (value.added !== undefined) [file.kind, file.newMode] = ['added', value.added.trim()];
  else if (value.deleted !== undefined) [file.kind, file.oldMode] = ['deleted', value.deleted.trim()];
  else if (value.renameFrom !== undefined) [file.kind, file.oldPath] = ['renamed', unquotePath(value.renameFrom)];
  else if (value.renameTo !== undefined) file.newPath = unquotePath(value.renameTo);
  else if (value.copyFrom !== undefined) [file.kind, file.oldPath] = ['copied', unquotePath(value.copyFrom)];
  else if (value.copyTo !== undefined) file.newPath = unquotePath(value.copyTo);
  else if (value.index !== undefined) {
    const mode = / (\d{6})$/.exec(value.index)?.[1];
    if (mode !== undefined) [file.oldMode, file.newMode] = [file.oldMode ?? mode, file.newMode ?? mode];
  } else if (value.minus !== undefined) applySide(value.minus, 'a/', file, 'oldPath', 'added');
  else if (value.plus !== undefined) applySide(value.plus, 'b/', file, 'newPath', 'deleted');
}

function applySide(text: string, prefix: string, file: PatchFile, side: 'oldPath' | 'newPath', whenNull: 'added' | 'deleted'): void {
  const path = sidePath(text, prefix);
  if (path === null) file.kind = whenNull;
  else file[side] = path;
}

function readPlainFile(lines: string[], start: number, files: PatchFile[]): number {
  const oldPath = sidePath((lines[start] ?? '').slice(4), 'a/');
  const newPath = sidePath((lines[start + 1] ?? '').slice(4), 'b/');
  const kind = oldPath === null ? 'added' : newPath === null ? 'deleted' : 'modified';
  const file: PatchFile = { kind, oldPath, newPath, oldMode: null, newMode: null, binary: false, hunks: [] };
  let at = start + 2;
  while (lines[at]?.startsWith('@@ ') === true) at = readHunk(lines, at, file);
  if (file.hunks.length > 0) files.push(file);
  return at;
}

/** Follows the counts of the header, so that a changed line beginning with `--` is not taken for a header. */
function readHunk(lines: string[], start: number, file: PatchFile): number {
  const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(lines[start] ?? '');
  if (header === null) return start + 1;
  const hunk: Hunk = { oldStart: Number(header[1]), newStart: Number(header[3]), lines: [] };
  let oldLeft = Number(header[2] ?? 1);
  let newLeft = Number(header[4] ?? 1);
  let at = start + 1;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.startsWith('\\')) {
      hunk.lines.push(line);
      continue;
    }
    if (oldLeft <= 0 && newLeft <= 0) break;
    if (line.startsWith('+')) newLeft -= 1;
    else if (line.startsWith('-')) oldLeft -= 1;
    else if (line.startsWith(' ') || line === '') [oldLeft, newLeft] = [oldLeft - 1, newLeft - 1];
    else break;
    hunk.lines.push(line === '' ? ' ' : line);
  }
  file.hunks.push(hunk);
  return at;
}

/** `--- ` and `+++ ` lines may carry a tab and a date behind the path. */
function sidePath(text: string, prefix: string): string | null {
  const path = unquotePath(text.startsWith('"') ? text : (text.split('\t', 1)[0] ?? '').replace(/\r$/, ''));
  if (path === '/dev/null') return null;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

/** The line `diff --git a/X b/X`: unquoted paths with spaces are separated where both sides are equal. */
function headerPaths(text: string): [string, string] {
  const line = text.replace(/\r$/, '');
  if (line.startsWith('"') || line.endsWith('"')) {
    const split = line.startsWith('"') ? closingQuote(line) + 1 : line.indexOf(' "');
    return [stripPrefix(unquotePath(line.slice(0, split)), 'a/'), stripPrefix(unquotePath(line.slice(split + 1)), 'b/')];
  }
  const middle = (line.length - 1) / 2;
  const [left, right] = [stripPrefix(line.slice(0, middle), 'a/'), stripPrefix(line.slice(middle + 1), 'b/')];
  if (Number.isInteger(middle) && left === right) return [left, right];
  const split = line.indexOf(' b/');
  return split === -1 ? [line, line] : [stripPrefix(line.slice(0, split), 'a/'), line.slice(split + 3)];
}

function stripPrefix(path: string, prefix: string): string {
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

function closingQuote(text: string): number {
  for (let at = 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length - 1;
}

/** Undoes git's C-style quoting; octal escapes are bytes of UTF-8. */
function unquotePath(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('"')) return text.replace(/\r$/, '');
  return unquoteC(trimmed.slice(1, closingQuote(trimmed)), 'utf8').toString('utf8');
}
