import { fixtureArchive } from './fixture-places.ts';
import { nameTable } from '../../../schemas/name-table.ts';
import { baseName } from './base-name.ts';
import { dynamicText } from './shell-syntax.ts';
import { knownOutput } from './known-output.ts';
import { programName } from './program-name.ts';
import type { ShellSession } from './shell-session.ts';

/** What a command changes in the session's view of the machine, or the program text that it runs in place. */
export interface Effect {
  source?: string;
  args?: string[];
  written?: { path: string; text: string | undefined; append: boolean };
}

/** Carries out what matters of a command that changes the shell or the files around it. */
export function runBuiltin(argv: string[], input: string | undefined, session: ShellSession): Effect | undefined {
  const [word = '', ...args] = argv;
  return builtins[programName(word, session)]?.(args, input, session);
}

type Builtin = (args: string[], input: string | undefined, session: ShellSession) => Effect | undefined;

const changeDirectory: Builtin = (args, _input, session) => {
  const target = args.find((arg) => !/^-[LPe@]+$/.test(arg) && arg !== '--');
  session.directory = target === undefined ? '~' : target === '-' ? '' : session.resolve(target);
  return undefined;
};

const declare: Builtin = (args, _input, session) => {
  for (const arg of args) {
    const at = arg.indexOf('=');
    if (/^\w+\+?=/.test(arg)) session.variables.set(arg.slice(0, at).replace(/\+$/, ''), arg.slice(at + 1));
  }
  return undefined;
};

const readInput: Builtin = (args, input, session) => {
  const names = args.filter((arg, index) => !arg.startsWith('-') && !/^-[adinNptu]$/.test(args[index - 1] ?? ''));
  const array = args.findIndex((arg) => /^-r?a$/.test(arg));
  const words = input?.split('\n')[0]?.trim().split(/\s+/);
  if (array !== -1) {
    session.arrays.set(args[array + 1] ?? '', words ?? [dynamicText]);
    return undefined;
  }
  for (const [index, name] of (names.length === 0 ? ['REPLY'] : names).entries()) {
    const last = index === names.length - 1 || names.length === 0;
    session.variables.set(name, words === undefined ? dynamicText : last ? words.slice(index).join(' ') : (words[index] ?? ''));
  }
  return undefined;
};

const readLines: Builtin = (args, input, session) => {
  const name = args.findLast((arg) => /^[A-Za-z_]\w*$/.test(arg)) ?? 'MAPFILE';
  session.arrays.set(name, input === undefined ? [dynamicText] : input.replace(/\n$/, '').split('\n').slice(0, 256));
  return undefined;
};

const source: Builtin = (args, input, session) => {
  const [path, ...rest] = args;
  if (path === undefined) return undefined;
  const text = path === '/dev/stdin' || path === '-' ? input : session.read(path);
  if (text === undefined && path.startsWith(dynamicText)) return { source: dynamicText };
  return text === undefined ? undefined : { source: text, args: rest };
};

const alias: Builtin = (args, _input, session) => {
  for (const arg of args) {
    const at = arg.indexOf('=');
    if (at > 0) session.aliases.set(arg.slice(0, at), arg.slice(at + 1));
  }
  return undefined;
};

/** Copies and links of programs and of texts keep what they are under the new name. */
const copy: Builtin = (args, _input, session) => {
  const words = args.filter((arg) => !arg.startsWith('-'));
  const target = words.at(-1);
  if (target === undefined || words.length < 2) return undefined;
  if (args.some((arg) => /^-\w*[rRa]/.test(arg) || arg === '--recursive' || arg === '--archive')) session.filledDirectory(target);
  for (const from of words.slice(0, -1)) {
    const into = target.endsWith('/') || words.length > 2 ? `${target}/${baseName(from)}` : target;
    if (session.resolve(into) !== session.resolve(from)) session.origins.copied(session.resolve(into), [session.resolve(from)]);
    const name = programName(from, session);
    if (
      /^(?:git|hub|gh|curl|wget|bash|sh|python[\d.]*)$/.test(name) &&
      (from.includes('/') || from.includes(dynamicText) || session.programs.has(from))
    ) {
      const place = target.endsWith('/') || /\/(?:s?bin|tmp)$/.test(target) ? `${target.replace(/\/$/, '')}/${name}` : target;
      session.programs.set(session.resolve(place), name);
      session.programs.set(baseName(place), name);
    }
    if (session.read(from) !== undefined)
      session.write(target.endsWith('/') ? `${target}${baseName(from)}` : target, session.readWhole(from));
  }
  return undefined;
};

/** An archive that is made holds its sources; one that is unpacked fills a folder. */
const archive: Builtin = (args, input, session) => {
  const makes = /^-?[A-Za-z]*c/.test(args[0] ?? '') || args.includes('--create') || args.includes('-c');
  if (!makes) return filled(args, input, session);
  const at = args.findIndex((arg) => /^-?[A-Za-z]*f$/.test(arg));
  const file = args[at + 1];
  const sources = args.slice(at + 2).filter((arg, index) => !arg.startsWith('-') && args[at + 1 + index] !== '-C');
  if (at !== -1 && file !== undefined && file !== '-')
    session.origins.copied(
      session.resolve(file),
      sources.map((one) => session.resolve(one)),
    );
  return undefined;
};

const zipped: Builtin = (args, _input, session) => {
  const [file, ...sources] = args.filter((arg) => !arg.startsWith('-'));
  if (file === undefined) return undefined;
  const name = file.endsWith('.zip') || file.endsWith('.7z') ? file : `${file}.zip`;
  session.origins.copied(
    session.resolve(name),
    sources.map((one) => session.resolve(one)),
  );
  return undefined;
};

/** `dd if=A of=B` */
const blocks: Builtin = (args, _input, session) => {
  const [from, to] = ['if=', 'of='].map((name) => args.find((arg) => arg.startsWith(name))?.slice(3));
  if (from !== undefined && to !== undefined) session.origins.copied(session.resolve(to), [session.resolve(from)]);
  return undefined;
};

const filled: Builtin = (args, _input, session) => {
  const at = args.findIndex((arg) => arg === '-C' || arg === '-d');
  const target = at === -1 ? args.at(-1) : args[at + 1];
  if (target === undefined || target.startsWith('-')) return undefined;
  const fixture = fixtureArchive(args);
  if (fixture !== undefined && at !== -1) session.unpackedFixture(target, baseName(fixture).replace(/\.(?:tar\.)?\w+$/, ''));
  else session.filledDirectory(target);
  return undefined;
};

const builtins: Record<string, Builtin> = nameTable({
  cd: changeDirectory,
  pushd: changeDirectory,
  popd(_args, _input, session) {
    session.directory = '';
    return undefined;
  },
  export: declare,
  declare,
  typeset: declare,
  local: declare,
  readonly: declare,
  read: readInput,
  mapfile: readLines,
  readarray: readLines,
  source,
  '.': source,
  alias,
  set(args, _input, session) {
    const at = args.indexOf('--');
    const words =
      at === -1 ? (args[0]?.startsWith('-') === true || args[0]?.startsWith('+') === true ? undefined : args) : args.slice(at + 1);
    if (words !== undefined && words.length > 0) session.arrays.set('@', words);
    return undefined;
  },
  shift(args, _input, session) {
    session.arrays.set('@', (session.arrays.get('@') ?? []).slice(Number(args[0] ?? 1) || 1));
    return undefined;
  },
  unset(args, _input, session) {
    for (const name of args) session.variables.delete(name);
    return undefined;
  },
  unalias(args, _input, session) {
    for (const name of args) session.aliases.delete(name);
    return undefined;
  },
  printf(args, input, session) {
    const at = args.indexOf('-v');
    const name = args[at + 1];
    if (at !== -1 && name !== undefined)
      session.variables.set(name, knownOutput(['printf', ...args.slice(at + 2)], input, session) ?? dynamicText);
    return undefined;
  },
  hash(args, _input, session) {
    const at = args.indexOf('-p');
    const [path, name] = args.slice(at + 1);
    if (at !== -1 && path !== undefined && name !== undefined) session.programs.set(name, programName(path, session));
    return undefined;
  },
  tee(args, input) {
    const path = args.find((arg) => !arg.startsWith('-'));
    return path === undefined ? undefined : { written: { path, text: input, append: args.includes('-a') } };
  },
  mkdir(args, _input, session) {
    for (const arg of args) if (!arg.startsWith('-')) session.madeDirectory(arg);
    return undefined;
  },
  cp: copy,
  mv: copy,
  ln: copy,
  install: copy,
  rsync: copy,
  tar: archive,
  bsdtar: archive,
  zip: zipped,
  dd: blocks,
  unzip: filled,
});
