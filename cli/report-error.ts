import { messageOf, Problem } from '../schemas/problem.ts';

/** Prints what went wrong on standard error: the message and, on a line of its own, what to do next. */
export function reportError(error: unknown, json: boolean): void {
  process.stderr.write(`${json ? errorAsJson(error) : errorAsText(error)}\n`);
}

function errorAsText(error: unknown): string {
  if (error instanceof Problem) return `tracemill: ${error.message}${error.hint === undefined ? '' : `\n  → ${error.hint}`}`;
  // Not raised on purpose: a defect. Its stack helps to fix it.
  return `tracemill: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

function errorAsJson(error: unknown): string {
  const { code, hint } = error instanceof Problem ? error : { code: 'internal_error', hint: undefined };
  return JSON.stringify({ error: { code, message: messageOf(error), ...(hint === undefined ? {} : { hint }) } });
}
