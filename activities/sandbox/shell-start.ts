import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PreparedImage } from '../../schemas/prepared-image.ts';
import type { JobContainer } from './job-container.ts';
import { quote } from '../../platform/quote.ts';

export const shellStartProgram = readFileSync(join(import.meta.dirname, 'programs', 'shell-start.sh'), 'utf8');

/** Where a clean image keeps the functions that its interactive shells have. */
export const functionsFile = '/etc/tracemill-functions.bash';

/** A line for scripts of bash; of no effect in other shells and images. */
export const loadFunctions = `if [ "$BASH_VERSION" ] && [ -r ${functionsFile} ]; then . ${functionsFile}; fi`;

/** Start files that take longer are given up, in milliseconds. */
const patienceMs = 60_000;
const outputLimit = 1024 * 1024;
/** Of the values together; an image's configuration is read with every container. */
const variablesLimit = 64 * 1024;
const functionsLimit = 512 * 1024;

/** Belongs to one shell, its terminal or its user, not to the environment that the image activates. */
const ofTheShell =
  /^(?:_|PWD|OLDPWD|SHLVL|HOME|USER|LOGNAME|SHELL|HOSTNAME|TERM|LINES|COLUMNS|PS[0-4]|PROMPT_COMMAND|LS_COLORS|LESSOPEN|LESSCLOSE|HIST[A-Z]*|SHELLOPTS|BASHOPTS|BASH_FUNC_.*)$/;

/** What an image's start files set up, and how reading them ended. */
export interface ShellStart {
  record: NonNullable<PreparedImage['shell_start']>;
  variables: [name: string, value: string][];
  /** In bash; empty when there are none. */
  functions: string;
}

/**
 * What bash's start files (`~/.bashrc` and the system's) add to the environment of an image, found out by an interactive
 * bash without a terminal in a container of its own. Many images activate their environment there alone. Files that
 * fail, print, hang or end the shell are survived; the record says it.
 */
export async function readShellStart(job: JobContainer, workdir: string, timeoutMs = patienceMs): Promise<ShellStart> {
  const script = `workdir=${quote(workdir)}\n${shellStartProgram}`;
  const { stdout, timedOut } = await job.exec(script, { timeoutMs, maxBytes: outputLimit });
  return timedOut ? ended('timed_out') : shellStartOf(stdout);
}

function ended(ending: ShellStart['record']['ending']): ShellStart {
  return { record: { ending, variables: [], left_out: [], functions: 0 }, variables: [], functions: '' };
}

/** Reads what the program printed. */
export function shellStartOf(output: string): ShellStart {
  const [, word = '', before, after, ...rest] = output.split('\0\0');
  // An environment ends with a NUL of its own, which then stands before the next part.
  const functions = rest.join('').replace(/^\0/, '');
  if (word === 'none') return ended('no_bash');
  if ((word !== 'read' && word !== 'exited') || before === undefined || after === undefined) return ended('replaced');
  const old = variablesOf(before);
  const variables: [string, string][] = [];
  const left_out: string[] = [];
  let room = variablesLimit;
  for (const [name, value] of [...variablesOf(after)].sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (ofTheShell.test(name) || old.get(name) === value) continue;
    room -= name.length + value.length;
    // The configuration of an image has one line a variable.
    if (room < 0 || !/^[A-Za-z_]\w*$/.test(name) || /[\p{Cc}\uFFFD]/u.test(value)) left_out.push(name);
    else variables.push([name, value]);
  }
  const kept = functions.length <= functionsLimit ? functions : '';
  if (kept !== functions) left_out.push('functions');
  const count = kept.split('\n').filter((line) => line === '}').length;
  return { record: { ending: word, variables: variables.map(([name]) => name), left_out, functions: count }, variables, functions: kept };
}

function variablesOf(block: string): Map<string, string> {
  return new Map(
    block.split('\0').flatMap((entry) => {
      const at = entry.indexOf('=');
      return at < 1 ? [] : [[entry.slice(0, at), entry.slice(at + 1)] as const];
    }),
  );
}

/** A line of a Dockerfile; what stands in double quotes has variables expanded. */
export function environmentLine([name, value]: readonly [string, string]): string {
  return `ENV ${name}="${value.replaceAll(/[\\"$]/g, '\\$&')}"`;
}
