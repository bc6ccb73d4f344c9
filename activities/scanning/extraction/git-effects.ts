import { posix } from 'node:path';
import type { GitCommand } from './git-command.ts';
import { isFixturePlace } from './fixture-places.ts';
import { dynamicText } from './shell-syntax.ts';
import type { ShellSession } from './shell-session.ts';

/** Options of the commands below whose value is the next word. */
const valued =
  /^(?:-b|--initial-branch|--template|--object-format|--ref-format|--separate-git-dir|-o|--origin|--branch|--depth|-c|--config|-u|--upload-pack|--reference|-j|--jobs|--filter|-B|--reason|-t|-m)$/;

/**
 * Remembers which repositories the agent makes, and which places it fills with a history from elsewhere. A clone of its own
 * repository is its own, and so is one that fetches from nothing but its own.
 */
export function noteRepositories(git: GitCommand, session: ShellSession): void {
  const words = git.args.filter((arg, at) => !arg.startsWith('-') && !valued.test(git.args[at - 1] ?? ''));
  const [first = '', second, third] = words;
  const place = git.directory;
  const at = (path: string) =>
    /^[/~]/.test(path) || path.startsWith(dynamicText) || place === '' ? session.resolve(path) : posix.join(place, path);
  const isOwn = (source: string) => {
    const path = source.replace(/^file:\/\//, '');
    return path !== dynamicText && !/:\/\/|^[\w.@-]+:/.test(path) && session.isOwnRepository(at(path));
  };
  const filled = () => {
    if (place !== '') session.filledDirectory(place);
  };
  switch (git.subcommand) {
    case 'init': {
      const directory = first === '' ? place : at(first);
      if (directory !== '') session.madeRepository(directory);
      return;
    }
    case 'clone': {
      const target = at(
        second ??
          first
            .replace(/\/+$/, '')
            .replace(/^.*[/:]/, '')
            .replace(/\.git$/, ''),
      );
      if (isOwn(first) || (first.endsWith('.bundle') && isFixturePlace(first))) session.ownRepository(target);
      else session.filledDirectory(target);
      return;
    }
    case 'worktree':
      if (first !== 'add' || second === undefined) return;
      if (place !== '' && session.isOwnRepository(place)) session.ownRepository(at(second));
      else session.filledDirectory(at(second));
      return;
    case 'fetch':
    case 'pull':
      // A remote by its name was judged when it was set up.
      if ((/[/:]/.test(first) || first === dynamicText) && !isOwn(first)) filled();
      return;
    case 'remote':
      if (/^(?:add|set-url)$/.test(first) && third !== undefined && !isOwn(third)) filled();
      return;
    case 'config': {
      const key = words.findIndex((word) => /^remote\..+\.url$/i.test(word));
      const value = key === -1 ? undefined : words[key + 1];
      if (value !== undefined && !isOwn(value)) filled();
    }
  }
}

/** Whether git is told to look for objects elsewhere than in the repository that it acts on. */
export function borrowsObjects(environment: Readonly<Record<string, string>>): boolean {
  return environment['GIT_OBJECT_DIRECTORY'] !== undefined || environment['GIT_ALTERNATE_OBJECT_DIRECTORIES'] !== undefined;
}

/** Without any of these, the others that git reads change nothing that is asked here. */
const telling = ['GIT_DIR', 'GIT_CONFIG_COUNT', 'GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES'];

/** Variables of the session that git reads from its environment. */
export function exportedGitVariables({ variables }: ShellSession): Record<string, string> {
  if (!telling.some((name) => variables.has(name))) return {};
  const out: Record<string, string> = {};
  for (const [name, value] of variables)
    if (/^GIT_(?:DIR$|CONFIG_|OBJECT_DIRECTORY$|ALTERNATE_OBJECT_DIRECTORIES$)/.test(name)) out[name] = value;
  return out;
}
