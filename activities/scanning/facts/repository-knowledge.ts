import type { GitUse } from './git-use.ts';
import { looksLikePath } from './git-use.ts';
import { movesHead } from './head-moves.ts';
import type { AncestorQuestion } from './proven-ancestors.ts';
import { branchesGiven, tagsGiven, versionsReached } from './named-branches.ts';
import { beginsWithCommits, branchesPrinted, commitsPrinted, comparedVersions, hashesIn } from './printed-revisions.ts';
import { dynamicText } from '../extraction/shell-syntax.ts';

/** Whose history a revision belongs to. `path` is a word that names no revision. */
export type Standing = 'fair' | 'foreign' | 'unknown' | 'path';

export interface KnownRevisions {
  base_commit?: string | undefined;
  known_ancestors?: readonly string[] | undefined;
  future_commits?: readonly string[] | undefined;
  head_branch?: string | undefined;
}

const longestRevision = 1_000;
const remoteRef = /^(?:refs\/)?(?:remotes\/|(?:origin|upstream|fork|github|gitlab|mirror|source)(?:\/|$))/;
const pointers = /^(?:FETCH_HEAD|ORIG_HEAD|REMOTE_HEAD)$/;
const ownPointers = /^(?:HEAD|@|MERGE_HEAD|CHERRY_PICK_HEAD|REBASE_HEAD|REVERT_HEAD|BISECT_HEAD|refs\/bisect\/[\w-]+|AUTO_MERGE|WORKTREE)$/;
const branchLike =
  /^(?:refs\/(?:heads|tags)\/.+|main|master|develop|development|devel|dev|trunk|next|stable|staging|production|prod|release|gh-pages|canary|nightly|edge|latest|default|(?:releases?|feature|feat|fix|bugfix|hotfix|support|maint|maintenance|backport|pr|pull|topic|wip|user|dependabot|renovate|chore|tags|heads)[/-].+|v?\d+(?:\.(?:\d+|x))*(?:\.?x)?(?:-?(?:stable|maintenance|maint|branch|dev|lts))?|.+-(?:stable|branch|fix|dev|maint|lts))$/i;
const tagLike = /^(?:[A-Za-z][\w]*[-_/@])*v?\d+\.\d+(?:\.\d+)*(?:[.\-_]?(?:rc|alpha|beta|a|b|dev|post|pre|final|release|ga|m)\.?\d*)?$/i;
const printsHistory =
  /^(?:log|show|blame|annotate|commit|rev-parse|status|stash|shortlog|whatchanged|rev-list|merge-base|describe|bisect|reset|checkout|switch|branch|cherry|cherry-pick|revert|rebase|ls-tree|ls-files|diff|write-tree|commit-tree|hash-object|submodule|reflog|fsck)$/;
const longestObservation = 200_000;
const treeOfNothing = /^4b825dc/;

/**
 * What is known of the repository's revisions while a trajectory goes on: HEAD, the base commit, their
 * ancestors and what was made in the run are fair; everything else is foreign, or unknown where its name is
 * not known.
 */
export class RepositoryKnowledge {
  readonly #hashes = new Set<string>();
  readonly #names = new Set<string>();
  /** Short hashes that fair history printed, and those that only listings of foreign history printed. */
  readonly #printed = new Set<string>();
  readonly #printedForeign = new Set<string>();
  /** Tags that HEAD has moved on from, by what a range since them printed. */
  readonly #behind = new Set<string>();
  /** Versions of the project that the prompt has, as tags may call them: what is no later is behind HEAD. */
  readonly #reached = new Set<string>();
  /** Versions that manifests of the tree show, perhaps of the next release: what is earlier is behind HEAD. */
  readonly #coming = new Set<string>();
  /** Remotes that the agent set up. */
  readonly #remotes = new Set<string>();
  /** Remotes that are repositories of the agent's own, which hold nothing but what it pushed. */
  readonly #ownRemotes = new Set<string>();
  readonly #future: readonly string[];
  /** Stashes made in this run. */
  stashes = 0;
  /** How often the agent has moved HEAD: so many entries of the reflog are its own. */
  moves = 0;
  #moved = false;
  /** How often the run went to another branch or commit. */
  #switches = 0;

  constructor(known: KnownRevisions, prompt = '') {
    this.#future = known.future_commits ?? [];
    if (known.base_commit !== undefined) this.#hashes.add(known.base_commit.toLowerCase());
    for (const ancestor of known.known_ancestors ?? []) this.#hashes.add(ancestor.toLowerCase());
    if (known.head_branch !== undefined) this.#names.add(known.head_branch);
    this.#addHashes(prompt);
    for (const branch of branchesGiven(prompt)) this.#names.add(branch);
    for (const tag of tagsGiven(prompt)) this.#behind.add(tag);
    for (const tag of versionsReached(prompt)) this.#reached.add(tag);
  }

  /** The standing of one word; `certain` when it cannot be a path. Ranges are as foreign as their worse end. */
  standing(text: string, certain: boolean): Standing {
    if (text.length > longestRevision) return 'path';
    const range = /^(\^?)(.*?)(\.{2,3})(.*)$/.exec(text);
    if (range !== null && !text.startsWith('../') && !/^\.{2,3}$/.test(text) && !text.includes('/../')) {
      const ends = [range[2] ?? '', range[4] ?? ''].map((end) => (end === '' ? 'fair' : this.#single(end, true)));
      return ends.includes('foreign') ? 'foreign' : ends.includes('unknown') ? 'unknown' : 'fair';
    }
    return this.#single(text.replace(/^\^/, ''), certain);
  }

  #single(text: string, certain: boolean): Standing {
    if (text.includes(dynamicText))
      return text.startsWith(dynamicText) ? 'unknown' : this.#single(text.replaceAll(dynamicText, 'x'), certain);
    if (text.startsWith(':/')) return 'foreign';
    if (text.includes('^{/')) return this.#single(text.slice(0, text.indexOf('^{')), true);
    if (/^:(?:\d:)?/.test(text) && text !== ':') return 'fair';
    const colon = text.indexOf(':');
    const named = colon === -1 ? text : text.slice(0, colon);
    const wholly = certain || colon > 0;
    const reflog = /^(.*?)@\{(.*?)\}/.exec(named);
    if (reflog !== null) return this.#reflogEntry(reflog[1] ?? '', reflog[2] ?? '');
    const base = named.replace(/(?:\^\{[^}]*\}|~\d*|\^\d*|\^[@!-]\d*)+$/, '');
    return this.#name(base, wholly || base !== named);
  }

  #reflogEntry(name: string, inside: string): Standing {
    // The branches that were left before: fair as far as the agent itself left them.
    if (/^-\d+$/.test(inside)) return name !== '' || -Number(inside) <= this.#switches ? 'fair' : 'foreign';
    // The entry before the agent's first one is where HEAD stood at the beginning.
    if (inside === 'now' && /^(?:HEAD|@)?$/.test(name)) return 'fair';
    if (/^\d+$/.test(inside) && Number(inside) <= this.moves && /^(?:HEAD|@)?$/.test(name)) return 'fair';
    if (/(?:^|\/)stash$/.test(name)) return Number(inside) < this.stashes ? 'fair' : 'unknown';
    return 'foreign';
  }

  #name(name: string, certain: boolean): Standing {
    if (name === '' || ownPointers.test(name) || treeOfNothing.test(name)) return 'fair';
    if (name === '-') return this.#switches > 0 ? 'fair' : 'foreign';
    if (/^(?:refs\/)?stash$/.test(name)) return this.stashes > 0 ? 'fair' : 'unknown';
    if (this.#names.has(name) || this.#names.has(name.replace(/^(?:refs\/)?(?:heads|tags|remotes)\//, ''))) return 'fair';
    if (this.#printed.has(name)) return 'fair';
    if (this.#printedForeign.has(name)) return 'foreign';
    if (pointers.test(name)) return name === 'ORIG_HEAD' && this.#moved ? 'fair' : 'foreign';
    if (/^[0-9a-f]{4,64}$/i.test(name) && (name.length >= 7 || /\d/.test(name))) return this.#hash(name.toLowerCase(), certain);
    if (looksLikePath(name) && !certain) return 'path';
    if (this.#isBehind(name)) return 'unknown';
    const remote = /^(?:refs\/)?(?:remotes\/)?([^/]+)\//.exec(name)?.[1] ?? '';
    if (this.#ownRemotes.has(remote)) return 'fair';
    if (this.#remotes.has(remote)) return 'foreign';
    if (remoteRef.test(name) || branchLike.test(name) || tagLike.test(name)) return 'foreign';
    if (looksLikePath(name)) return 'path';
    return certain ? 'foreign' : 'unknown';
  }

  /** A tag that is older than HEAD by all that is known, though it may lie on a side branch. */
  #isBehind(name: string): boolean {
    if (this.#behind.has(name)) return true;
    if (!tagLike.test(name)) return false;
    const compared = (than: string) => comparedVersions(name, than) ?? 1;
    for (const version of this.#reached) if (compared(version) <= 0) return true;
    for (const version of this.#coming) if (compared(version) < 0) return true;
    for (const fair of this.#names) if (tagLike.test(fair) && compared(fair) <= 0) return true;
    return false;
  }

  #hash(hash: string, certain: boolean): Standing {
    if (this.#future.some((future) => future.startsWith(hash))) return 'foreign';
    for (const fair of this.#hashes) if (fair.startsWith(hash) || (fair.length >= 7 && hash.startsWith(fair))) return 'fair';
    if (/^\d+$/.test(hash) && !certain) return 'unknown';
    return hash.length >= 7 ? 'foreign' : 'unknown';
  }

  isFuture(hash: string): boolean {
    return this.#future.some((future) => future.startsWith(hash));
  }

  /** Remembers what the agent makes: branches, tags, stashes from fair revisions. */
  made(use: GitUse): void {
    const { subcommand, flags, words, action } = use;
    const fairStart = use.revisions.every(({ text, certain }) => this.standing(text, certain) !== 'foreign');
    const created = madeName(use);
    if (created !== undefined && fairStart) this.#names.add(created);
    if (subcommand === 'stash' && (action === '' || action === 'push' || action === 'save' || action.startsWith('-'))) this.stashes += 1;
    if (/^(?:reset|merge|rebase|commit|cherry-pick|am|revert)$/.test(subcommand)) this.#moved = true;
    if (subcommand === 'push') this.#pushed(use);
    if (subcommand === 'remote' && (action === 'add' || action === 'rename')) this.#remotes.add(words[action === 'add' ? 0 : 1] ?? '');
    if (subcommand === 'remote' && action === 'rename' && words[1] !== undefined) this.#names.delete(words[1]);
    if (flags.includes('--detach')) this.#moved = true;
    if (this.#switchesBranch(use)) this.#switches += 1;
    // What a fetch leaves is as fair as what it names.
    if (subcommand === 'fetch' && this.fetchesOnlyFair(use)) this.#names.add('FETCH_HEAD');
    else if (subcommand === 'fetch') this.#names.delete('FETCH_HEAD');
  }

  /** `checkout REV` and its like; `checkout FILE` and `checkout REV -- FILE` stay where they are. */
  #switchesBranch({ subcommand, creates, revisions, paths, action, flags }: GitUse): boolean {
    if (subcommand === 'bisect' || (subcommand === 'stash' && action === 'branch') || (subcommand === 'rebase' && revisions.length > 0))
      return true;
    if (subcommand !== 'checkout' && subcommand !== 'switch') return false;
    if (creates !== undefined || flags.includes('--detach')) return true;
    const [to] = revisions;
    return to !== undefined && paths.length === 0 && this.standing(to.text, to.certain) !== 'path';
  }

  /** Whether a fetch names nothing but commits that are known to be fair, one by one: the base and what lies before it. */
  fetchesOnlyFair({ words: [, ...refspecs], flags }: Pick<GitUse, 'words' | 'flags'>): boolean {
    if (refspecs.length === 0 || flags.some((flag) => /^(?:--all|--tags|-t)$/.test(flag))) return false;
    return refspecs.every((refspec) => {
      const from = refspec.replace(/^\+|:.*$/g, '');
      return /^[0-9a-f]{7,64}$/i.test(from) && this.standing(from, true) === 'fair';
    });
  }

  /** What the task ordered to be brought: by a fetch the refs that it names, on either side, else what HEAD then stands on. */
  broughtByOrder({ subcommand, words, paths, creates }: GitUse): void {
    if (/^(?:rebase|merge|reset|checkout|switch)$/.test(subcommand) && paths.length === 0)
      for (const word of words) if (/^[\w./-]+$/.test(word)) this.#names.add(word);
    if (subcommand !== 'fetch') return;
    const [remote = '', ...refspecs] = words;
    this.#names.add('FETCH_HEAD');
    for (const refspec of refspecs) {
      const [from = '', to] = refspec.replace(/^\+/, '').split(':');
      this.#names.add(to ?? (/^[\w.-]+$/.test(remote) ? `${remote}/${from}` : from));
    }
    if (creates !== undefined) this.#names.add(creates);
  }

  /** Whether each entry of a reflog that was printed is HEAD itself, a commit that is known to be fair, or a move to HEAD. */
  showsOwnReflog(observation: string): boolean {
    const entries = [...observation.slice(0, longestObservation).matchAll(/^([0-9a-f]{4,40})\b[^\n]*?(?:HEAD|@)@\{(\d+)\}: ([^\n]*)$/gm)];
    return (
      entries.length > 0 &&
      entries.every(
        ([, hash = '', number, what = '']) =>
          Number(number) <= this.moves || /^reset: moving to HEAD$/.test(what) || this.#single(hash.toLowerCase(), true) === 'fair',
      )
    );
  }

  /** Whether a name is that of a remote which is the agent's own repository. */
  isOwnRemote(name: string): boolean {
    return this.#ownRemotes.has(name);
  }

  /** Takes a remote for the agent's own repository, until something foreign is pushed to it. */
  addOwnRemote(name: string): void {
    this.#ownRemotes.add(name);
  }

  #pushed({ words: [remote = '', ...refspecs], flags }: GitUse): void {
    const wide = flags.some((flag) => /^(?:--all|--branches|--mirror|--tags)$/.test(flag));
    const fair = refspecs.every((refspec) => this.standing(refspec.replace(/^\+|:.*$/g, '') || 'HEAD', true) === 'fair');
    if (wide || !fair || refspecs.length === 0) this.#ownRemotes.delete(remote);
  }

  /** Counts a move of HEAD, where nothing says that it failed. */
  learnMove(observation: string, use: GitUse): void {
    if (movesHead(use, observation.slice(0, longestObservation))) this.moves += 1;
  }

  /** Keeps the name of the branch that is checked out, wherever git says it. */
  learnBranch(observation: string, { subcommand, flags, words }: GitUse): void {
    const text = observation.slice(0, longestObservation);
    const current = /(?:On branch|Switched to (?:a new )?branch|Already on) '?([^\s']+?)'?$/m.exec(text)?.[1];
    if (current !== undefined && /^(?:status|checkout|switch|branch|commit)$/.test(subcommand)) this.#names.add(current);
    if (subcommand === 'status') {
      const upToDate = /^Your branch is up to date with '([^'\s]+)'/m.exec(text)?.[1];
      const short = /^## (?!HEAD |No commits)([^\s.]+(?:\.(?!\.\.)[^\s.]+)*)(?:\.\.\.\S+)?(?: \[[^\]]*\])?$/m.exec(text)?.[1];
      for (const name of [upToDate, short]) if (name !== undefined) this.#names.add(name);
    }
    const starred = subcommand === 'branch' ? /^\* ([^\s(]+)/m.exec(text)?.[1] : undefined;
    if (starred !== undefined) this.#names.add(starred);
    const committed = /^\[([^\s\]]+)(?: \([^)]*\))? ([0-9a-f]{4,40})\]/m.exec(text);
    if (committed?.[1] !== undefined && committed[1] !== 'detached') this.#names.add(committed[1]);
    const ofHead = words.every((word) => word === 'HEAD' || word === '@');
    if (
      (subcommand === 'describe' && ofHead) ||
      (subcommand === 'rev-parse' && flags.includes('--abbrev-ref') && ofHead) ||
      flags.includes('--show-current')
    ) {
      // The bare name may stand before what the call printed else.
      const nearest = subcommand === 'describe' && flags.includes('--abbrev') ? /^\S+$/m.exec(text)?.[0] : undefined;
      if (nearest !== undefined && tagLike.test(nearest)) this.#names.add(nearest);
      const name = /^(\S+)-\d+-g[0-9a-f]+$/m.exec(text)?.[1] ?? onlyLine(text);
      if (name !== undefined) this.#names.add(name);
    }
  }

  /** Keeps hashes and names of fair history that an allowed git command printed, no other of the same call being amiss. */
  learn(observation: string, { subcommand }: GitUse): void {
    if (!printsHistory.test(subcommand)) return;
    const text = observation.slice(0, longestObservation);
    const hashed = this.#addHashes(text);
    for (const hash of commitsPrinted(text)) if (this.#printed.size < 20_000 && !this.isFuture(hash)) this.#printed.add(hash);
    // The names of a commit stand behind its hash.
    for (const match of hashed ? text.matchAll(/^(?:\* |[|/\\ *]*)?(?:commit )?[0-9a-f]{7,40} \(([^)\n]+)\)/gm) : []) {
      for (const name of (match[1] ?? '').split(', ')) this.#names.add(name.replace(/^HEAD -> |^tag: /, ''));
    }
    // Names alone, as `--format=%D` prints them.
    for (const [line] of text.includes('tag: ') ? text.matchAll(/^ ?\(?(?:HEAD(?: -> [\w./-]+)?, )?(?:tag: [\w./-]+(?:, |\)?$))+$/gm) : [])
      for (const [, tag = ''] of line.matchAll(/tag: ([\w./-]+)/g)) this.#names.add(tag);
  }

  /** Takes a revision that was asked about for an ancestor of HEAD as far as the call says so; a tag is older where all else depends on it. */
  learnAncestors(questions: readonly AncestorQuestion[]): void {
    for (const { revision, of, answer } of questions) {
      if (answer === 'open' || this.standing(of, true) !== 'fair') continue;
      if (answer === 'proven') this.#names.add(revision);
      else if (tagLike.test(revision)) this.#behind.add(revision);
    }
  }

  /** Takes the version that a manifest of the tree shows, perhaps of the release that is to come: earlier tags are older. */
  learnVersion(version: string): void {
    for (const tag of [version, `v${version}`]) if (tagLike.test(tag)) this.#coming.add(tag);
  }

  /** Keeps what an only command of a call proves to lie before HEAD: a count of nothing beyond it, or the current branch that contains it. */
  learnContained(observation: string, { subcommand, flags, words, revisions }: GitUse): void {
    const text = observation.trim();
    if (subcommand === 'rev-list' && flags.includes('--count')) {
      const beyond = /^HEAD\.\.(\S+)$/.exec(words[0] ?? '')?.[1];
      const beside = /^([^.]\S*?)\.\.\.(?:HEAD)?$/.exec(words[0] ?? '')?.[1];
      if (words.length > 1) return;
      if (beyond !== undefined && text === '0') this.#names.add(beyond);
      if (beside !== undefined && flags.includes('--left-right') && /^0\s+\d+$/.test(text)) this.#names.add(beside);
    }
    if (subcommand === 'branch' && flags.includes('--contains') && /^\* /m.test(text) && revisions.length === 1)
      this.#names.add(revisions[0]?.text ?? '');
  }

  /** Keeps the tags that a listing of HEAD's own tags printed. */
  learnTags(observation: string, { subcommand, flags, revisions }: GitUse): void {
    if (!/^(?:tag|for-each-ref)$/.test(subcommand) || !flags.some((flag) => flag === '--merged' || flag === '--points-at')) return;
    if (revisions.some(({ text, certain }) => this.standing(text, certain) !== 'fair')) return;
    // Alone on a line, or before what a loop over them printed.
    for (const [, alone, before] of observation.slice(0, longestObservation).matchAll(/^(?:([\w./-]+)|(\w[\w./-]*\.\d[\w.-]*): .*)$/gm))
      this.#names.add((alone ?? before ?? '').replace(/^refs\/(?:tags|heads|remotes)\//, ''));
  }

  /** A range from a tag to HEAD that printed something, as the first that its call printed: the tag does not contain HEAD. */
  learnRanges(observation: string, { subcommand, words }: GitUse): void {
    if (!/^(?:log|rev-list|shortlog)$/.test(subcommand) || !beginsWithCommits(observation)) return;
    if (!words.every((word) => /^\^|^HEAD$|\.\.(?:HEAD)?$/.test(word))) return;
    for (const word of words) {
      const since = /^([^.^]\S*?)\.\.(?:HEAD)?$/.exec(word)?.[1] ?? /^\^(\S+)$/.exec(word)?.[1];
      if (since !== undefined && tagLike.test(since)) this.#behind.add(since);
    }
  }

  /** Remembers the commits that a command printed which looked into foreign history. */
  learnForeign(observation: string): void {
    for (const hash of commitsPrinted(observation))
      if (this.#printedForeign.size < 20_000 && this.#single(hash, false) !== 'fair') this.#printedForeign.add(hash);
  }

  /** Whether all that an observation lists is known to be fair: the commits of a log, or the branches of a listing. */
  showsOnlyFair(observation: string, use: GitUse): boolean {
    if (use.subcommand === 'branch') {
      const listed = branchesPrinted(observation);
      if (listed === undefined) return false;
      return listed.others.every((name) => name.startsWith('(') || this.#names.has(name));
    }
    const commits = commitsPrinted(observation);
    return commits.length > 0 && commits.every((hash) => this.#single(hash, true) === 'fair');
  }

  /** Whether there were any. */
  #addHashes(text: string): boolean {
    const hashes = hashesIn(text);
    for (const hash of hashes) if (this.#hashes.size < 20_000 && !this.isFuture(hash)) this.#hashes.add(hash);
    return hashes.length > 0;
  }
}

/** The name that an output is; of several lines nothing says which one it would be. */
function onlyLine(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length === 1 ? /^[\w./-]+$/.exec(lines[0]?.trim() ?? '')?.[0] : undefined;
}

/** The name of the branch or tag that a command makes. */
function madeName({ subcommand, flags, words, action, creates }: GitUse): string | undefined {
  if (creates !== undefined) return creates;
  const [name] = words;
  if (subcommand === 'branch' && flags.every((flag) => /^(?:-[fqt]|--force|--track|--quiet)$/.test(flag))) return name;
  if (subcommand === 'branch' && flags.some((flag) => /^-[mMcC]$/.test(flag))) return words.at(-1);
  if (subcommand === 'tag' && flags.every((flag) => /^(?:-[afms]|--annotate|--force|--message)$/.test(flag))) return name;
  if (subcommand === 'update-ref' && !flags.some((flag) => /^(?:-d|--stdin)$/.test(flag))) return name;
  return subcommand === 'stash' && action === 'branch' ? name : undefined;
}
