import type { Command } from '../extraction/command.ts';
import { borrowsObjects } from '../extraction/git-effects.ts';
import { parseGit } from '../extraction/git-command.ts';
import { programName } from '../extraction/program-name.ts';
import type { ShellSession } from '../extraction/shell-session.ts';
import { type Address, addressesOf, addressKind, isLocalSource, isNetworkClient } from './addresses.ts';
import { copyInCode, pathsInCode } from './copies-in-code.ts';
import { type EnvironmentUse, environmentUse, printsEnvironment } from './environment.ts';
import { fileAccesses, type FileAccess } from './file-access.ts';
import { type GitUse, gitUse } from './git-use.ts';
import { hiddenSearch, isSearcher } from './machine-search.ts';
import { isPackageManager, type PackageRequest, packageAddresses, packagesInCode, packagesOf } from './packages.ts';
import { mayRead } from './paths-read.ts';
import type { Project } from './project.ts';
import type { RepositoryKnowledge, Standing } from './repository-knowledge.ts';
import { shownRevisions } from './shown-revisions.ts';
import type { Surroundings } from './surroundings.ts';

/** A revision that a git command can show, with its standing. */
interface NamedRevision {
  text: string;
  standing: Standing;
}

/** All that rules may ask of a command. */
export interface CommandFacts {
  command: Command;
  program: string;
  /** The words behind the program, joined by blanks. */
  words: string;
  git: (GitUse & { named: NamedRevision[] }) | undefined;
  addresses: Address[];
  packages: PackageRequest[];
  files: FileAccess[];
  /** What it searches the machine for, when that is something a task hides. */
  search: string | undefined;
  /** Environment variables that it prints, when they may hold what a task hides. */
  environment: EnvironmentUse | undefined;
}

/** Works out a command's facts. Git in a repository that the agent made itself has none. */
export function commandFacts(
  command: Command,
  session: ShellSession,
  surroundings: Surroundings,
  repository: RepositoryKnowledge,
): CommandFacts {
  const { project } = surroundings;
  const [word = '', ...args] = command.argv;
  const program = programName(word, session);
  const roles = rolesOf(program);
  const direct = program === 'git' || program === 'hub' || program.startsWith('git-') ? gitOf(program, command, session) : undefined;
  const assumed = direct ?? assumedGit(word, command, session);
  const asksHelp = args.length <= 3 && (args.includes('--help') || args.at(-1) === '-h');
  const asked = assumed === undefined ? [] : gitAddresses(assumed, surroundings);
  // What an own repository asks of its own remotes is its own; another's address stays another's.
  const abroad = asked.some(({ text, kind }) => kind === 'upstream' && /[/:\uFFFC]/.test(text));
  const git =
    assumed === undefined || asksHelp || (session.isOwnRepository(assumed.directory) && !abroad && !borrowsObjects(command.environment))
      ? undefined
      : { ...assumed, named: namedRevisions(assumed, repository) };
  return {
    command,
    program,
    words: args.join(' '),
    git,
    addresses: [
      ...(roles.client ? addressesOf(program, command.argv, surroundings) : []),
      ...asked.filter(({ text, kind }) => kind !== 'local' || !session.isOwnRepository(session.resolve(text))),
      ...(roles.manager ? packageAddresses(program, command.argv).map((text) => ({ text, kind: addressKind(text, surroundings) })) : []),
    ],
    packages: packagesAsked(program, command, roles, project),
    files: filesOf(program, command, roles, session, surroundings),
    search: roles.searcher ? hiddenSearch(program, command, surroundings) : undefined,
    environment: roles.environment ? environmentUse(program, command, surroundings) : undefined,
  };
}

/** Interpreters without a reader of their own here: their programs are judged by their text. */
const otherInterpreters =
  /^(?:Rscript|R|julia|erl|elixir|iex|emacs|nvim|clojure|clj|bb|scala|ghc|runghc|ocaml|swipl|guile|racket|sbcl|pwsh|crystal|nim|groovy|jshell|octave)$/;

function filesOf(program: string, command: Command, roles: Roles, session: ShellSession, surroundings: Surroundings): FileAccess[] {
  if (program === 'code' || otherInterpreters.test(program)) {
    const copy = copyInCode(command, surroundings);
    if (copy !== undefined) return [{ path: copy, kind: 'published_copy' }];
    const opened = pathsInCode(command.argv.slice(1).join(' '));
    return opened.length === 0
      ? []
      : fileAccesses('cat', { ...command, argv: ['cat', ...opened] }, surroundings, (path) => session.wrote(path));
  }
  if (!roles.reader) return [];
  const isOwn = (path: string) => session.isOwnRepository(path.startsWith('/') ? path : `${command.directory}/${path}`);
  return fileAccesses(program, command, surroundings, (path) => session.wrote(path)).filter(
    ({ kind, path }) => !((kind === 'git_history' || kind === 'git_objects') && isOwn(path)),
  );
}

function packagesAsked(program: string, { argv }: Command, roles: Roles, project: Project): PackageRequest[] {
  if (roles.manager) return packagesOf(program, argv, project);
  return program === 'code' || program === 'perl' || otherInterpreters.test(program)
    ? packagesInCode(argv.slice(1).join(' '), project)
    : [];
}

interface Roles {
  client: boolean;
  manager: boolean;
  reader: boolean;
  searcher: boolean;
  environment: boolean;
}

const rolesByProgram = new Map<string, Roles>();

/** What a program can do, by its name: asked for every command, so kept. */
function rolesOf(program: string): Roles {
  const known = rolesByProgram.get(program);
  if (known !== undefined) return known;
  const roles = {
    client: isNetworkClient(program),
    manager: isPackageManager(program),
    reader: mayRead(program),
    searcher: isSearcher(program),
    environment: printsEnvironment(program),
  };
  if (rolesByProgram.size > 4_000) rolesByProgram.clear();
  rolesByProgram.set(program, roles);
  return roles;
}

function gitOf(program: string, command: Command, session: ShellSession): GitUse {
  return gitUse(parseGit(program, command.argv, command.directory, command.environment, session));
}

/** A command whose program only the shell knows, but whose words are those of git. */
function assumedGit(word: string, command: Command, session: ShellSession): GitUse | undefined {
  const [, first = '', second = ''] = command.argv;
  if (!word.includes('\uFFFC')) return undefined;
  const subcommand =
    /^(?:log|reflog|fsck|show|rev-list|cat-file|for-each-ref|cherry-pick|ls-remote|fetch|blame|stash|branch|checkout|diff)$/;
  return subcommand.test(first) && (second === '' || /^-|HEAD|\/|^[0-9a-f]{7,}/.test(second)) ? gitOf('git', command, session) : undefined;
}

/** The revisions that the command can show, each with its standing. */
function namedRevisions(use: GitUse, repository: RepositoryKnowledge): NamedRevision[] {
  const shown = shownRevisions(use, ({ text, certain }) => repository.standing(text, certain) === 'fair');
  return shown.map(({ text, certain }) => ({ text, standing: repository.standing(text, certain) }));
}

function gitAddresses(use: GitUse, surroundings: Surroundings): Address[] {
  const { subcommand, action, words, flags } = use;
  const source = (text: string | undefined): Address[] => {
    if (text === undefined || (/^[\w.-]+$/.test(text) && !/^\.{1,2}$/.test(text)))
      return [{ text: text ?? 'the default remote', kind: 'upstream' }];
    return [{ text, kind: isLocalSource(text) ? 'local' : addressKind(text.replace(/^[\w.-]+@([\w.-]+):/, 'https://$1/'), surroundings) }];
  };
  switch (subcommand) {
    case 'clone': {
      const [from = ''] = words;
      return [
        { text: from, kind: isLocalSource(from) ? 'local' : addressKind(from.replace(/^[\w.-]+@([\w.-]+):/, 'https://$1/'), surroundings) },
      ];
    }
    case 'fetch':
    case 'pull':
    case 'ls-remote':
    case 'fetch-pack':
    case 'http-fetch':
      return flags.includes('--get-url') ? [] : source(words[0]);
    case 'remote': {
      if (/^(?:add|set-url)$/.test(action)) return source(words[1]);
      return /^(?:update|prune|set-head)$/.test(action) || (action === 'show' && words.length > 0 && !flags.includes('-n'))
        ? source(undefined)
        : [];
    }
    case 'submodule':
      return action === 'update' || action === 'add' ? [{ text: 'submodules', kind: 'upstream' }] : [];
    case 'lfs':
      return /^(?:pull|fetch|clone)$/.test(action) ? source(undefined) : [];
    case 'svn':
      return /^(?:clone|fetch|rebase)$/.test(action) ? source(undefined) : [];
    case 'subtree':
      return action === 'add' || action === 'pull' ? source(words.find((word) => word.includes('/') && word.includes(':'))) : [];
    case 'archive':
      return flags.includes('--remote') ? source(undefined) : [];
    default:
      return /^remote-(?:https?|ftp|git)$/.test(subcommand) ? source(words[1]) : [];
  }
}
