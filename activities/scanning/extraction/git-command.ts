import type { ShellSession } from './shell-session.ts';

/** A git command line taken apart. */
export interface GitCommand {
  /** Empty for git without a subcommand. */
  subcommand: string;
  /** Words behind the subcommand. */
  args: string[];
  /** Repository that it acts on: `-C`, `--git-dir`, GIT_DIR or the working directory; empty while unknown. */
  directory: string;
  /** `-c key=value` and the like. */
  settings: [key: string, value: string][];
}

const valued = new Set([
  '-C',
  '-c',
  '--git-dir',
  '--work-tree',
  '--namespace',
  '--exec-path',
  '--super-prefix',
  '--config-env',
  '--attr-source',
]);

/** Reads git's global options. `argv[0]` may also be a program of git's exec folder: `git-log`. */
export function parseGit(
  program: string,
  argv: string[],
  directory: string,
  environment: Readonly<Record<string, string>>,
  session: ShellSession,
): GitCommand {
  const settings: [string, string][] = environmentSettings(environment);
  let place = environment['GIT_DIR'] ?? directory;
  const [, ...words] = argv;
  const direct = /^git-(.+)/.exec(program);
  if (direct?.[1] !== undefined) return { subcommand: direct[1], args: words, directory: place, settings };
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) break;
    const [name = '', joined] = word.startsWith('--') ? splitOnce(word, '=') : [word];
    if (!valued.has(name)) continue;
    if (name === '--exec-path' && joined === undefined) continue;
    const value = joined ?? words[(at += 1)] ?? '';
    if (name === '-C') place = value.startsWith('/') || place === '' ? session.resolve(value) : `${place}/${value}`;
    if (name === '--git-dir') place = session.resolve(value).replace(/\/\.git\/?$/, '');
    if (name === '-c') settings.push(setting(value));
    if (name === '--config-env') {
      const [key = '', variable = ''] = splitOnce(value, '=');
      settings.push([key.toLowerCase(), session.variables.get(variable) ?? '']);
    }
  }
  return { subcommand: words[at] ?? '', args: words.slice(at + 1), directory: place, settings };
}

/** What an alias stands for, from this command's own settings or from earlier ones. */
export function gitAlias(command: GitCommand, session: ShellSession): string | undefined {
  const own = command.settings.findLast(([key]) => key === `alias.${command.subcommand.toLowerCase()}`);
  return own?.[1] ?? session.gitAliases.get(command.subcommand.toLowerCase());
}

/** Shell text that git itself runs: alias bodies, hooks on rebase and bisect, pagers and editors. */
export function programsRunByGit({ subcommand, args, settings }: GitCommand): string[] {
  const out = settings
    .filter(([key]) => /^(?:core\.(?:pager|editor|sshcommand|fsmonitor)|diff\.external|pager\.\w+|sequence\.editor)$/.test(key))
    .map(([, value]) => value);
  const behind = (action: string) => args.slice(args.indexOf(action) + 1);
  if (subcommand === 'submodule' && args.includes('foreach'))
    out.push(
      behind('foreach')
        .filter((arg) => arg !== '--recursive')
        .join(' '),
    );
  if (subcommand === 'bisect' && args[0] === 'run') out.push(behind('run').join(' '));
  if (subcommand === 'for-each-repo') out.push(`git ${args.filter((arg) => !arg.startsWith('--config')).join(' ')}`);
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const follows = args[at + 1] ?? '';
    if (subcommand === 'rebase' && (arg === '-x' || arg === '--exec')) out.push(follows);
    if (subcommand === 'rebase' && arg.startsWith('--exec=')) out.push(arg.slice(7));
    if (subcommand === 'filter-branch' && arg.endsWith('-filter')) out.push(follows);
    if (subcommand === 'difftool' && (arg === '-x' || arg === '--extcmd')) out.push(follows);
    if (subcommand === 'grep' && arg.startsWith('--open-files-in-pager=')) out.push(arg.slice(22));
  }
  return out.filter((text) => text !== '');
}

/** `git config alias.x y` and `git config set alias.x y`: the alias it sets. */
export function aliasBySetting({ subcommand, args }: GitCommand): [name: string, body: string] | undefined {
  if (subcommand !== 'config') return undefined;
  const words = args.filter((arg) => !arg.startsWith('-') && arg !== 'set');
  const key = words.findIndex((word) => /^alias\./i.test(word));
  const body = words[key + 1];
  return key === -1 || body === undefined ? undefined : [(words[key] ?? '').slice(6).toLowerCase(), body];
}

/** The aliases in a git configuration file. */
export function aliasesInFile(text: string): [name: string, body: string][] {
  const section = /\[alias\]([^[]*)/gi;
  return [...text.matchAll(section)].flatMap((match) =>
    [...(match[1] ?? '').matchAll(/^\s*([\w-]+)\s*=\s*(.+)$/gm)].map((line): [string, string] => [
      (line[1] ?? '').toLowerCase(),
      (line[2] ?? '').trim().replace(/^"(.*)"$/, '$1'),
    ]),
  );
}

function environmentSettings(environment: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(environment).flatMap(([name, value]): [string, string][] => {
    const number = /^GIT_CONFIG_KEY_(\d+)$/.exec(name)?.[1];
    return number === undefined ? [] : [[value.toLowerCase(), environment[`GIT_CONFIG_VALUE_${number}`] ?? '']];
  });
}

function setting(text: string): [string, string] {
  const [key = '', value = 'true'] = splitOnce(text, '=');
  return [key.toLowerCase(), value];
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
