import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/** Whether the global option `--json` was given. */
export function wantsJson(command: CommandUnknownOpts): boolean {
  return command.optsWithGlobals()['json'] === true;
}

/** Prints a command's result on standard output: `data` as one JSON line under `--json`, else the text for people. */
export function printResult(command: CommandUnknownOpts, data: unknown, text: string | (() => string)): void {
  const shown = wantsJson(command) ? JSON.stringify(data) : typeof text === 'string' ? text : text();
  if (shown !== '') process.stdout.write(`${shown}\n`);
}

/** A line for people while a command works; never part of its result. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
