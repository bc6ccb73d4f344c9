import type { Action } from './action.ts';
import { pathNames } from './argument-names.ts';
import { localPath } from './file-tools.ts';
import type { ToolArguments, ToolCall } from './tool-call.ts';

const editorCommands = /^(?:view|create|str_replace|insert|undo_edit|delete|rename|view_range|open|read|replace|write|append|edit)$/;

/**
 * The usual editor of harnesses with its usual arguments, which half of all calls are: read without a look at any
 * other name. Undefined for all else.
 */
export function plainEditorAction(args: Record<string, unknown>): Action[] | undefined {
  const { command, path } = args;
  if (typeof path !== 'string' || path === '') return undefined;
  const text = (name: string) => {
    const value = args[name];
    return typeof value === 'string' ? value : undefined;
  };
  if (command === 'view') return [{ kind: 'read', path: localPath(path) }];
  if (command === 'create' && text('file_text') !== undefined)
    return [{ kind: 'write', path: localPath(path), text: text('file_text') ?? '' }];
  const after = text('new_str');
  if (command !== 'str_replace' || after === undefined) return undefined;
  return [{ kind: 'edit', path: localPath(path), before: text('old_str') ?? '', after }];
}

/** Editors with a `command` of their own beside a path, and what they show or change. */
export function editorActions({ args, tool }: ToolCall): Action[] | undefined {
  const command = args.text('command', 'operation', 'mode', 'action', 'op');
  if (command === undefined || !editorCommands.test(command)) return undefined;
  const paths = args.texts(...pathNames).map(localPath);
  const [path] = paths;
  // A harness's notes for itself lie under a path of their own, which is no place on the machine.
  if (tool === 'memory' && path?.startsWith('/memories') === true) return [];
  return path === undefined ? undefined : editorAction(command, path, paths, args);
}

function editorAction(command: string, path: string, paths: string[], args: ToolArguments): Action[] {
  const after = args.text('newstr', 'newstring', 'inserttext', 'newtext', 'text', 'content', 'replace') ?? '';
  switch (command) {
    case 'create':
    case 'write':
      return [{ kind: 'write', path, text: args.text('filetext', 'content', 'contents', 'text', 'newstr') ?? '' }];
    case 'str_replace':
    case 'replace':
    case 'edit':
      return [{ kind: 'edit', path, before: args.text('oldstr', 'oldstring', 'oldtext', 'find') ?? '', after }];
    case 'insert':
    case 'append':
      return [{ kind: 'edit', path, before: '', after }];
    case 'delete':
      return [{ kind: 'amounts_to', argv: ['rm', '-r', ...paths] }];
    case 'rename':
      return [{ kind: 'amounts_to', argv: ['mv', args.text('oldpath') ?? path, args.text('newpath') ?? path] }];
    case 'undo_edit':
      return [];
    default:
      return paths.map((one) => ({ kind: 'read', path: one }));
  }
}
