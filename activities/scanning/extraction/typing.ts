import type { Interpreter } from './interpreter.ts';
import { readShell } from './read-shell.ts';
import type { ShellSession } from './shell-session.ts';
import type { Terminal } from './terminal.ts';
import { type TypedProgram, typedPrograms } from './typed-programs.ts';

const longestOpen = 20_000;

/** A line given to whatever the last command left in front. */
export function typeLine(text: string, session: ShellSession, interpreter: Interpreter): void {
  const terminal = session.terminal();
  const { programs, front } = typedPrograms(text.split('\n'), terminal.front);
  terminal.front = front;
  for (const program of programs) runTyped(program, interpreter);
}

/** Keys pressed in a terminal. Lines of a program whose end is still missing are kept for the call that types it. */
export function typeKeys(keys: readonly string[], terminal: Terminal, interpreter: Interpreter): void {
  const { lines, pending } = terminal.press(keys);
  const { programs, front } = typedPrograms(terminal.open === '' ? lines : [...terminal.open.split('\n'), ...lines], terminal.front);
  terminal.open = '';
  terminal.front = front;
  for (const [at, program] of programs.entries()) {
    if (program.to === 'shell' && at === programs.length - 1 && isOpen(program.text)) terminal.open = program.text.slice(-longestOpen);
    runTyped(program, interpreter);
  }
  if (pending.trim() !== '' && terminal.front === 'shell') interpreter.runShell(pending, ['keys']);
}

function runTyped({ to, text }: TypedProgram, interpreter: Interpreter): void {
  if (to === 'shell') interpreter.runShell(text, ['input']);
  else if (to !== 'none') interpreter.runCode(to, text, ['input']);
}

/** Whether a shell would ask for more: a here-document, a quote, a loop or a line that goes on. */
function isOpen(text: string): boolean {
  if (text.endsWith('\\')) return true;
  const heredoc = [...text.matchAll(/<<-?\s*(["']?)(\w+)\1/g)].at(-1);
  if (heredoc?.[2] !== undefined && !new RegExp(`^\\t*${heredoc[2]}$`, 'm').test(text.slice(heredoc.index + heredoc[0].length)))
    return true;
  return /["'`]|\b(?:do|then|case)\b|[{(|&]\s*$/.test(text) && !readShell(text).whole;
}
