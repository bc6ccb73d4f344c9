import { z } from 'zod';
import type { ToolCall } from '../../../../schemas/message.ts';
import type { Reply } from '../../../../schemas/turn.ts';
import { EditorCall } from '../../editor/call.ts';

export type SweAgentCall = { tool: 'bash'; command: string } | { tool: 'str_replace_editor'; arguments: EditorCall } | { tool: 'submit' };

/** Why a reply cannot be carried out, under SWE-agent's own codes. */
export class FormatError {
  readonly code: 'missing' | 'multiple' | 'invalid_command' | 'invalid_json' | 'missing_arg' | 'unexpected_arg' | 'incorrect_args';
  readonly reason: string;

  constructor(code: FormatError['code'], reason: string) {
    this.code = code;
    this.reason = reason;
  }
}

const Arguments = z.record(z.string(), z.unknown());
const shapes = {
  bash: z.object({ command: z.string() }),
  str_replace_editor: EditorCall,
  submit: z.object({}),
};
const required = { bash: ['command'], str_replace_editor: ['command', 'path'], submit: [] };

/** The one call of a reply. */
export function parseReply(reply: Reply): { id: string; call: SweAgentCall } | FormatError {
  const [first, ...others] = reply.tool_calls;
  if (first === undefined) return new FormatError('missing', 'it has no tool call');
  if (others.length > 0) return new FormatError('multiple', `it has ${others.length + 1} tool calls`);
  const call = parseCall(first);
  return call instanceof FormatError ? call : { id: first.id, call };
}

function parseCall({ function: { name, arguments: sent } }: ToolCall): SweAgentCall | FormatError {
  if (name !== 'bash' && name !== 'str_replace_editor' && name !== 'submit')
    return new FormatError('invalid_command', `there is no tool \`${name}\``);
  const values = readArguments(sent);
  if (values instanceof FormatError) return values;
  const missing = required[name].find((key) => values[key] === undefined);
  if (missing !== undefined) return new FormatError('missing_arg', `\`${name}\` needs the argument \`${missing}\``);
  const unexpected = Object.keys(values).find((key) => !(key in shapes[name].shape));
  if (unexpected !== undefined) return new FormatError('unexpected_arg', `\`${name}\` has no argument \`${unexpected}\``);
  switch (name) {
    case 'bash': {
      const parsed = shapes.bash.safeParse(values);
      return parsed.success ? { tool: 'bash', command: parsed.data.command } : incorrect(parsed.error);
    }
    case 'str_replace_editor': {
      const parsed = EditorCall.safeParse(values);
      return parsed.success ? { tool: 'str_replace_editor', arguments: parsed.data } : incorrect(parsed.error);
    }
    case 'submit':
      return { tool: 'submit' };
  }
}

function readArguments(text: string): Record<string, unknown> | FormatError {
  try {
    // A tool without parameters is often called with no arguments at all.
    const parsed = Arguments.safeParse(text.trim() === '' ? {} : JSON.parse(text));
    return parsed.success ? parsed.data : new FormatError('incorrect_args', 'the arguments are not a JSON object');
  } catch {
    // The parser's words change with its version, and the model must read the same on every resume.
    return new FormatError('invalid_json', 'the arguments are not valid JSON');
  }
}

function incorrect(error: z.ZodError): FormatError {
  const [issue] = error.issues;
  return new FormatError('incorrect_args', `\`${issue?.path.join('.')}\`: ${issue?.message}`);
}
