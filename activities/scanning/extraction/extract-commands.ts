import type { Call } from '../conversation.ts';
import { actionsOf } from './actions.ts';
import { cellPieces } from './notebook-cell.ts';
import type { Command } from './command.ts';
import { aliasesInFile } from './git-command.ts';
import { Interpreter } from './interpreter.ts';
import type { ShellSession } from './shell-session.ts';
import type { Action } from './tools/action.ts';
import { commandsInText } from './tools/rough-text.ts';
import { typeKeys, typeLine } from './typing.ts';
import { frontAfter } from './typed-programs.ts';
import { isPowerShell, posixProgram } from './windows-shell.ts';

export interface Extracted {
  commands: Command[];
  /** Pieces of program that no grammar could read or whose text only the running shell knew. */
  unparsed: string[];
  /** Calls, or parts of one, that no action could be made of: the tool's name and why. */
  unread: string[];
  /** Replacements that an editor made. */
  edits: { path: string; before: string; after: string }[];
}

/** Every command that a tool call comes to. The session carries what earlier calls of the trajectory left. */
export function extractCommands(call: Call, session: ShellSession): Extracted {
  const extracted: Extracted = { commands: [], unparsed: [], unread: [], edits: [] };
  let seen: Set<string> | undefined;
  const add = (command: Command) => {
    // Most calls come to a few commands, whose words are sooner compared than joined and hashed.
    if (extracted.commands.length < fewCommands) {
      if (extracted.commands.some((other) => isSame(command, other))) return;
    } else {
      seen ??= new Set(extracted.commands.map(keyOf));
      const key = keyOf(command);
      if (seen.has(key)) return;
      seen.add(key);
    }
    extracted.commands.push(command);
  };
  const unparsed = (text: string) => extracted.unparsed.push(text.slice(0, 400));
  const unread = (what: string) => extracted.unread.push(what.slice(0, 400));
  const runner: Runner = { call, session, interpreter: new Interpreter(session, { command: add, unparsed }), add, unread };
  for (const action of actionsOf(call)) {
    if (action.kind === 'edit') extracted.edits.push({ path: action.path, before: action.before, after: action.after });
    run(action, runner);
  }
  return extracted;
}

const fewCommands = 4;

function isSame(one: Command, other: Command): boolean {
  return (
    one.argv.length === other.argv.length && one.directory === other.directory && one.argv.every((word, at) => word === other.argv[at])
  );
}

function keyOf({ directory, argv }: Command): string {
  return `${directory}\0${argv.join('\0')}`;
}

interface Runner {
  call: Call;
  session: ShellSession;
  interpreter: Interpreter;
  add: (command: Command) => void;
  unread: (what: string) => void;
}

function run(action: Action, runner: Runner): void {
  const { call, session, interpreter, unread } = runner;
  switch (action.kind) {
    case 'shell': {
      interpreter.runShell(action.source, [], action.input);
      if (isPowerShell(action.source)) interpreter.runShell(posixProgram(action.source), ['powershell']);
      // A shell tool may leave a program in front that takes the input of later calls.
      const front = frontAfter(action.source.slice(action.source.lastIndexOf('\n') + 1));
      session.terminal().front = front;
      return;
    }
    case 'windows_shell':
      return interpreter.runShell(posixProgram(action.source), ['powershell']);
    case 'argv':
      return interpreter.runArgv(action.argv);
    case 'amounts_to':
      return interpreter.runArgv(action.argv, [call.name], `${call.name} ${action.argv.join(' ')}`.slice(0, 400));
    case 'cell':
      return runCell(action.code, runner);
    case 'code':
      return interpreter.runCode(action.language, action.code, [call.name]);
    case 'input':
      return typeLine(action.text, session, interpreter);
    case 'keys':
      return typeKeys(action.keys, session.terminal(action.terminal), interpreter);
    case 'read':
      direct(runner, 'view', action.path);
      for (const path of session.origins.of(session.resolve(action.path)) ?? []) direct(runner, 'view', path);
      return;
    case 'visit':
      return direct(runner, 'browse', action.address);
    case 'write':
      return write(runner, action.path, action.text, action.text);
    case 'edit': {
      const known = session.read(action.path);
      const text = known === undefined ? action.after : known.replace(action.before, () => action.after);
      return write(runner, action.path, action.before === '' && known !== undefined ? `${known}\n${action.after}` : text, action.after);
    }
    case 'enter':
      session.directory = session.resolve(action.directory);
      return;
    case 'variables':
      for (const [name, value] of Object.entries(action.values)) session.variables.set(name, value);
      return;
    case 'rough':
      for (const line of commandsInText(action.text)) interpreter.runShell(line, [call.name]);
      return;
    case 'unread':
      unread(action.what);
  }
}

function direct({ call, add }: Runner, ...argv: string[]): void {
  const text = `${call.name} ${argv.slice(0, 2).join(' ')}`;
  add({ argv, text, directory: '', via: [call.name], environment: {}, inputs: [] });
}

/** `text` is the whole file as far as known, `shown` what this call put into it. */
function write(runner: Runner, path: string, text: string, shown: string): void {
  const { session } = runner;
  session.write(path, text);
  if (/(?:\.gitconfig|\.git\/config|git\/config)$/.test(path)) {
    for (const [name, body] of aliasesInFile(shown)) session.gitAliases.set(name, body);
  }
  direct(runner, 'create', path, shown.slice(0, 20_000));
}

function runCell(code: string, runner: Runner): void {
  const { call, interpreter, session, unread } = runner;
  for (const piece of cellPieces(code)) {
    if (piece.kind === 'shell') interpreter.runShell(piece.source, [call.name]);
    else if (piece.kind === 'code') interpreter.runCode(piece.language, piece.code, [call.name]);
    else if (piece.kind === 'write')
      write(runner, piece.path, piece.append ? `${session.read(piece.path) ?? ''}${piece.text}` : piece.text, piece.text);
    else {
      unread(`${call.name}: a cell of kind %%${piece.magic}`);
      for (const line of commandsInText(piece.text)) interpreter.runShell(line, [call.name]);
    }
  }
}
