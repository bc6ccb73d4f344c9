import { isRecord } from '../../../../schemas/is-record.ts';
import type { Action } from './action.ts';
import { commandNames, workplaceNames } from './argument-names.ts';
import { keyActions } from './key-tools.ts';
import { parsed, plainName, type ToolArguments, type ToolCall } from './tool-call.ts';

const shellWords = [
  'bash',
  'shell',
  'sh',
  'zsh',
  'terminal',
  'powershell',
  'pwsh',
  'cmd',
  'console',
  'exec',
  'tmux',
  'command',
  'commandline',
];
const otherLanguages = ['python', 'ipython', 'node', 'javascript', 'js', 'ruby', 'sql'];
/** What a shell tool may call its program where no argument says plainly that it is one. */
const looseNames = [
  'script',
  'input',
  'code',
  'text',
  'program',
  'source',
  'line',
  'content',
  'query',
  'value',
  'arguments',
  'args',
  'action',
];
const verbs = /^(?:run|execute|exec|start|send|write|type|input|send_input|send_keys)$/;
/** Programs that tools are named after. */
const namedPrograms =
  /^(?:git|gh|glab|hub|curl|wget|cat|less|head|tail|strings|xxd|grep|rg|find|fd|ls|tree|sed|awk|jq|tar|unzip|diff|pip|npm|npx|yarn|pnpm|cargo|go|docker|kubectl|make|pytest|python3?|node|ruby|perl|psql|sqlite3)$/;
const shellPath = /^(?:\/\S*\/)?(?:ba|z|da|k|a)?sh$/;

/** Whether a tool is a shell, by its name. */
export function isShell({ words }: ToolCall): boolean {
  return shellWords.some((word) => words.has(word)) && !otherLanguages.some((word) => words.has(word));
}

/** Tools that run command lines: by their name, or because an argument is plainly a command. */
export function shellActions(call: ToolCall): Action[] | undefined {
  const { args, words } = call;
  const named = isShell(call);
  const direct = programAndWords(call);
  if (direct !== undefined) return direct;
  const verb = args.text('command', 'action');
  const typed = verb !== undefined && verbs.test(verb) ? args.text('text', 'input', 'content', 'keystrokes', 'data', 'line') : undefined;
  if (named && typed !== undefined) return [...surroundings(args), { kind: 'shell', source: typed }];
  const key = commandNames.find((name) => isCommand(args.value(name)));
  const loose = named && key === undefined ? looseNames.find((name) => isCommand(args.value(name))) : undefined;
  const name = key ?? loose;
  if (name === undefined) return named ? soleText(call) : undefined;
  const value = parsed(args.value(name));
  const windows = words.has('powershell') || words.has('pwsh') || args.text('shell') === 'powershell';
  return [...surroundings(args), ...programActions(value, call, name, windows)];
}

/** `program` and `args` apart, under whatever names; or a tool named like the program whose words it takes. */
function programAndWords({ args, tool }: ToolCall): Action[] | undefined {
  const list = parsed(args.value('args', 'arguments', 'argv', 'argumentlist'));
  const words = Array.isArray(list) ? list.filter((word) => typeof word === 'string') : undefined;
  const given = args.text('program', 'executable', 'exe', 'binary', 'bin', 'file', 'path', 'processname');
  if (words !== undefined && given !== undefined && /^[\w./+-]+$/.test(given) && !/\.\w+$/.test(given))
    return [...surroundings(args), { kind: 'argv', argv: [given, ...words] }];
  const name = tool.replace(/^(?:run|exec|execute|call|use)_|_(?:cli|command|tool|run|exec)$/g, '');
  if (!namedPrograms.test(name) || (words === undefined && typeof list !== 'string')) return undefined;
  const line = words ?? (typeof list === 'string' ? list.trim().split(/\s+/) : []);
  return [...surroundings(args), { kind: 'argv', argv: line[0] === name ? line : [name, ...line] }];
}

/** The directory and the environment that a call asks for. */
export function surroundings(args: ToolArguments): Action[] {
  const directory = args.text(...workplaceNames);
  const out: Action[] = directory === undefined || !/^[~/.\w]/.test(directory) ? [] : [{ kind: 'enter', directory }];
  const given = parsed(args.value('env', 'environment', 'envs', 'environmentvariables', 'envvars'));
  if (isRecord(given)) {
    const values = Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    if (values.length > 0) out.push({ kind: 'variables', values: Object.fromEntries(values) });
  }
  return out;
}

function isCommand(value: unknown): boolean {
  return (typeof value === 'string' && value.trim() !== '') || (Array.isArray(value) && value.length > 0) || isRecord(value);
}

function programActions(value: unknown, call: ToolCall, name: string, windows: boolean): Action[] {
  const { args } = call;
  const inner = typeof value === 'string' ? parsed(value) : value;
  if (inner !== value && (isRecord(inner) || Array.isArray(inner))) return programActions(inner, call, name, windows);
  if (typeof value === 'string') {
    const asInput = args.isTrue('isinput', 'issendinput', 'istext', 'interactiveinput', 'sendtoprocess');
    if (asInput) return keyActions([value], args, true);
    const rest = args.texts('args', 'arguments', 'argv').filter((text) => text !== value);
    // Words beside the program are given to it as they are; a command line has its own.
    if (rest.length > 0 && !/\s/.test(value.trim())) {
      const given = parsed(args.value('args', 'arguments', 'argv'));
      return Array.isArray(given)
        ? [{ kind: 'argv', argv: [value.trim(), ...rest] }]
        : [{ kind: 'shell', source: `${value} ${rest.join(' ')}` }];
    }
    if (windows) return [{ kind: 'windows_shell', source: value }];
    const input = args.text('stdin', 'stdininput', 'standardinput', 'inputtext') ?? (name === 'input' ? undefined : args.text('input'));
    return [input === undefined ? { kind: 'shell', source: value } : { kind: 'shell', source: value, input }];
  }
  if (Array.isArray(value))
    return value.some(isRecord) ? value.flatMap((item) => itemActions(item, call, windows)) : listActions(value, name);
  return isRecord(value) ? itemActions(value, call, windows) : [];
}

function itemActions(item: unknown, call: ToolCall, windows: boolean): Action[] {
  if (typeof item === 'string') return programActions(item, call, 'command', windows);
  if (!isRecord(item)) return [];
  const typed = Object.entries(item).find(
    ([key, text]) => /^(?:keystrokes?|keys|chars|input|text)$/.test(plainName(key)) && isCommand(text),
  );
  const command = Object.entries(item).find(([key, text]) => commandNames.includes(plainName(key)) && isCommand(text));
  if (command !== undefined) return programActions(parsed(command[1]), call, plainName(command[0]), windows);
  if (typed === undefined) {
    const held = Object.entries(item).find(
      ([key, text]) => /^(?:content|script|value|body|source|code|line)$/.test(plainName(key)) && isCommand(text),
    );
    return held === undefined
      ? [{ kind: 'unread', what: `${call.name}: a command without text` }]
      : programActions(parsed(held[1]), call, 'command', windows);
  }
  return keyActions(Array.isArray(typed[1]) ? typed[1].map(String) : [String(typed[1])], call.args, false);
}

/** The words of one command, or several command lines. */
function listActions(list: unknown[], name: string): Action[] {
  const words = list.flatMap((word) => (typeof word === 'string' ? [word] : typeof word === 'number' ? [String(word)] : []));
  const [first = ''] = words;
  if (words.length === 0) return [];
  const plural = name.endsWith('s') && name !== 'args';
  const one = shellPath.test(first) || (!/\s/.test(first.trim()) && (!plural || words.slice(1).some((word) => word.startsWith('-'))));
  return one ? [{ kind: 'argv', argv: words }] : [{ kind: 'shell', source: words.join('\n') }];
}

function soleText({ args }: ToolCall): Action[] | undefined {
  const texts = Object.values(args.given).filter((value) => typeof value === 'string' && value.trim() !== '');
  const [only] = texts;
  return texts.length === 1 && typeof only === 'string' ? [{ kind: 'shell', source: only }] : undefined;
}
