import type { Action } from './action.ts';
import { keyNames } from './argument-names.ts';
import { parsed, type ToolArguments, type ToolCall } from './tool-call.ts';

const typingTools =
  /(?:^|_)(?:send_keys?|sendkeys|send_keystrokes?|keystrokes?|write_stdin|send_input|send_text|type_text|type_in_terminal|press_keys?|write_to_terminal|terminal_input|process_write|interact_with_process)(?:_|$)/;
const nameOfTerminal = [
  'sessionid',
  'terminalid',
  'sessionname',
  'session',
  'terminal',
  'pane',
  'windowname',
  'target',
  'processid',
  'pid',
  'shellid',
  'id',
];

/** Terminals that take keystrokes: by an argument of that name, or by the tool's. */
export function typedActions(call: ToolCall): Action[] | undefined {
  const { args, plain } = call;
  const typing = typingTools.test(plain) || (plain === 'computer' && /^(?:type|key)$/.test(args.text('action') ?? ''));
  const name = [...keyNames, ...(typing ? ['input', 'text', 'data', 'content', 'stdin', 'command', 'key', 'line'] : [])].find(
    (key) => args.texts(key).length > 0,
  );
  if (name === undefined) return undefined;
  const list = parsed(args.value(name));
  return keyActions(Array.isArray(list) ? list.flatMap((key) => (typeof key === 'string' ? [key] : [])) : args.texts(name), args, false);
}

/** `entered`: what is typed is a line by itself. */
export function keyActions(keys: string[], args: ToolArguments, entered: boolean): Action[] {
  const [only = ''] = keys;
  if (keys.every((key) => key === '')) return [];
  if (entered && keys.length === 1 && !/^(?:[CM]-.|\^.)$/.test(only.trim())) return [{ kind: 'input', text: only }];
  const enter = args.isTrue('enter', 'pressenter', 'appendenter', 'appendnewline', 'sendenter', 'newline', 'submit');
  return [{ kind: 'keys', keys: enter ? [...keys, 'Enter'] : keys, terminal: args.text(...nameOfTerminal) ?? '' }];
}
