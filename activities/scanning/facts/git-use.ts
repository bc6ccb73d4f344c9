import { nameTable } from '../../../schemas/name-table.ts';
import type { GitCommand } from '../extraction/git-command.ts';

/** A git command's arguments sorted by what they are. */
export interface GitUse {
  subcommand: string;
  /** The second word of `stash`, `remote`, `worktree`, `bisect` and their like; empty for others. */
  action: string;
  /** Options without their values, long ones in full length where abbreviated; `-n3` as `-n`. */
  flags: string[];
  /** Words that name revisions. `certain` is false where the same word could be a path. */
  revisions: { text: string; certain: boolean }[];
  /** All words that are neither options nor option values, in order. */
  words: string[];
  paths: string[];
  /** The branch that `checkout -b`, `switch -c` or `worktree add -b` makes. */
  creates: string | undefined;
  directory: string;
}

const logValues =
  '-n -S -G -L -O --author --grep --since --after --until --before --date --max-count --skip --committer --diff-filter --output --since-as-filter --format --pretty -l';
const valueOptions: Record<string, string> = nameTable({
  log: logValues.replace(' --format --pretty', ''),
  diff: '-S -G -O -U -l --output --diff-filter --src-prefix --dst-prefix --inter-hunk-context --stat-width',
  commit: '-m -F -C -c --author --date -t --fixup --squash --message --file --reuse-message --trailer',
  checkout: '-b -B --orphan --conflict --pathspec-from-file',
  switch: '-c -C --orphan --create --force-create --conflict',
  branch: '-u --set-upstream-to --contains --no-contains --merged --no-merged --points-at --sort --format',
  tag: '-m -F -u --contains --no-contains --merged --no-merged --points-at --sort --format --message --cleanup',
  'for-each-ref': '--sort --format --contains --no-contains --merged --no-merged --points-at --count --exclude',
  stash: '-m --message --pathspec-from-file',
  restore: '-s --source --conflict --pathspec-from-file',
  worktree: '-b -B --reason --expire',
  grep: '-e -f -m -A -B -C --max-depth --threads',
  blame: '-L -S --since --contents --ignore-rev --ignore-revs-file --date',
  archive: '-o --output --remote --exec --prefix --format --add-file',
  clone: '-b --branch -o --origin --depth -c --config -u --upload-pack --reference -j --jobs --filter --template --shallow-since',
  rebase: '--onto -x --exec -s --strategy -X --strategy-option -C --whitespace',
  merge: '-m -s -X -F --strategy --strategy-option --into-name',
  'cherry-pick': '-m -X --strategy --strategy-option --mainline --cleanup',
  revert: '-m --mainline -X --strategy',
  describe: '--match --exclude --candidates',
  fetch: '-j --jobs --depth --deepen --refmap -o --upload-pack --shallow-since --negotiation-tip --filter',
  'format-patch': '-o --output-directory -v --reroll-count --start-number --to --cc --in-reply-to --subject-prefix --base --suffix',
  bundle: '--version',
  notes: '-m -F -C -c --ref',
  'rev-list': '--max-count -n --skip --since --until --before --after --author --grep --committer',
  'rev-parse': '--glob --exclude --default --prefix --resolve-git-dir --git-path --since --until',
  submodule: '-b --branch --reference --name --depth -j --jobs',
  apply: '--directory -p -C --exclude --include --whitespace',
  push: '-o --repo --push-option --receive-pack',
  'ls-tree': '--format',
  'commit-tree': '-p -m -F',
  'update-ref': '-m',
  'symbolic-ref': '-m',
  'ls-files': '-x -X --exclude --exclude-from --with-tree',
  'read-tree': '--prefix --exclude-per-directory --index-output',
  'range-diff': '--creation-factor',
  'name-rev': '--refs --exclude',
  'show-branch': '--reflog',
  'merge-tree': '--merge-base -X',
  'fmt-merge-msg': '-m -F --into-name',
  'fast-export': '--import-marks --export-marks --refspec',
  'filter-branch':
    '--env-filter --tree-filter --index-filter --parent-filter --msg-filter --commit-filter --tag-name-filter --subdirectory-filter --original -d',
  am: '--directory --exclude --include -p -C',
  clean: '-e --exclude',
  'cat-file': '--path --filter',
  'hash-object': '-t --path',
});
const alike: Record<string, string> = nameTable({
  shortlog: 'log',
  whatchanged: 'log',
  show: 'log',
  reflog: 'log',
  annotate: 'blame',
  difftool: 'diff',
  'diff-tree': 'diff',
  'diff-index': 'diff',
  pull: 'fetch',
});

/** Options whose value is a revision. */
const revisionOptions =
  /^(?:--contains|--no-contains|--merged|--no-merged|--points-at|--source|-s|--onto|--ignore-rev|--negotiation-tip|--base|--with-tree)$/;
/** Options that name many refs at once. */
const refSelectors = /^(?:--all|--branches|--remotes|--tags|--glob|--reflog|--alternate-refs|--indexed-objects)(?:=|$)/;
const creating = /^(?:-[bBcC]|--orphan|--create|--force-create)$/;
const creators = new Set(['checkout', 'switch', 'worktree']);
const withAction = new Set([
  'stash',
  'remote',
  'worktree',
  'bisect',
  'notes',
  'submodule',
  'bundle',
  'reflog',
  'lfs',
  'svn',
  'config',
  'sparse-checkout',
  'maintenance',
  'subtree',
]);

/** Every word names revisions and nothing else. */
const onlyRevisions = new Set([
  'show',
  'switch',
  'cherry-pick',
  'revert',
  'merge',
  'rebase',
  'merge-base',
  'cherry',
  'range-diff',
  'describe',
  'name-rev',
  'show-branch',
  'fast-export',
  'merge-tree',
  'read-tree',
  'format-patch',
  'rev-parse',
  'replace',
  'fmt-merge-msg',
  'commit-tree',
  'pack-objects',
  'verify-commit',
  'verify-tag',
  'get-tar-commit-id',
  'diff-tree',
  'request-pull',
  'last-modified',
  'unpack-file',
]);
/** Revisions come first, paths after them, and `--` may be left out. */
const revisionsThenPaths = new Set([
  'log',
  'shortlog',
  'whatchanged',
  'rev-list',
  'diff',
  'difftool',
  'diff-index',
  'filter-branch',
  'backfill',
]);

const abbreviated = [
  '--all',
  '--branches',
  '--remotes',
  '--tags',
  '--reflog',
  '--walk-reflogs',
  '--lost-found',
  '--unreachable',
  '--dangling',
  '--contains',
  '--batch-all-objects',
  '--reverse',
  '--source',
  '--remote',
  '--list',
  '--glob',
  '--alternate-refs',
  '--indexed-objects',
  '--batch-check',
  '--merged',
  '--no-merged',
  '--recurse-submodules',
  '--mirror',
];
const completeFlags = new Set([
  '--abbrev',
  '--abbrev-ref',
  '--abbrev-commit',
  '--re',
  '--left',
  '--no',
  '--in',
  '--li',
  '--ba',
  '--batch',
  '--tag',
  '--git',
  '--source-format',
  '--me',
  '--show',
]);

/** Sorts the arguments of a git command. */
export function gitUse(command: GitCommand): GitUse {
  const { subcommand } = command;
  const valued = new Set((valueOptions[alike[subcommand] ?? subcommand] ?? '').split(' '));
  const use: GitUse = {
    subcommand,
    action: '',
    flags: [],
    revisions: [],
    words: [],
    paths: [],
    creates: undefined,
    directory: command.directory,
  };
  let dashes = false;
  // What follows `--not` is excluded, and what was excluded is not, up to the next `--not`.
  let excluded = false;
  for (let at = 0; at < command.args.length; at += 1) {
    const arg = command.args[at] ?? '';
    if (dashes) use.paths.push(arg);
    else if (arg === '--' || arg === '--end-of-options') dashes = arg === '--';
    else if (arg === '--not') excluded = !excluded;
    else if (excluded && refSelectors.test(arg)) use.flags.push('--not');
    else if (excluded && !arg.startsWith('-')) use.words.push(arg.startsWith('^') ? arg.slice(1) : `^${arg}`);
    else if (/^-./.test(arg)) {
      const { flag, value } = option(arg, subcommand);
      use.flags.push(...flag);
      const last = flag.at(-1) ?? '';
      const taken =
        value ?? (valued.has(last) && (arg.length <= Math.max(last.length, 2) || flag.length > 1) ? command.args[(at += 1)] : undefined);
      if (taken !== undefined && revisionOptions.test(last) && !(last === '-s' && subcommand !== 'restore'))
        use.revisions.push({ text: taken, certain: true });
      if (taken !== undefined && subcommand === 'commit-tree' && last === '-p') use.revisions.push({ text: taken, certain: true });
      if (taken !== undefined && last === '--glob') use.flags.push('--all');
      if (taken !== undefined && creating.test(last) && creators.has(subcommand)) use.creates = taken;
    } else use.words.push(arg);
  }
  if (withAction.has(subcommand)) use.action = use.words.shift() ?? '';
  addRevisions(use, dashes);
  return use;
}

function option(arg: string, subcommand: string): { flag: string[]; value?: string } {
  if (arg.startsWith('--')) {
    const at = arg.indexOf('=');
    const name = at === -1 ? arg : arg.slice(0, at);
    const full =
      completeFlags.has(name) || name.length < 4 || abbreviated.includes(name)
        ? name
        : (abbreviated.find((long) => long.startsWith(name)) ?? name);
    return at === -1 ? { flag: [full] } : { flag: [full], value: arg.slice(at + 1) };
  }
  if (/^-\d+$/.test(arg)) return { flag: ['-n'], value: arg.slice(1) };
  if (/^(?:branch|tag|remote|ls-remote|stash|checkout|switch|fetch|clean|add|status)$/.test(subcommand) && /^-[A-Za-z]{2,}$/.test(arg)) {
    return { flag: Array.from(arg.slice(1), (letter) => `-${letter}`) };
  }
  return arg.length > 2 ? { flag: [arg.slice(0, 2)], value: arg.slice(2) } : { flag: [arg] };
}

function addRevisions(use: GitUse, dashes: boolean): void {
  const { subcommand, words, flags, revisions, paths, action } = use;
  const certain = (...texts: (string | undefined)[]) => {
    for (const text of texts) if (text !== undefined) revisions.push({ text, certain: true });
  };
  const [first, second, third] = words;
  if (onlyRevisions.has(subcommand)) {
    // `git show rev path` does not exist, but `git show -- path` and a mistaken path do.
    for (const text of words) revisions.push({ text, certain: !looksLikePath(text) });
  } else if (revisionsThenPaths.has(subcommand)) {
    if (flags.includes('--no-index')) paths.push(...words);
    else for (const text of words) revisions.push({ text, certain: dashes });
  } else if (subcommand === 'checkout' || subcommand === 'reset') {
    const creates = use.creates !== undefined;
    if (first !== undefined) revisions.push({ text: first, certain: dashes || creates });
    paths.push(...words.slice(1));
  } else if (subcommand === 'restore' || subcommand === 'add' || subcommand === 'rm') paths.push(...words);
  else if (subcommand === 'blame' || subcommand === 'annotate') {
    if (words.length > 1 || (dashes && words.length > 0)) certain(first);
    else if (first !== undefined) paths.push(first);
  } else if (subcommand === 'grep') {
    const patternGiven = flags.some((flag) => flag === '-e' || flag === '-f');
    for (const text of patternGiven ? words : words.slice(1)) revisions.push({ text, certain: dashes });
  } else if (subcommand === 'cat-file') certain(...(flags.length > 0 ? words : words.slice(1)));
  else if (subcommand === 'ls-tree' || subcommand === 'archive') certain(first);
  else if (subcommand === 'branch' || subcommand === 'tag') {
    if (!flags.some((flag) => /^(?:-[dDmMcCl]|--delete|--move|--copy|--list|--edit-description)$/.test(flag))) certain(second);
  } else if (subcommand === 'update-ref') certain(second);
  else if (subcommand === 'worktree' && action === 'add') certain(second);
  else if (subcommand === 'stash' && /^(?:show|apply|pop|branch)$/.test(action))
    certain(action === 'branch' ? second : (first ?? 'stash@{0}'));
  else if (subcommand === 'notes' && /^(?:show|list)$/.test(action)) certain(first);
  else if (subcommand === 'bisect' && /^(?:start|good|bad|old|new|skip)$/.test(action)) certain(...words);
  else if (subcommand === 'bundle' && action === 'create') certain(second, third);
}

/** A word that reads as a file rather than as a branch or tag. */
export function looksLikePath(text: string): boolean {
  if (/[:^~]|@\{|\.\./.test(text) && !text.startsWith('../') && !text.startsWith('./')) return false;
  return (
    /^(?:\.{1,2}$|\.{0,2}\/|~\/)/.test(text) ||
    /[*?[]/.test(text) ||
    /\.(?:py|pyi|js|jsx|mjs|cjs|ts|tsx|go|rs|java|kt|php|c|h|cc|cpp|hpp|rb|md|rst|txt|json|ya?ml|toml|cfg|ini|lock|sh|html|css|scss|xml|proto|sql|gradle|mod|sum|vue|svelte|snap|in|patch|diff|log|csv|cmake|mk|am|ac|tmpl|tpl|phpt|test|ipynb|svg|png|lua|ex|exs|scala|cs|fs|swift)$/i.test(
      text,
    ) ||
    /^(?:src|lib|tests?|spec|docs?|packages|internal|cmd|pkg|include|crates|examples?|scripts|tools|test_\w+)(?:\/|$)/.test(text) ||
    /^(?:Makefile|Dockerfile|README|LICENSE|CHANGELOG|CHANGES|NEWS|AUTHORS|Gemfile|Rakefile|Cargo|go)(?:\.|$)/.test(text)
  );
}
