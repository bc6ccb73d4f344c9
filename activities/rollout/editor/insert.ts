import { EditFailure } from './failure.ts';
import { type Change, endingNear, withEnding } from './replace.ts';
import type { EditorRules } from './rules.ts';
import type { TextFile } from './text-file.ts';
import { linesOf } from './view.ts';

/** Puts lines after a line, 0 for the top. Throws `EditFailure` when there is no such line. */
export function insertText(
  file: TextFile,
  { path, after, newText }: { path: string; after: number; newText: string },
  rules: EditorRules,
): Change {
  const count = linesOf(file.text, rules).length;
  if (after < 0 || after > count) throw new EditFailure('no_such_line', 17, { path, line: after, count });
  const offset = lineStart(file.text, after);
  const ending = file.crlf ? endingNear(file.text, Math.max(0, offset - 1)) : '\n';
  const inserted = file.crlf ? withEnding(newText, ending) : newText;
  const before = file.text.slice(0, offset);
  const behind = file.text.slice(offset);
  const unfinished = before !== '' && !before.endsWith('\n');
  // After an unfinished last line the new one is unfinished too: a file without a newline at its end stays so.
  const text = unfinished ? before + ending + inserted : before + inserted + ending + behind;
  return { text, from: after, lines: newText.split('\n').length };
}

/** Where the line behind a number of lines begins. */
function lineStart(text: string, lines: number): number {
  let offset = 0;
  for (let line = 0; line < lines; line++) {
    const newline = text.indexOf('\n', offset);
    if (newline === -1) return text.length;
    offset = newline + 1;
  }
  return offset;
}
