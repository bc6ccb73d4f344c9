import { pathOf } from './code-directory.ts';
import type { CodeRun } from './code-run.ts';
import { dynamicText } from './shell-syntax.ts';

/** Libraries that read repositories without the git program, by what programs write of them. */
const libraries =
  /\brugged\b|isomorphic-git|nodegit|go-git|\bgit\.Plain(?:Open|Init)|jgit|\bGit\.(?:open|init|cloneRepository)\(|\bgit2\b|libgit2|Gitonomy|CzProject|Git::Raw|Git::Repository|\bgix\b|gitoxide/i;

/** What opens a repository, with the place that it lies in. */
const opening =
  /\b(?:Repository(?:\.|::|->)?(?:open(?:_bare|_from_env|_ext)?|discover|new)?|PlainOpen(?:WithOptions)?|Git\.open|gix::(?:open|discover)|git_repository_open(?:_ext)?)\s*\(\s*(?:new\s+File\(\s*|&\w+,\s*)?(?:["'`]([^"'`\n]*)["'`]|([@$&]?[A-Za-z_][\w.]*))/i;

/** What makes a repository of the program's own. */
const making =
  /\b(?:PlainInit|init_at|Git\.init\(|Repository(?:\.|::|->)init\w*|git_repository_init|gix::init|\bInit\(\s*memory\.NewStorage|(?:git|g)\.init\(\s*\{|initRepository)/i;

const listings: [pattern: RegExp, argv: string[]][] = [
  [/\bAll:\s*true|push_?glob\b|\.CommitObjects\(/i, ['git', 'log', '--all']],
  [
    /\.(?:BlobObjects|TreeObjects|IterEncodedObjects)\(|odb\(\)[^;\n]{0,40}\.foreach|git_odb_foreach|\.each_id\b/,
    ['git', 'cat-file', '--batch-all-objects'],
  ],
  [
    /BranchType::Remote|GIT_BRANCH_(?:REMOTE|ALL)|getRemoteBranches|getAllBranches|\.branches\(\s*None|->branches\(\s*["'](?:all|remote)/,
    ['git', 'branch', '-r'],
  ],
  [
    /\.References\(\)|\.references\(\)|getReferences?(?:Names)?\(\s*\d*\s*\)|Reference\.list|listRefs\(|getReferenceNames\(/,
    ['git', 'for-each-ref'],
  ],
  [/listBranches\(\{[^}]*\bremote\s*:|listServerRefs\(/, ['git', 'branch', '-r']],
  [/\bin\s+\w+\.ObjectDatabase\b|\.ObjectDatabase\.(?:Where|Select|OfType|First)/, ['git', 'cat-file', '--batch-all-objects']],
];

/** Branches of a remote, tags and entries of the reflog as literals; the library takes them where git takes a revision. */
const named = /["'`]((?:refs\/(?:remotes|tags|pull)\/|origin\/|upstream\/)[\w./*-]+|[A-Z]*HEAD@\{\d+\})["'`]/g;
/** `'refs/remotes/' + name`, `"origin/" + branch` */
const composed =
  /["'`](?:refs\/remotes\/|origin\/|upstream\/)(?:[\w-]+\/)?["'`]\s*(?:\+|\.\.|\.|<<)|["'`](?:refs\/remotes\/|origin\/|upstream\/)[\w/-]*(?:\$\{|#\{|%s|\{\})/;

/** go-git's name of a remote's branch, from its two parts. */
const remoteName = /NewRemoteReferenceName\(\s*["'`]([\w.-]+)["'`]\s*,\s*["'`]([\w./-]+)["'`]/;

/** What a program lists, and which refs it names to a library, as the git commands that show the same. */
export function refsReadByLibrary(source: string): CodeRun[] {
  if (!libraries.test(source)) return [];
  const run = (argv: string[], text: string): CodeRun => ({ kind: 'argv', argv, text: text.slice(0, 200), via: 'git library' });
  const found = listings.flatMap(([pattern, argv]) => {
    const match = pattern.exec(source);
    return match === null ? [] : [run(argv, match[0])];
  });
  for (const match of [...source.matchAll(named)].slice(0, 40)) {
    const ref = match[1] ?? '';
    found.push(run(ref.includes('*') ? ['git', 'log', '--all'] : ['git', 'show', ref], match[0]));
  }
  const inParts = remoteName.exec(source);
  if (inParts !== null) found.push(run(['git', 'show', `${inParts[1] ?? ''}/${inParts[2] ?? ''}`], inParts[0]));
  const joined = composed.exec(source)?.[0];
  if (joined !== undefined) found.push(run(['git', 'branch', '-r'], joined));
  return found;
}

/**
 * Where a program's library works: the place that it opens, or one of the program's own where it only makes one;
 * undefined where nothing tells, as in the working directory.
 */
export function libraryPlace(source: string, names: ReadonlyMap<string, string[]>): { place: string; own: boolean } | undefined {
  const simple = /(?:simpleGit|simple-git["'`]\s*\))\s*\(\s*(?:["'`]([^"'`\n]*)["'`]|([A-Za-z_$][\w.$]*))/.exec(source);
  const opened = simple ?? opening.exec(source);
  const makes = making.test(source) || (simple !== null && /\.init\s*\(/.test(source));
  if (opened === null) return makes ? { place: `${dynamicText}/made`, own: true } : undefined;
  const place = pathOf(opened[1], opened[2], names);
  return { place, own: makes && place.startsWith(dynamicText) };
}
