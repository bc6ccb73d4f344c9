import type { CodeRun } from './code-run.ts';
import { dynamicText } from './shell-syntax.ts';

/** Programs that reach git through a library of their language. */
const libraries =
  /simple-git|simpleGit|isomorphic-git|nodegit|dugite|Rugged|Git\.open|go-git|git2::|\bjgit\b|LibGit2Sharp|git2\.h|\bgit_(?:revwalk|reference|repository|revparse)_|\bGit->|\bGit::|-MGit\b|\buse Git\b|require ["']git["']|git2r|LibGit2|gitpython|\((?:vc-git|magit|vc-(?:print|diff|revision))-/;

type Reading = [pattern: RegExp, argv: (words: string[]) => string[]];

const revision = (words: string[]) => words[0] ?? dynamicText;
const calls: Reading[] = [
  // Perl: the command is the first word, or the list of them.
  [/->(?:command(?:_oneline|_noisy|_output_pipe|_bidi_pipe|_input_pipe|_close_pipe)?|run|RUN)\s*\(/g, (words) => words],
  [/\bGit::command(?:_oneline|_noisy|_output_pipe)?\s*\(/g, (words) => words],
  [/\bgit_cmd_try\s*\{[^}]*->command\w*\s*\(/g, (words) => words],
  // Emacs: its own layer over git, and magit.
  [
    /\((?:vc-git-(?:command|-call|-out-ok|-run-command-string)|magit-(?:git-\w+|call-git|run-git\S*|rev-parse\S*))(?=[\s)])/g,
    (words) => words,
  ],
  [/\(magit-(?:log-all\S*|reflog\S*|show-refs\S*)/g, () => ['log', '--all']],
  [
    /\((?:magit-(?:show-commit|find-file|log-other|log|diff-range|blob-visit|cherry-pick|checkout)|vc-(?:print-branch-log|diff-revision|revision-other-window|find-revision))(?=[\s)])/g,
    (words) => ['show', words[0] ?? 'HEAD'],
  ],
  // Ruby
  [/(?:\.|->)(?:references|refs)\b(?!\s*\[)/g, () => ['for-each-ref']],
  [/\.(?:references|branches|tags|ref)\s*\[/g, (words) => ['show', revision(words)]],
  [/(?:\.|->)branches\b(?!\s*[[(])(?!\.local)/g, () => ['branch', '-a']],
  [/\.(?:remotes\b|remote\()/g, () => ['remote']],
  [/\b(?:rev_parse|revparse_single|lookup|gcommit|gtree|object)\s*\(/g, (words) => ['show', revision(words)]],
  [/\.log\.all\b/g, () => ['log', '--all']],
  // libgit2, JGit, LibGit2Sharp and their like
  [/\bgit_revwalk_push_(?:glob|ref)\s*\(/g, (words) => ['log', words[0] ?? '--all']],
  [/\bgit_(?:reference_list|reference_iterator_new|reference_foreach|branch_iterator_new)\b/g, () => ['for-each-ref']],
  [/\bgit_reflog_read\s*\(/g, () => ['reflog']],
  [/\bgit_(?:revparse_single|revparse_ext|reference_lookup|reference_dwim)\s*\(/g, (words) => ['show', revision(words)]],
  [/\.log\(\)(?:\s*\.\s*\w+\([^()]*\))*?\s*\.\s*all\s*\(\s*\)/g, () => ['log', '--all']],
  [/\.reflog\s*\(/g, () => ['reflog']],
  [/\.(?:getAllRefs|getRefsByPrefix|getRefs|branchList|ReferencesList)\s*\(/g, () => ['for-each-ref']],
  [/\.resolve\s*\(\s*"/g, (words) => ['rev-parse', revision(words)]],
  [/\.Refs\b|\.Branches\b(?!\s*\[)/g, () => ['for-each-ref']],
  [/\.Lookup(?:<\w+>)?\s*\(/g, (words) => ['show', revision(words)]],
  [/\.(?:fetch|pull)\s*\(/g, (words) => ['fetch', ...words]],
];

/** What a program asks of git through a library, as the commands that show the same. */
export function gitLibraryRuns(source: string): CodeRun[] {
  if (!libraries.test(source)) return [];
  return calls.flatMap(([pattern, argv]) =>
    [...source.matchAll(pattern)].slice(0, 200).map((match): CodeRun => {
      const text = source.slice(match.index, match.index + match[0].length + 200);
      const words = match[0].endsWith('"')
        ? literalsIn(source, match.index + match[0].length - 1)
        : literalsIn(source, match.index + match[0].length);
      return { kind: 'argv', argv: ['git', ...argv(words)], text: text.split('\n')[0] ?? text, via: 'git library' };
    }),
  );
}

/** The literals, and bare words before `=>`, up to the end of the call. */
function literalsIn(source: string, from: number): string[] {
  const words: string[] = [];
  const token = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\w+)\s*=>|[()[\]{};]|qw[/({[]([^/)}\]]*)[/)}\]]/g;
  token.lastIndex = from;
  let depth = 0;
  for (let match = token.exec(source); match !== null && match.index < from + 600; match = token.exec(source)) {
    const [whole, double, single, bare, list] = match;
    if (double !== undefined || single !== undefined) words.push(double ?? single ?? '');
    else if (bare !== undefined) words.push(bare);
    else if (list !== undefined) words.push(...list.split(/\s+/).filter((word) => word !== ''));
    else if (whole === ';') break;
    else if (/[([{]/.test(whole)) depth += 1;
    else if ((depth -= 1) < 0) break;
  }
  return words;
}

/** Perl's `Git::Wrapper`: the method is the command, a map holds its options. */
export function wrapperRuns(source: string): CodeRun[] {
  if (!source.includes('Git::Wrapper')) return [];
  return [
    ...source.matchAll(
      /\$\w+->(log|show|diff|reflog|branch|tag|fetch|pull|rev_list|fsck|cat_file|for_each_ref|stash|checkout)\s*\(([^;]*)/g,
    ),
  ].map((match): CodeRun => {
    const options = [...(match[2] ?? '').matchAll(/\b([a-z][\w-]*)\s*=>\s*(?:1|["']([^"']*)["'])/g)].map((option) =>
      option[2] === undefined ? `--${(option[1] ?? '').replaceAll('_', '-')}` : `--${option[1] ?? ''}=${option[2]}`,
    );
    const words = [...(match[2] ?? '').replace(/\{[^}]*\}/g, '').matchAll(/["']([^"']*)["']/g)].map((word) => word[1] ?? '');
    return {
      kind: 'argv',
      argv: ['git', (match[1] ?? '').replaceAll('_', '-'), ...options, ...words],
      text: match[0],
      via: 'Git::Wrapper',
    };
  });
}
