import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PreparedImage } from '../../schemas/prepared-image.ts';
import type { JobContainer } from './job-container.ts';
import { quote } from '../../platform/quote.ts';
import { environmentLine } from './image-environment.ts';

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
/** Set by distributions for people who log in; expected tests were recorded without. */
const ofTheLogin = /^(?:LANG|LANGUAGE|LC_.*|MAIL|XDG_.*|INPUTRC|DEBUGINFOD_URLS)$/;
/** What a login's files set PATH back to. */
const systemFolders = new Set([
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
  '/usr/local/games',
  '/usr/games',
]);

type Record = NonNullable<PreparedImage['shell_start']>;

/** What an image's start files set up, and how reading them ended. */
export interface ShellStart {
  record: Record;
  /** Each as a line of a Dockerfile. */
  variables: [name: string, line: string][];
  /** In bash; empty when there are none. */
  functions: string;
}

/**
 * What bash's start files add to the environment of an image: `~/.bashrc` and the system's, then those of a login shell
 * (`/etc/profile`, `~/.bash_profile`). Found out by interactive bashes without a terminal in a container of its own. Many
 * images activate their environment there alone. Files that fail, print, hang, end the shell or put another in its place are
 * survived; the record says it.
 */
export async function readShellStart(job: JobContainer, workdir: string, timeoutMs = patienceMs): Promise<ShellStart> {
  const read = async (pass: 'rc' | 'login') => {
    const script = `workdir=${quote(workdir)}\npass=${pass}\npatience=${timeoutMs / 1000}\n${shellStartProgram}`;
    const { stdout, timedOut } = await job.exec(script, { timeoutMs: timeoutMs + 10_000, maxBytes: outputLimit, environment: 'image' });
    return timedOut ? '\0\0timed_out' : stdout;
  };
  return shellStartOf(await read('rc'), await read('login'));
}

/** Reads what the program printed for a shell, and for a login shell. */
export function shellStartOf(rc: string, login: string): ShellStart {
  const [one, other] = [passOf(rc), passOf(login)];
  const set = joined(one, other);
  const variables: ShellStart['variables'] = [];
  const left_out: string[] = [];
  let room = variablesLimit;
  for (const [name, value] of [...set].sort(([a], [b]) => (a < b ? -1 : 1))) {
    room -= name.length + value.length;
    const line = environmentLine([name, value]);
    if (room < 0 || line === undefined) left_out.push(name);
    else variables.push([name, line]);
  }
  const functions = one.functions === other.functions ? one.functions : one.functions + other.functions;
  const kept = functions.length <= functionsLimit ? functions : '';
  if (kept !== functions) left_out.push('functions');
  const count = kept.split('\n').filter((line) => line === '}').length;
  const record: Record = {
    ending: one.ending,
    login_ending: other.ending,
    variables: variables.map(([name]) => name),
    left_out,
    functions: count,
  };
  return { record, variables, functions: kept };
}

type Variables = Map<string, string>;

interface Pass {
  ending: Record['ending'];
  before: Variables;
  /** Those that the files added or changed. */
  set: Variables;
  functions: string;
}

function passOf(output: string): Pass {
  const [, word = '', before, after, ...rest] = output.split('\0\0');
  const ending = word === 'none' ? 'no_bash' : word === 'read' || word === 'exited' || word === 'timed_out' ? word : 'replaced';
  if (before === undefined || after === undefined) {
    return {
      ending: ending === 'no_bash' || ending === 'timed_out' ? ending : 'replaced',
      before: new Map(),
      set: new Map(),
      functions: '',
    };
  }
  const old = variablesOf(before);
  const set = new Map([...variablesOf(after)].filter(([name, value]) => !ofTheShell.test(name) && old.get(name) !== value));
  // An environment ends with a NUL of its own, which then stands before the next part.
  return { ending, before: old, set, functions: rest.join('').replace(/^\0/, '') };
}

/** What a login adds to the environment of other shells: it sets many variables back to what its system ships with. */
function joined({ before, set }: Pass, login: Pass): Variables {
  const both: Variables = new Map(set);
  for (const [name, value] of login.set) {
    if (name === 'PATH') continue;
    if (!login.before.has(name) && !ofTheLogin.test(name)) both.set(name, value);
  }
  const path = set.get('PATH') ?? before.get('PATH') ?? login.before.get('PATH') ?? '';
  const wider = widerPath(path, login.set.get('PATH') ?? '');
  if (wider !== path) both.set('PATH', wider);
  return both;
}

/** A search path with the folders of a login's that it lacks, before or behind its own as they stand there. */
function widerPath(path: string, ofLogin: string): string {
  const own = path.split(':');
  const folders = ofLogin.split(':').filter((folder) => folder !== '');
  const known = (folder: string) => own.includes(folder) || systemFolders.has(folder);
  const first = folders.findIndex(known);
  const lead = first === -1 ? folders : folders.slice(0, first);
  const more = first === -1 ? [] : folders.slice(first).filter((folder) => !known(folder));
  return lead.length + more.length === 0 ? path : [...new Set([...lead, ...own, ...more])].join(':');
}

function variablesOf(block: string): Variables {
  return new Map(
    block.split('\0').flatMap((entry) => {
      const at = entry.indexOf('=');
      return at < 1 ? [] : [[entry.slice(0, at), entry.slice(at + 1)] as const];
    }),
  );
}
