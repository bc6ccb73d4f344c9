import type { GitCommand } from './git-command.ts';
import type { ShellSession } from './shell-session.ts';

/** Remembers which repositories the agent makes, and which places it fills with a history from elsewhere. */
export function noteRepositories(git: GitCommand, session: ShellSession): void {
  const words = git.args.filter((arg) => !arg.startsWith('-'));
  const target = words.at(-1);
  const place = git.directory === '' ? '' : git.directory;
  if (git.subcommand === 'init') {
    const directory =
      target === undefined ? place : target.startsWith('/') || place === '' ? session.resolve(target) : `${place}/${target}`;
    if (directory !== '') session.madeRepository(directory);
  }
  if ((git.subcommand === 'clone' || git.subcommand === 'worktree') && words.length > 1 && target !== undefined)
    session.filledDirectory(target);
  if ((git.subcommand === 'fetch' || git.subcommand === 'pull') && place !== '') session.filledDirectory(place);
  if (git.subcommand === 'remote' && words[0] === 'add' && place !== '') session.filledDirectory(place);
}

/** Variables of the session that git reads from its environment. */
export function exportedGitVariables({ variables }: ShellSession): Record<string, string> {
  if (!variables.has('GIT_DIR') && !variables.has('GIT_CONFIG_COUNT')) return {};
  const out: Record<string, string> = {};
  for (const [name, value] of variables) if (/^GIT_(?:DIR$|CONFIG_)/.test(name)) out[name] = value;
  return out;
}
