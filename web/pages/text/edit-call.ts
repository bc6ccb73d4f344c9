import { isRecord } from '../../../schemas/is-record.ts';

/** What a call of an editing tool changes, file by file. */
export interface EditedFile {
  path: string;
  hunks: {
    /** Where it stands, as the call says it; empty where only its text does. */
    at: string;
    /** Each with its sign: ` `, `+` or `-`. */
    lines: string[];
  }[];
}

/** A longer edit is shown as it was sent; UTF-16 units and lines. */
const longestEdit = 60_000;
const mostLines = 2000;

/**
 * The change that the arguments of a call ask for: one text for another, a new file, lines put in, several edits, or a patch
 * between `*** Begin Patch` and `*** End Patch`. Undefined for what is no edit, changes nothing, or would lose something.
 */
export function editOf(argumentsText: string): EditedFile[] | undefined {
  if (argumentsText.length > longestEdit) return undefined;
  if (/^\s*\*\*\* Begin Patch/.test(argumentsText)) return whole(givenPatch(argumentsText));
  const given = fieldsOf(argumentsText);
  if (given === undefined) return undefined;
  const { input, patch: own, command, edits } = given;
  const patch = [input, own, ...(Array.isArray(command) ? command : [command])].find(
    (value) => typeof value === 'string' && /^\s*\*\*\* Begin Patch/.test(value),
  );
  if (typeof patch === 'string') return whole(givenPatch(patch));
  const hunks = Array.isArray(edits) ? edits.map(editHunk) : [hunkOf(given)];
  if (hunks.some((hunk) => hunk === undefined)) return undefined;
  return whole([{ path: textOf(given, 'path', 'file_path', 'filename') ?? 'a file', hunks: hunks.flatMap((hunk) => hunk ?? []) }]);
}

/** The other arguments of a call that is shown as an edit, as JSON; empty where there are none. */
export function besideEdit(argumentsText: string): string {
  const shown = new Set([
    'path',
    'file_path',
    'filename',
    'edits',
    'input',
    'patch',
    ...oldNames,
    ...newNames,
    ...wholeNames,
    'insert_line',
  ]);
  const given = fieldsOf(argumentsText);
  const rest = Object.entries(given ?? {}).filter(([name, value]) => !shown.has(name) && !(name === 'command' && Array.isArray(value)));
  return rest.length === 0 ? '' : JSON.stringify(Object.fromEntries(rest));
}

const oldNames = ['old_str', 'old_string'];
const newNames = ['new_str', 'new_string', 'insert_text'];
const wholeNames = ['file_text', 'content'];

/** One of several edits; undefined where it says more than its texts. */
function editHunk(edit: unknown): EditedFile['hunks'][number] | undefined {
  const given = fieldsOf(edit) ?? {};
  return Object.keys(given).every((name) => [...oldNames, ...newNames].includes(name)) ? hunkOf(given) : undefined;
}

function hunkOf(given: Record<string, unknown>): EditedFile['hunks'][number] | undefined {
  const command = textOf(given, 'command');
  if (command === 'view' || command === 'undo_edit') return undefined;
  const [before, after, text] = [textOf(given, ...oldNames), textOf(given, ...newNames), textOf(given, ...wholeNames)];
  const { insert_line: line } = given;
  if (command === 'create' || (command === undefined && before === undefined && after === undefined && text !== undefined)) {
    const named = textOf(given, 'path', 'file_path', 'filename') !== undefined;
    return named && text !== undefined && before === undefined && after === undefined
      ? { at: 'the whole file', lines: between('', text) }
      : undefined;
  }
  if (text !== undefined) return undefined;
  if (typeof line === 'number')
    return after === undefined || before !== undefined ? undefined : { at: `behind line ${line}`, lines: between('', after) };
  return before === undefined || (line ?? null) !== null ? undefined : { at: '', lines: between(before, after ?? '') };
}

/** Lines that both texts begin or end with once; what is between them out and in. */
function between(before: string, after: string): string[] {
  const ended = [before, after].every((text) => text === '' || text.endsWith('\n'));
  const [old, now] = [linesOf(before, ended), linesOf(after, ended)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const signed = (sign: string, lines: readonly string[]) => lines.map((each) => `${sign}${each}`);
  return [
    ...signed(' ', old.slice(0, head)),
    ...signed('-', old.slice(head, old.length - tail)),
    ...signed('+', now.slice(head, now.length - tail)),
    ...signed(' ', old.slice(old.length - tail)),
  ];
}

function linesOf(text: string, ended: boolean): string[] {
  if (text === '') return [];
  return (ended ? text.slice(0, -1) : text).split('\n');
}

/** Undefined where a line says what is not shown here: a file that is removed or renamed, or one of no sign. */
function givenPatch(text: string): EditedFile[] | undefined {
  const files: EditedFile[] = [];
  for (const line of text.trim().split('\n').slice(1)) {
    const named = /^\*\*\* (Update|Add) File: (.+)$/.exec(line);
    const file = files.at(-1);
    if (named !== null) files.push({ path: named[2] ?? '', hunks: named[1] === 'Add' ? [{ at: 'the whole file', lines: [] }] : [] });
    else if (line === '*** End Patch' || line === '*** End of File') continue;
    else if (file === undefined || !/^(?:@@|[ +-]|$)/.test(line)) return undefined;
    else if (line.startsWith('@@')) file.hunks.push({ at: line, lines: [] });
    else {
      if (file.hunks.length === 0) file.hunks.push({ at: '', lines: [] });
      file.hunks.at(-1)?.lines.push(line === '' ? ' ' : line);
    }
  }
  return files;
}

function whole(files: EditedFile[] | undefined): EditedFile[] | undefined {
  const lines = files?.flatMap(({ hunks }) => hunks.flatMap((hunk) => hunk.lines)) ?? [];
  return lines.length > mostLines || !lines.some((line) => !line.startsWith(' ')) ? undefined : files;
}

function fieldsOf(value: unknown): Record<string, unknown> | undefined {
  // Most calls are commands; to fail at reading one costs much more than to look at its beginning.
  if (typeof value === 'string' && !/^\s*\{/.test(value)) return undefined;
  try {
    const read: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    return isRecord(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

function textOf(given: Record<string, unknown>, ...names: string[]): string | undefined {
  const values = names.map((name) => given[name]);
  return values.find((value) => typeof value === 'string');
}
