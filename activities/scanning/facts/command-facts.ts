import type { Command } from '../extraction/command.ts';
import { borrowsObjects } from '../extraction/git-effects.ts';
import { parseGit } from '../extraction/git-command.ts';
import { programName } from '../extraction/program-name.ts';
import type { ShellSession } from '../extraction/shell-session.ts';
import { type Address, addressesOf, addressKind, isLocalSource, isNetworkClient } from './addresses.ts';
import { copyInCode, pathsInCode } from './copies-in-code.ts';
import { type EnvironmentUse, environmentUse, printsEnvironment } from './environment.ts';
import { fileAccesses, type FileAccess } from './file-access.ts';
import { filesInCode, opensArchives } from './files-in-code.ts';
import { foreignSource, mayAskSource } from './foreign-sources.ts';
import { type GitUse, gitUse } from './git-use.ts';
import { hiddenSearch, isSearcher } from './machine-search.ts';
import { isOffline, isPackageTool, shownByTool, takenFromStore } from './local-stores.ts';
import { isPackageManager, type PackageRequest, packageAddresses, packagesInCode, packagesOf } from './packages.ts';
import { isFixtureRepository, isOfOwnRun, objectsUnpacked, otherRepository } from './other-repositories.ts';
import { mayRead } from './paths-read.ts';
import type { Project } from './project.ts';
import type { RepositoryKnowledge, Standing } from './repository-knowledge.ts';
import { copyFound } from './search-hits.ts';
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
  const direct = isGit(program) ? gitOf(program, command, session) : undefined;
  const assumed = direct ?? assumedGit(word, command, session);
  const asksHelp = args.length <= 3 && (args.includes('--help') || args.at(-1) === '-h');
  const asked = assumed === undefined ? [] : gitAddresses(assumed, surroundings).filter(({ text }) => !repository.isOwnRemote(text));
  // What an own repository asks of its own remotes is its own; another's address stays another's.
  const abroad = asked.some(({ text, kind }) => kind === 'upstream' && /[/:\uFFFC]/.test(text));
  const git =
    assumed === undefined ||
    asksHelp ||
    ((session.isOwnRepository(assumed.directory) ||
      isFixtureRepository(assumed.directory, session, surroundings) ||
      isOfOwnRun(assumed.directory, session, surroundings)) &&
      !abroad &&
      !borrowsObjects(command.environment))
      ? undefined
      : { ...assumed, named: namedRevisions(assumed, repository) };
  const packages = packagesAsked(program, command, roles, project);
  const offline = packages.length > 0 && isOffline(program, command.argv, surroundings.source);
  const addresses = [
    ...(roles.client ? addressesOf(program, command.argv, surroundings) : []),
    ...asked.filter(({ text, kind }) => kind !== 'local' || !session.isOwnRepository(session.resolve(text))),
    ...(roles.manager ? packageAddresses(program, command.argv).map((text) => ({ text, kind: addressKind(text, surroundings) })) : []),
  ];
  const source = roles.source || addresses.length > 0 ? foreignSource(program, command, addresses, surroundings) : undefined;
  return {
    command,
    program,
    words: args.join(' '),
    git,
    addresses,
    packages: offline ? [] : packages,
    files: [
      ...filesOf(program, command, roles, session, surroundings, git),
      ...(source === undefined ? [] : [source]),
      ...(offline ? takenFromStore(packages, command, surroundings) : []),
      ...(roles.searcher && program !== 'code' ? copyFound(command, surroundings) : []),
      ...(isPackageTool(program) ? shownByTool(program, command, surroundings) : []),
    ],
    search: roles.searcher ? hiddenSearch(program, command, surroundings) : undefined,
    environment: roles.environment ? environmentUse(program, command, surroundings) : undefined,
  };
}

/** Interpreters without a reader of their own here: their programs are judged by their text. */
const otherInterpreters =
  /^(?:Rscript|R|julia|erl|elixir|iex|emacs|nvim|clojure|clj|bb|scala|ghc|runghc|ocaml|swipl|guile|racket|sbcl|pwsh|crystal|nim|groovy|jshell|octave)$/;

function filesOf(
  program: string,
  command: Command,
  roles: Roles,
  session: ShellSession,
  surroundings: Surroundings,
  git: GitUse | undefined,
): FileAccess[] {
  // A temporary folder that a program made holds its own repository.
  const isOwn = (path: string) =>
    /^\/tmp\/python-\d+\//.test(path) || session.isOwnRepository(path.startsWith('/') ? path : `${command.directory}/${path}`);
  const accesses = (reader: string, reading: Command) =>
    fileAccesses(reader, reading, surroundings, (path) => session.wrote(path)).filter(
      ({ kind, path }) => !((kind === 'git_history' || kind === 'git_objects') && isOwn(path)),
    );
  if (program === 'code' || otherInterpreters.test(program)) {
    const copy = copyInCode(command, surroundings);
    if (copy !== undefined) return [{ path: copy, kind: 'published_copy' }];
    const [, language, code = ''] = command.argv;
    const whole = command.argv.slice(1).join(' ');
    const objects = objectsUnpacked(whole);
    if (objects !== undefined && !session.isOwnRepository(session.resolve(objects.replace(/\/?\.git(?:\/.*)?$/, '') || '.')))
      return [{ path: objects, kind: 'git_objects' }];
    const opened = pathsInCode(whole, language, () => (program === 'code' ? session.fileHolding(code) : undefined));
    const read = opened.length === 0 ? [] : accesses('cat', { ...command, argv: ['cat', ...opened] });
    if (read.length > 0) return read;
    const named = filesInCode(whole);
    const reader = opensArchives(whole) ? 'unzip' : 'reader';
    if (named.length === 0 && (program === 'emacs' || program === 'nvim')) return accesses(program, command);
    return named.length === 0 ? [] : accesses(reader, { ...command, argv: [reader, ...named] });
  }
  if (!roles.reader) return [];
  const other = git === undefined ? undefined : otherRepository(git, surroundings);
  if (other !== undefined) return [other];
  return accesses(program, command);
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
  source: boolean;
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
    source: mayAskSource(program),
  };
  if (rolesByProgram.size > 4_000) rolesByProgram.clear();
  rolesByProgram.set(program, roles);
  return roles;
}

/** git itself, and programs that take its words. */
function isGit(program: string): boolean {
  return program === 'git' || program === 'hub' || program === 'jgit' || program === 'gix' || program.startsWith('git-');
}

function gitOf(program: string, command: Command, session: ShellSession): GitUse {
  const use = gitUse(parseGit(program, command.argv, command.directory, command.environment, session));
  const { fed } = command;
  if (fed !== undefined && readsRevisions(use))
    for (const line of fed.split('\n', 200)) {
      const [text = ''] = line.trim().split(/\s/);
      if (text !== '' && !text.startsWith('-')) use.revisions.push({ text, certain: true });
    }
  return use;
}

/** Commands that take what they are to show from their standard input. */
function readsRevisions({ subcommand, flags }: GitUse): boolean {
  if (subcommand === 'cat-file') return flags.some((flag) => /^--batch(?:-check|-command)?$/.test(flag));
  return flags.includes('--stdin') && /^(?:log|show|rev-list|diff-tree|cherry-pick|shortlog|whatchanged|archive)$/.test(subcommand);
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
