import type { EditDecision, FileState } from '../../sandbox/index.ts';
import type { Say } from '../templates/render.ts';
import { type EditorCall, editorCommands } from './call.ts';
import { EditFailure } from './failure.ts';
import { insertText } from './insert.ts';
import { type Change, replaceText } from './replace.ts';
import type { EditorRules } from './rules.ts';
import { decodeText, encodeText, type TextFile } from './text-file.ts';
import { showChange, showDirectory, showFile } from './view.ts';

/** What an undo goes back to: the content before an earlier edit (as the sandbox kept it), or a text. */
export type UndoTarget = { kind: 'snapshot' } | { kind: 'text'; text: string } | null;

export interface EditTask {
  call: EditorCall;
  rules: EditorRules;
  say: Say;
  undo: UndoTarget;
}

/** What is wrong with a call before anything is looked at; null when nothing is. */
export function refuseEdit({ call, rules, say }: EditTask): string | null {
  return failureText(rules, say, () => {
    if (!editorCommands.includes(call.command))
      throw new EditFailure('unknown_command', 5, { command: call.command, commands: editorCommands });
    if (!call.path.startsWith('/')) throw new EditFailure('not_absolute', 6, { path: call.path });
    if (call.command === 'create' && call.file_text === undefined)
      throw new EditFailure('missing_argument', 1, { command: 'create', argument: 'file_text' });
    if (call.command === 'str_replace' && call.old_str === undefined)
      throw new EditFailure('missing_argument', 2, { command: 'str_replace', argument: 'old_str' });
    if (call.command === 'insert' && call.insert_line === undefined)
      throw new EditFailure('missing_argument', 3, { command: 'insert', argument: 'insert_line' });
    if (call.command === 'insert' && call.new_str === undefined)
      throw new EditFailure('missing_argument', 4, { command: 'insert', argument: 'new_str' });
  });
}

/** Carries out one editor call on what its path holds. Pure; failures are decisions too, with SWE-agent's exit codes. */
export function edit(task: EditTask, state: FileState, snapshot: Buffer | null): EditDecision {
  try {
    return { exit_code: 0, ...decide(task, state, snapshot) };
  } catch (error) {
    if (!(error instanceof EditFailure)) throw error;
    return { write: null, output: sayFailure(task.rules, task.say, error), exit_code: error.exitCode };
  }
}

function decide(task: EditTask, state: FileState, snapshot: Buffer | null): { write: Buffer | null; output: string } {
  const { call, rules, say } = task;
  const { path } = call;
  if (call.command === 'create') return create(path, call.file_text ?? '', state, say);
  if (state.kind === 'missing') throw new EditFailure('missing', 7, { path });
  if (state.kind === 'directory') {
    if (call.command !== 'view') throw new EditFailure('directory', 9, { path, command: call.command });
    if (call.view_range !== undefined) throw new EditFailure('range_of_directory', 10, { path });
    return { write: null, output: say('editor_result', { outcome: 'directory', path, ...showDirectory(state) }) };
  }
  if (state.kind === 'other') throw new EditFailure('no_file', 19, { path });
  if (state.content === null) throw new EditFailure('too_large', 19, { path, size: state.size });
  const decoded = decodeText(state.content);
  if (decoded === null) throw new EditFailure('binary', 19, { path });
  const file = expand(decoded, rules);
  switch (call.command) {
    case 'view':
      return { write: null, output: say('editor_result', { outcome: 'file', path, ...showFile(file, call.view_range, rules) }) };
    case 'str_replace':
      return changed(
        task,
        file,
        replaceText(file, { path, oldText: tabs(call.old_str ?? '', rules), newText: tabs(call.new_str ?? '', rules) }),
      );
    case 'insert':
      return changed(task, file, insertText(file, { path, after: call.insert_line ?? 0, newText: tabs(call.new_str ?? '', rules) }, rules));
    default:
      return undo(task, file, snapshot);
  }
}

function create(path: string, text: string, state: FileState, say: Say): { write: Buffer; output: string } {
  if (state.kind === 'missing' && !state.parentIsDirectory) throw new EditFailure('missing_parent', 21, { path });
  if (state.kind !== 'missing') throw new EditFailure('exists', 8, { path });
  // Half a character cannot be written, and would become another one.
  if (!text.isWellFormed()) throw new EditFailure('not_encodable', 20, { path, encoding: 'utf8' });
  return { write: Buffer.from(text, 'utf8'), output: say('editor_result', { outcome: 'created', path }) };
}

function undo(
  { call: { path }, rules, undo: target, say }: EditTask,
  file: TextFile,
  snapshot: Buffer | null,
): { write: Buffer; output: string } {
  if (!rules.undo || target === null) throw new EditFailure('no_history', 18, { path });
  const bytes = target.kind === 'text' ? Buffer.from(target.text, 'utf8') : snapshot;
  if (bytes === null) throw new EditFailure('no_history', 18, { path });
  const text = decodeText(bytes) ?? file;
  return { write: bytes, output: say('editor_result', { outcome: 'undone', path, ...showFile(text, undefined, rules) }) };
}

function changed({ call: { path }, rules, say }: EditTask, file: TextFile, change: Change): { write: Buffer; output: string } {
  const write = encodeText(file, change.text);
  if (write === null) throw new EditFailure('not_encodable', 20, { path, encoding: file.encoding });
  return { write, output: say('editor_result', { outcome: 'edited', path, ...showChange(change, rules) }) };
}

function expand(file: TextFile, rules: EditorRules): TextFile {
  return { ...file, text: tabs(file.text, rules) };
}

/** Tabs as spaces up to the next multiple of eight columns. */
function tabs(text: string, rules: EditorRules): string {
  if (!rules.expandTabs || !text.includes('\t')) return text;
  return text
    .split('\n')
    .map((line) => {
      let out = '';
      for (const part of line.split(/(\t)/)) out += part === '\t' ? ' '.repeat(8 - ([...out].length % 8)) : part;
      return out;
    })
    .join('\n');
}

function failureText(rules: EditorRules, say: Say, check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (!(error instanceof EditFailure)) throw error;
    return sayFailure(rules, say, error);
  }
}

function sayFailure(rules: EditorRules, say: Say, failure: EditFailure): string {
  return rules.failurePrefix + say('editor_failure', { failure: failure.code, ...failure.values });
}
