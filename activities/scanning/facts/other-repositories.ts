import { isFixturePlace } from '../extraction/fixture-places.ts';
import type { ShellSession } from '../extraction/shell-session.ts';
import { copyOfProject } from './copies.ts';
import type { FileAccess } from './file-access.ts';
import type { GitUse } from './git-use.ts';
import { placeOf } from './places.ts';
import type { Surroundings } from './surroundings.ts';

/** Git commands that show content, history or names of the repository that they act on. */
const shows =
  /^(?:log|show|diff|difftool|blame|annotate|cat-file|grep|rev-list|shortlog|whatchanged|ls-tree|archive|format-patch|branch|tag|for-each-ref|show-ref|reflog|show-branch|stash|fast-export|bundle)$/;

/**
 * A repository on the machine that is neither the task's own, nor named by the prompt, nor made in the run, and that a
 * git command looks into or takes commits from: another workspace, a bundle, a mirror, a cached clone of the project.
 */
export function otherRepository(use: GitUse, surroundings: Surroundings): FileAccess | undefined {
  const { subcommand, action, words } = use;
  if (shows.test(subcommand)) return foreignRepository(use.directory, '', surroundings);
  const from = /^(?:clone|fetch|pull|ls-remote)$/.test(subcommand)
    ? words[0]
    : subcommand === 'remote' && /^(?:add|set-url)$/.test(action)
      ? words[1]
      : undefined;
  return from === undefined || !/^(?:file:\/\/)?[/~.]/.test(from) ? undefined : foreignRepository(from, use.directory, surroundings);
}

function foreignRepository(given: string, directory: string, surroundings: Surroundings): FileAccess | undefined {
  const path = surroundings.tree.resolved(given, directory);
  if (!/^[/~][\w./~@+-]+$/.test(path) || surroundings.tree.isInside(path) || surroundings.isMade(path) || surroundings.isGiven(path))
    return undefined;
  if (copyOfProject(`${path}/.git`, surroundings.project) === 'kept') return { path: given, kind: 'published_copy' };
  if (!surroundings.tree.placed || placeOf(path) !== 'elsewhere' || path.length <= 2) return undefined;
  return { path: given, kind: surroundings.tree.isBeside(path) ? 'published_copy' : 'git_history' };
}

/** A repository among the project's fixtures: part of the tree, unless a history was copied there in the run. */
export function isFixtureRepository(directory: string, session: ShellSession, surroundings: Surroundings): boolean {
  return isFixturePlace(directory) && surroundings.tree.isInside(directory) && !session.isFilled(directory);
}

const inflates = /\b(?:zlib|[Ii]nflate\w*|decompress\w*|[Uu]ncompress\w*|Inflater\w*|ZlibDecoder|DeflateStream|Zlib)\b/;

/** The place whose objects of git a program unpacks by itself, in whatever language. */
export function objectsUnpacked(code: string): string | undefined {
  if (!code.includes('.git') || !code.includes('objects') || !inflates.test(code)) return undefined;
  // A program that makes its repository first unpacks its own.
  if (/\b(?:mkdtemp|TemporaryDirectory|tmp_?(?:path|dir)|mktemp|init\w*)\b/i.test(code)) return undefined;
  return /["'`]((?:[^"'`\s]*\/)?\.git(?:\/[^"'`\s]*)?)["'`]/.exec(code)?.[1];
}

/**
 * A clone that the product made of the agent's own repositories: in a temporary place that the run made, while there are
 * such repositories, and where no history was brought from elsewhere.
 */
export function isOfOwnRun(directory: string, session: ShellSession, surroundings: Surroundings): boolean {
  return (
    /^\/(?:tmp|var\/tmp|dev\/shm)\/./.test(directory) &&
    session.hasOwnRepository &&
    !session.isFilled(directory) &&
    (session.isInMade(directory) || surroundings.isMade(directory))
  );
}
