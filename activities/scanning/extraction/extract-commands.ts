import type { Call } from '../conversation.ts';
import type { Command } from './command.ts';
import { type Action, actionsOf } from './actions.ts';
import { aliasesInFile } from './git-command.ts';
import { Interpreter } from './interpreter.ts';
import { programName } from './program-name.ts';
import type { ShellSession } from './shell-session.ts';

export interface Extracted {
  commands: Command[];
  /** Pieces of program that no grammar could read or whose text only the running shell knew. */
  unparsed: string[];
}

/** Every command that a tool call comes to. The session carries what earlier calls of the trajectory left. */
export function extractCommands(call: Call, session: ShellSession): Extracted {
  const extracted: Extracted = { commands: [], unparsed: [] };
  const seen = new Set<string>();
  const add = (command: Command) => {
    const key = `${command.directory}\0${command.argv.join('\0')}`;
    if (seen.has(key)) return;
    seen.add(key);
    extracted.commands.push(command);
  };
  const interpreter = new Interpreter(session, { command: add, unparsed: (text) => extracted.unparsed.push(text.slice(0, 400)) });
  for (const action of actionsOf(call)) run(action, call, session, interpreter, add);
  const last = extracted.commands.at(-1);
  if (last !== undefined) session.foreground = foregroundAfter(last, session);
  return extracted;
}

function run(action: Action, call: Call, session: ShellSession, interpreter: Interpreter, add: (command: Command) => void): void {
  const direct = (...argv: string[]) =>
    add({ argv, text: `${call.name} ${argv.slice(0, 2).join(' ')}`, directory: '', via: [call.name], environment: {}, inputs: [] });
  switch (action.kind) {
    case 'shell':
      return interpreter.runShell(action.source);
    case 'argv':
      return interpreter.runArgv(action.argv);
    case 'python':
      return interpreter.runPython(action.code, [call.name]);
    case 'input':
      return session.foreground === 'python' ? interpreter.runPython(action.text, ['input']) : interpreter.runShell(action.text, ['input']);
    case 'read':
      return direct('view', action.path);
    case 'visit':
      return direct('browse', action.address);
    case 'write':
      session.write(action.path, action.text);
      rememberAliases(action.path, action.text, session);
      return direct('create', action.path, action.text.slice(0, 20_000));
    case 'edit': {
      const known = session.read(action.path);
      const text = known === undefined ? action.after : known.replace(action.before, () => action.after);
      session.write(action.path, action.before === '' && known !== undefined ? `${known}\n${action.after}` : text);
      rememberAliases(action.path, action.after, session);
      return direct('create', action.path, action.after.slice(0, 20_000));
    }
  }
}

function rememberAliases(path: string, text: string, session: ShellSession): void {
  if (!/(?:\.gitconfig|\.git\/config|git\/config)$/.test(path)) return;
  for (const [name, body] of aliasesInFile(text)) session.gitAliases.set(name, body);
}

function foregroundAfter(last: Command, session: ShellSession): ShellSession['foreground'] {
  const program = programName(last.argv[0] ?? '', session);
  const interactive = last.argv.slice(1).every((arg) => arg.startsWith('-'));
  if (/^(?:i?python|pypy)[\d.]*$/.test(program) && interactive) return 'python';
  return session.foreground === 'python' && last.via.includes('input') ? 'python' : 'shell';
}
