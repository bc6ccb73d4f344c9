import type { Call } from '../conversation.ts';
import { isRecord } from '../../../schemas/is-record.ts';
import type { Action } from './tools/action.ts';
import { codeActions, runsCode } from './tools/code-tools.ts';
import { codeHostActions } from './tools/code-host-tools.ts';
import { editorActions, plainEditorAction } from './tools/editor-tools.ts';
import { fileActions, isAbsolutePath, localPath } from './tools/file-tools.ts';
import { gitActions } from './tools/git-tools.ts';
import { typedActions } from './tools/key-tools.ts';
import { containerActions, databaseActions, modelActions, packageActions } from './tools/other-tools.ts';
import { patchActions } from './tools/patch-tools.ts';
import { isQuietByName, isQuietByShape } from './tools/quiet-tools.ts';
import { salvagedArguments, salvagedText } from './tools/salvage.ts';
import { searchActions } from './tools/search-tools.ts';
import { isShell, shellActions } from './tools/shell-tools.ts';
import { type ToolCall, toolCall } from './tools/tool-call.ts';
import { addressAction, webActions } from './tools/web-tools.ts';

/** Looks at a call; undefined where it is no tool of its kind. The first that knows a call reads it. */
type ToolReader = (call: ToolCall, depth: number) => Action[] | undefined;

const readers: readonly ToolReader[] = [
  patchActions,
  editorActions,
  codeHostActions,
  modelActions,
  (call) => (isQuietByName(call) ? [] : undefined),
  batchActions,
  databaseActions,
  gitActions,
  typedActions,
  shellActions,
  browserActions,
  codeActions,
  packageActions,
  searchesThenFiles,
  webActions,
  fileActions,
  containerActions,
  (call) => (isQuietByShape(call) ? [] : undefined),
  unknownTool,
];

const plainEditors = new Set(['str_replace_editor', 'str_replace_based_edit_tool', 'file_editor']);
const plainShells = new Set(['bash', 'execute_bash', 'Bash', 'shell', 'terminal', 'run_command']);

/**
 * The actions of a call: by what its arguments are rather than by lists of tools, so that tools nobody knew of are
 * read too. None for tools that do nothing but talk; `unread` where a call does something that cannot be told.
 */
export function actionsOf(call: Call): Action[] {
  const { name } = call;
  const args = call.args ?? salvagedArguments(call.raw);
  // Most calls of a trajectory are one command line for a shell.
  if (args !== undefined && plainShells.has(name) && isPlainCommand(args)) return [{ kind: 'shell', source: args['command'] }];
  const edited = args !== undefined && plainEditors.has(name) ? plainEditorAction(args) : undefined;
  if (edited !== undefined) return edited;
  if (args === undefined) return withoutArguments(call);
  return actionsOfTool(toolCall(name, args), 0);
}

function actionsOfTool(tool: ToolCall, depth: number): Action[] {
  for (const reader of readers) {
    const actions = reader(tool, depth);
    if (actions !== undefined) return actions;
  }
  return [];
}

function isPlainCommand(args: Record<string, unknown>): args is { command: string } {
  if (typeof args['command'] !== 'string' || args['command'] === '' || /^\s*[[{]"/.test(args['command'])) return false;
  for (const key in args) if (key !== 'command' && key !== 'timeout' && key !== 'security_risk' && key !== 'description') return false;
  return true;
}

/** Arguments that are no object at all: the program itself for a shell or an interpreter, looked through roughly for others. */
function withoutArguments({ name, raw }: Call): Action[] {
  const text = salvagedText(raw);
  const tool = toolCall(name, text.trim() === '' ? {} : { command: text });
  if (isQuietByName(tool)) return [];
  if (text.trim() === '') return unknownTool(tool);
  if (runsCode(tool)) return codeActions(toolCall(name, { code: text })) ?? [];
  if (isShell(tool)) return shellActions(tool) ?? [];
  // Arguments that are broken JSON are counted where messages are read.
  const counted: Action[] = /^\s*[[{]/.test(raw) ? [] : [{ kind: 'unread', what: `${name}: its arguments are no JSON object` }];
  return [{ kind: 'rough', text }, ...counted];
}

const batches = ['tooluses', 'calls', 'toolcalls', 'actions', 'steps', 'requests', 'operations', 'invocations', 'batch', 'functioncalls'];
const deepestBatch = 3;

/** Several calls in one: each by the name that it gives, or else by that of the whole. */
function batchActions({ name, args }: ToolCall, depth = 0): Action[] | undefined {
  const calls = batches.map((key) => args.objects(key)).find((list) => list.length > 0);
  if (calls === undefined || depth > deepestBatch || args.text('path', 'filepath') !== undefined) return undefined;
  const actions = calls.flatMap((one): Action[] => {
    const inner = toolCall(name, one);
    const named = inner.args.text('recipientname', 'toolname', 'tool', 'functionname', 'function', 'name');
    if (named === undefined && inner.args.text('command', 'cmd', 'commandline', 'keystrokes', 'code', 'url') === undefined) return [];
    const given = one['parameters'] ?? one['arguments'] ?? one['args'] ?? one['input'];
    const own = isRecord(given) ? given : one;
    return actionsOfTool(toolCall(named ?? name, own), depth + 1);
  });
  return actions.length === 0 ? undefined : actions;
}

/** What a browser is told in a program of its own: the addresses in it. */
function browserActions(call: ToolCall): Action[] | undefined {
  return ['browser', 'browse', 'playwright', 'puppeteer', 'selenium'].some((word) => call.words.has(word)) ? webActions(call) : undefined;
}

/** A search of the web is none of files. */
function searchesThenFiles(call: ToolCall): Action[] | undefined {
  const web = [
    'web',
    'google',
    'bing',
    'duckduckgo',
    'tavily',
    'exa',
    'brave',
    'internet',
    'online',
    'wikipedia',
    'page',
    'browser',
    'serper',
    'memory',
    'docs',
  ];
  return web.some((word) => call.words.has(word)) ? undefined : searchActions(call);
}

/** A tool that no reader knows: whatever in it looks like an address or a command is judged, and it is counted. */
function unknownTool({ name, args }: ToolCall): Action[] {
  const texts = args.everyText();
  const addresses = texts.flatMap((text) => [...text.matchAll(/https?:\/\/[^\s'"`)<>\\]+/g)].map(([address]) => addressAction(address)));
  const names = Object.keys(args.given).slice(0, 8).join(', ');
  const what = `${name === '' ? 'a call without a name' : name}: no action could be made of ${names === '' ? 'a call without arguments' : `its arguments (${names})`}`;
  const files = texts.filter(isAbsolutePath).map((text): Action => ({ kind: 'read', path: localPath(text) }));
  return [...addresses, ...files, ...texts.map((text): Action => ({ kind: 'rough', text })), { kind: 'unread', what }];
}
