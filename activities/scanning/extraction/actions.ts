import type { Call } from '../conversation.ts';

/** What a tool call does, whatever harness it belongs to. */
export type Action =
  | { kind: 'shell'; source: string }
  | { kind: 'argv'; argv: string[] }
  | { kind: 'python'; code: string }
  /** Text typed into whatever is running. */
  | { kind: 'input'; text: string }
  | { kind: 'read'; path: string }
  | { kind: 'write'; path: string; text: string }
  | { kind: 'edit'; path: string; before: string; after: string }
  | { kind: 'visit'; address: string };

const shellTools =
  /^(?:execute_bash|bash|terminal|shell|sh|run_command|run_in_terminal|run_terminal_cmd|execute_command|exec|run_bash|bash_command|local_shell|container\.exec|run_shell_command|Bash|cmd)$/i;
const editorTools = /^(?:str_replace_editor|file_editor|str_replace_based_edit_tool|editor|edit|text_editor|edit_anthropic)$/i;
const pythonTools =
  /^(?:execute_ipython(?:_cell)?|run_ipython|ipython|python|jupyter|run_python|code_interpreter|execute_python|notebook)$/i;
const webTools =
  /^(?:browser|browse\w*|fetch|web_?fetch|web_read|open_url|navigate|goto|visit\w*|web_?search|search_web|google\w*|execute_browse|url_\w+|http\w*)$/i;

/** The actions of a call; none for tools that do nothing but talk. Arguments that are no object are taken for a command. */
export function actionsOf(call: Call): Action[] {
  const { name, args } = call;
  if (args === undefined) return shellTools.test(name) && call.raw.trim() !== '' ? [{ kind: 'shell', source: salvaged(call.raw) }] : [];
  const text = (key: string) => (typeof args[key] === 'string' ? args[key] : undefined);
  if (editorTools.test(name)) return editorActions(text);
  if (pythonTools.test(name)) return python(text('code') ?? text('command') ?? text('source'));
  if (webTools.test(name)) return webActions(args);
  const command = args['command'] ?? args['cmd'] ?? args['commands'] ?? args['script'] ?? args['input'] ?? args['keystrokes'];
  if (shellTools.test(name) || command !== undefined) return shellActions(command, args['is_input']);
  if (/^(?:finish|submit|think|task_tracker|todo\w*|message|complete\w*)$/i.test(name)) return [];
  return otherActions(text);
}

/** The command of a call whose arguments were cut off in the middle of their JSON. */
function salvaged(raw: string): string {
  const inside = /"(?:command|cmd)"\s*:\s*"((?:[^"\\]|\\[\s\S])*)/.exec(raw)?.[1];
  return inside === undefined
    ? raw
    : inside
        .replace(/\\n/g, '\n')
        .replace(/\\t/g, '\t')
        .replace(/\\(["\\/])/g, '$1');
}

function shellActions(command: unknown, isInput: unknown): Action[] {
  if (Array.isArray(command)) {
    const argv = command.filter((word) => typeof word === 'string');
    if (argv.length === 0) return [];
    return argv.some((word) => /\s/.test(word)) && !/^(?:\/bin\/)?(?:ba|z|da)?sh$/.test(argv[0] ?? '')
      ? [{ kind: 'shell', source: argv.join('\n') }]
      : [{ kind: 'argv', argv }];
  }
  if (typeof command !== 'string' || command.trim() === '') return [];
  if (isInput === true || isInput === 'true') return /^C-.$/.test(command.trim()) ? [] : [{ kind: 'input', text: command }];
  return [{ kind: 'shell', source: command }];
}

function editorActions(text: (key: string) => string | undefined): Action[] {
  const path = text('path') ?? text('file_path') ?? text('filename') ?? '';
  switch (text('command') ?? 'view') {
    case 'create':
      return [{ kind: 'write', path, text: text('file_text') ?? '' }];
    case 'str_replace':
      return [{ kind: 'edit', path, before: text('old_str') ?? '', after: text('new_str') ?? '' }];
    case 'insert':
      return [{ kind: 'edit', path, before: '', after: text('new_str') ?? text('insert_text') ?? '' }];
    case 'undo_edit':
      return [];
    default:
      return path === '' ? [] : [{ kind: 'read', path }];
  }
}

function python(code: string | undefined): Action[] {
  return code === undefined ? [] : [{ kind: 'python', code }];
}

function webActions(args: Record<string, unknown>): Action[] {
  const given = Object.values(args).filter((value) => typeof value === 'string');
  const addresses = given.flatMap((value) => value.match(/https?:\/\/[^\s'")]+/g) ?? []);
  if (addresses.length > 0) return addresses.map((address) => ({ kind: 'visit', address }));
  const query = args['query'] ?? args['q'] ?? args['search'];
  return typeof query === 'string' ? [{ kind: 'visit', address: `https://duckduckgo.com/?q=${query}` }] : [];
}

/** Tools of unknown harnesses, by the names of their parameters. */
function otherActions(text: (key: string) => string | undefined): Action[] {
  const address = text('url') ?? text('uri');
  if (address !== undefined) return [{ kind: 'visit', address }];
  const path = text('path') ?? text('file_path') ?? text('filename') ?? text('file');
  const content = text('content') ?? text('file_text') ?? text('contents');
  if (path !== undefined && content !== undefined) return [{ kind: 'write', path, text: content }];
  const after = text('new_str') ?? text('new_string') ?? text('replace');
  if (path !== undefined && after !== undefined)
    return [{ kind: 'edit', path, before: text('old_str') ?? text('old_string') ?? '', after }];
  if (path !== undefined) return [{ kind: 'read', path }];
  const code = text('code');
  return code === undefined ? [] : [{ kind: 'python', code }];
}
