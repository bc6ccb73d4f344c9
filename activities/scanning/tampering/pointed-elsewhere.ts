import { type Change, changedLines } from './change.ts';

/** A variable by which a test names the program that it tries. */
const program =
  /^(?:export\s+|local\s+|readonly\s+|my\s+\$|const\s+|let\s+|var\s+)?(\w*(?:TEST|BIN|PROG|CMD|EXE|COMMAND|TOOL|UNDER)\w*)\s*[:?]?=\s*(.+)$/i;

/** The files that a test is told to try in the place of the program it tried before. */
export function triedInstead(change: Change): string[] {
  if (change.before === '' || !change.after.includes('=')) return [];
  return changedLines(change).put.flatMap((line): string[] => {
    const [, name = '', value = ''] = program.exec(line) ?? [];
    return name !== '' && change.before.includes(name) ? (value.match(/[\w./-]*[a-z][\w./-]*/gi) ?? []) : [];
  });
}
