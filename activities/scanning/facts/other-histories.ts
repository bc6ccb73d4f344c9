import type { FileAccess } from './file-access.ts';
import type { Surroundings } from './surroundings.ts';

/** Revisions beyond the one that is checked out, in the languages of revisions of Mercurial, Sapling and Jujutsu. */
const beyond = /(?:\b(?:all|heads?|bookmarks|remote_bookmarks|visible_heads|descendants|children)\(|\btip\b|::(?:\s|$)|\.\.\s*$|@\+)/;
const withRevisions = /^(?:log|diff|export|cat|update|up|checkout|co|goto|annotate|blame|show|files?|revert|restore|new|edit|grep)\b/;
const listsAll: Record<string, RegExp> = {
  hg: /^(?:heads|incoming|in|outgoing|parents -r tip)\b/,
  chg: /^(?:heads|incoming|in)\b/,
  sl: /^(?:heads|incoming|smartlog|ssl|isl)\b/,
  jj: /^(?:op(?:eration)? (?:log|show|diff|restore)|(?:bookmark|branch|tag) list\b.*(?:-a\b|--all))/,
  bzr: /^(?:heads|missing)\b/,
  brz: /^(?:heads|missing)\b/,
  fossil: /^(?:timeline|leaves)\b/,
};
const ownRepository = /\b(?:hg|chg|sl|bzr|brz|fossil) (?:init|clone|new)\b|\bjj (?:git )?(?:init|clone)\b|\bgit init\b/;

/** A look at later history by a tool other than git, in a repository that the run did not make. */
export function otherHistory(program: string, argv: readonly string[], surroundings: Surroundings): FileAccess | undefined {
  const lists = Object.hasOwn(listsAll, program) ? listsAll[program] : undefined;
  if (lists === undefined || argv[0]?.includes('/')) return undefined;
  const words = argv
    .slice(1)
    .filter((word) => !/^--(?:no-pager|color|pager)/.test(word))
    .join(' ');
  const isLater = lists.test(words) || (withRevisions.test(words) && beyond.test(words));
  if (!isLater || surroundings.everCalled(ownRepository) || isProject(program, surroundings)) return undefined;
  return { path: `${program} ${words}`, kind: 'git_history' };
}

function isProject(program: string, { project: { repo = '' } }: Surroundings): boolean {
  const parts = repo.toLowerCase().split(/[/._-]/);
  return parts.includes(program) || (program === 'sl' && parts.includes('sapling')) || (program === 'hg' && parts.includes('mercurial'));
}
