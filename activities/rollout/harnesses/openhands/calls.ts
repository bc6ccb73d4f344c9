import { z } from 'zod';
import type { ToolCall } from '../../../../schemas/message.ts';
import { EditorCall } from '../../editor/call.ts';

/** A call that can be carried out. `arguments` are the model's, for comparing. */
export type OpenHandsCall =
  | {
      id: string;
      tool: 'execute_bash';
      arguments: Record<string, unknown>;
      command: string;
      isInput: boolean;
      timeoutSeconds: number | null;
    }
  | { id: string; tool: 'think'; arguments: Record<string, unknown> }
  | { id: string; tool: 'finish'; arguments: Record<string, unknown>; message: string }
  | { id: string; tool: 'str_replace_editor'; arguments: EditorCall };

/** Why a call cannot be carried out as sent. */
export class RefusedCall {
  readonly code: 'unknown_tool' | 'invalid_json' | 'missing_arg' | 'unexpected_arg' | 'incorrect_args';
  readonly tool: string;
  readonly reason: string;

  constructor(code: RefusedCall['code'], tool: string, reason: string) {
    this.code = code;
    this.tool = tool;
    this.reason = reason;
  }
}

const Arguments = z.record(z.string(), z.unknown());

/** Takes one call of the model apart, with upstream's tolerance and no more. */
export function parseCall({ id, function: { name, arguments: sent } }: ToolCall): OpenHandsCall | RefusedCall {
  if (!['execute_bash', 'think', 'finish', 'str_replace_editor'].includes(name))
    return new RefusedCall('unknown_tool', name, 'there is no such tool');
  const read = readArguments(sent);
  if (typeof read === 'string') return new RefusedCall('invalid_json', name, read);
  switch (name) {
    case 'execute_bash':
      return bashCall(id, read);
    case 'think':
      return { id, tool: 'think', arguments: read };
    case 'finish':
      return { id, tool: 'finish', arguments: read, message: typeof read['message'] === 'string' ? read['message'] : '' };
    default:
      return editorCall(id, read);
  }
}

/** The arguments as an object, or what is wrong with them. */
function readArguments(text: string): Record<string, unknown> | string {
  try {
    const parsed = Arguments.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : 'the arguments are not a JSON object';
  } catch {
    // The parser's words change with its version, and the model must read the same on every resume.
    return 'the arguments are not valid JSON';
  }
}

function bashCall(id: string, values: Record<string, unknown>): OpenHandsCall | RefusedCall {
  const { command, timeout } = values;
  if (command === undefined) return new RefusedCall('missing_arg', 'execute_bash', 'the argument `command` is missing');
  if (typeof command !== 'string') return new RefusedCall('incorrect_args', 'execute_bash', '`command` has to be a string');
  const timeoutSeconds = timeout === undefined ? null : seconds(timeout);
  if (Number.isNaN(timeoutSeconds)) return new RefusedCall('incorrect_args', 'execute_bash', '`timeout` has to be a number of seconds');
  // Only the string is true: upstream compares with it, so JSON true is false.
  return { id, tool: 'execute_bash', arguments: values, command, isInput: values['is_input'] === 'true', timeoutSeconds };
}

/** NaN when it is no number. */
function seconds(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

function editorCall(id: string, values: Record<string, unknown>): OpenHandsCall | RefusedCall {
  for (const name of ['command', 'path']) {
    if (values[name] === undefined) return new RefusedCall('missing_arg', 'str_replace_editor', `the argument \`${name}\` is missing`);
  }
  const unexpected = Object.keys(values).find((name) => !(name in EditorCall.shape));
  if (values['command'] !== 'view' && unexpected !== undefined) {
    return new RefusedCall('unexpected_arg', 'str_replace_editor', `there is no argument \`${unexpected}\``);
  }
  const { view_range: _range, ...edit } = values;
  const parsed = EditorCall.safeParse(values['command'] === 'view' ? values : edit);
  if (parsed.success) return { id, tool: 'str_replace_editor', arguments: parsed.data };
  const issue = parsed.error.issues[0];
  return new RefusedCall('incorrect_args', 'str_replace_editor', `\`${issue?.path.join('.')}\`: ${issue?.message}`);
}
