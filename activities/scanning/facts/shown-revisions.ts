import type { GitUse } from './git-use.ts';

type Revision = GitUse['revisions'][number];

const head: Revision = { text: 'HEAD', certain: true };

/** Commands that walk from the revisions they are given and stop at those that are excluded. */
const walkers =
  /^(?:log|shortlog|whatchanged|rev-list|show|format-patch|fast-export|bundle|cherry-pick|revert|filter-branch|pack-objects|backfill|last-modified|notes)$/;

/**
 * The revisions whose content or names a git command's output can hold. What stands on the excluded side of a range only
 * cuts away from the past of the other side, and of commands that answer with a number, a relation or an exit code nothing
 * is shown at all. `isFair` says whether a revision belongs to the past of HEAD or was made in the run.
 */
export function shownRevisions(use: GitUse, isFair: (revision: Revision) => boolean): Revision[] {
  const { subcommand, action, flags, revisions } = use;
  const has = (...names: string[]) => names.some((name) => flags.includes(name));
  if (subcommand === 'diff' || subcommand === 'difftool') return has('--quiet') ? [] : diffed(revisions, has('--merge-base'));
  if (subcommand === 'rev-list' && has('--count')) return [];
  if (subcommand === 'cat-file' && has('-e', '-t')) return [];
  if (subcommand === 'rev-parse' && has('--abbrev-ref', '--symbolic-full-name', '--symbolic', '--is-ancestor'))
    return revisions.filter(({ text }) => !/@\{(?:u|upstream|push)\}/i.test(text));
  if (subcommand === 'merge-base') return mergeBases(use, isFair);
  // `git cherry UPSTREAM [HEAD]` lists what HEAD has and the other side lacks.
  if (subcommand === 'cherry') return [revisions[1] ?? head];
  if (subcommand === 'bisect') return bisected(action, revisions);
  if (subcommand === 'range-diff') return rangesCompared(revisions);
  // A reverse blame of a single revision goes on to HEAD, and begins with what it finds there.
  if (subcommand === 'blame' || subcommand === 'annotate') return revisions.flatMap(end);
  if (!walkers.test(subcommand)) return revisions;
  const oneSide = has('--right-only', '--cherry') ? 'right' : has('--left-only') ? 'left' : undefined;
  const [only] = revisions;
  // A single revision given to format-patch is where the series starts, unless a number or --root says otherwise.
  if (subcommand === 'format-patch' && revisions.length === 1 && only !== undefined && !has('-n', '--root') && rangeOf(only) === undefined)
    return [head];
  return revisions.flatMap((revision) => walked(revision, oneSide));
}

/** A range taken apart; undefined for anything else. */
function rangeOf({ text }: Revision): { left: Revision; dots: string; right: Revision } | undefined {
  const match = /^([^.].*?|)(\.{2,3})(|[^./].*)$/.exec(text);
  if (match === null || /^\.{2,3}$/.test(text) || text.includes('/../')) return undefined;
  const side = (name: string): Revision => (name === '' ? head : { text: name, certain: true });
  return { left: side(match[1] ?? ''), dots: match[2] ?? '', right: side(match[3] ?? '') };
}

function walked(revision: Revision, oneSide: 'left' | 'right' | undefined): Revision[] {
  if (revision.text.startsWith('^')) return [];
  const range = rangeOf(revision);
  if (range === undefined) return [revision];
  if (range.dots === '..') return [range.right];
  return oneSide === 'right' ? [range.right] : oneSide === 'left' ? [range.left] : [range.left, range.right];
}

/** Both sides of a comparison are shown; of `A...B`, only what B has since it left A. */
function diffed(revisions: readonly Revision[], fromMergeBase: boolean): Revision[] {
  const shown = revisions.flatMap((revision) => {
    const range = rangeOf(revision);
    if (range === undefined) return [revision];
    return range.dots === '...' ? [range.right] : [range.left, range.right];
  });
  return fromMergeBase ? (shown.length > 1 ? shown.slice(1) : []) : shown;
}

function mergeBases({ flags, revisions }: GitUse, isFair: (revision: Revision) => boolean): Revision[] {
  if (flags.includes('--is-ancestor')) return [];
  if (flags.includes('--independent')) return revisions;
  // A common ancestor of a fair revision and any other is fair itself.
  const given = flags.includes('--fork-point') && revisions.length === 1 ? [...revisions, head] : revisions;
  return given.some(isFair) ? [] : revisions;
}

/** A bisection visits commits between the good ones and the bad one: all of them ancestors of the bad one. */
function bisected(action: string, revisions: readonly Revision[]): Revision[] {
  if (/^(?:good|old)$/.test(action)) return [];
  return action === 'start' ? revisions.slice(0, 1) : [...revisions];
}

function rangesCompared(revisions: readonly Revision[]): Revision[] {
  if (revisions.length === 3) return revisions.slice(1);
  return revisions.flatMap((revision) => (rangeOf(revision)?.dots === '..' ? end(revision) : bothEnds(revision)));
}

function end(revision: Revision): Revision[] {
  if (revision.text.startsWith('^')) return [];
  return [rangeOf(revision)?.right ?? revision];
}

function bothEnds(revision: Revision): Revision[] {
  const range = rangeOf(revision);
  return range === undefined ? [revision] : [range.left, range.right];
}
