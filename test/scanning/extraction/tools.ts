import type { Call } from '../../../activities/scanning/conversation.ts';
import { extractCommands } from '../../../activities/scanning/extraction/extract-commands.ts';
import { ShellSession } from '../../../activities/scanning/extraction/shell-session.ts';

function toolCallOf(name: string, args: unknown): Call {
  const raw = typeof args === 'string' ? args : JSON.stringify(args);
  const known = typeof args === 'object' && args !== null && !Array.isArray(args) ? Object.fromEntries(Object.entries(args)) : undefined;
  return { name, args: known, raw, observation: 'something' };
}

/** The command lines that a tool call comes to. */
export function linesOf(name: string, args: unknown, session = new ShellSession()): string[] {
  return extractCommands(toolCallOf(name, args), session).commands.map(({ argv }) => argv.join(' '));
}

export function unparsedOf(name: string, args: unknown): string[] {
  return extractCommands(toolCallOf(name, args), new ShellSession()).unparsed;
}
