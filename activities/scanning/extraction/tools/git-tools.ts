import { isRecord } from '../../../../schemas/is-record.ts';
import type { Action } from './action.ts';
import { parsed, plainName, type ToolCall } from './tool-call.ts';

const places = [
  'repopath',
  'repositorypath',
  'repositorydirectory',
  'repo',
  'repository',
  'repodir',
  'cwd',
  'workingdirectory',
  'workdir',
  'directory',
  'gitdir',
  'root',
  'rootpath',
];
const pathArguments = ['file', 'files', 'path', 'paths', 'filepath', 'filepaths', 'filename', 'pathspec'];
const verbArguments = ['subcommand', 'gitcommand', 'operation', 'action', 'verb', 'mode'];
const positional =
  'revision revisions rev revs revisionrange range target ref refs reference branch branchname branches commit commits commithash commitsha commitid hash sha object base basebranch head startpoint source sourcebranch from fromref fromcommit to toref tocommit tag tagname stash stashref remote remotename name newbranch url repositoryurl remoteurl treeish commitrange oldref newref commit1 commit2'.split(
    ' ',
  );
const subcommands =
  /^(?:log|show|diff|status|add|commit|branch|checkout|switch|restore|reset|stash|tag|remote|fetch|pull|push|clone|init|blame|annotate|reflog|fsck|rev-list|rev-parse|cat-file|ls-tree|ls-files|ls-remote|for-each-ref|show-ref|show-branch|merge|merge-base|rebase|cherry-pick|cherry|revert|bisect|worktree|grep|describe|shortlog|notes|config|submodule|archive|bundle|format-patch|apply|am|rm|mv|clean|gc|whatchanged|range-diff|name-rev|count-objects|verify-pack|filter-branch|sparse-checkout)$/;

/** Tools that are a command of git each, or git with a command as argument: as the command line that does the same. */
export function gitActions(call: ToolCall): Action[] | undefined {
  const { args, words, plain, tool } = call;
  if (!words.has('git')) return undefined;
  const line = args.text('command', 'cmd', 'gitcommand', 'commandline');
  const first = line?.trim().split(/\s+/, 1)[0] ?? '';
  if (line !== undefined && /\s/.test(line.trim()) && subcommands.test(first))
    return [{ kind: 'shell', source: `git ${placed(args.text(...places)).join(' ')} ${line.trim()}` }];
  if (line !== undefined && !subcommands.test(line.trim())) return undefined;
  const behind = plain.slice(plain.lastIndexOf('git_') + 4);
  const wordy = parsed(args.value('args', 'argv', 'arguments'));
  if (
    Array.isArray(wordy) &&
    /^(?:run_|exec_|execute_|call_)?git(?:_(?:command|cli|exec|run|tool))?$/.test(tool) &&
    subcommands.test(String(wordy[0]))
  )
    return [{ kind: 'amounts_to', argv: ['git', ...placed(args.text(...places)), ...wordy.map(String)] }];
  const [subcommand, before] = subcommandOf(line?.trim(), behind, call);
  if (subcommand === undefined) return undefined;
  const place = args.text(...places);
  const argv = ['git', ...placed(place), subcommand, ...before];
  const given = parsed(args.value('args', 'arguments', 'options', 'flags', 'extraargs', 'params'));
  if (Array.isArray(given)) argv.push(...given.map(String));
  else if (typeof given === 'string') argv.push(...given.split(/\s+/).filter((word) => word !== ''));
  return [{ kind: 'amounts_to', argv: [...argv, ...optionsOf(args.given, subcommand), ...pathsOf(call, place)] }];
}

function placed(place: string | undefined): string[] {
  return place === undefined || place === '.' ? [] : ['-C', place];
}

function subcommandOf(line: string | undefined, behind: string, { args }: ToolCall): [string | undefined, string[]] {
  const verb = args.text(...verbArguments);
  if (line !== undefined && subcommands.test(line)) return [line, []];
  const words = behind.split('_');
  for (let count = Math.min(2, words.length); count > 0; count -= 1) {
    const name = words.slice(0, count).join('-');
    if (!subcommands.test(name)) continue;
    if (words.includes('or') && verb !== undefined && subcommands.test(verb)) return [verb, []];
    const rest = words.slice(count).join('_');
    if (name === 'diff') return [name, /^(?:staged|cached)/.test(rest) ? ['--cached'] : []];
    return [name, verb !== undefined && /^(?:stash|remote|worktree|submodule|bisect|notes|bundle)$/.test(name) ? [verb] : []];
  }
  if (verb !== undefined && subcommands.test(verb)) return [verb, []];
  const inName = words.find((word) => subcommands.test(word));
  const made: [string | undefined, string[]] = /^(?:create_branch|new_branch)/.test(behind) ? ['branch', []] : [undefined, []];
  if (/^(?:list|get|show|view|read|search)_/.test(behind)) {
    if (/branches/.test(behind)) return ['branch', []];
    if (/tags/.test(behind)) return ['tag', []];
    if (/remotes/.test(behind)) return ['remote', ['-v']];
    if (/commits|history/.test(behind)) return ['log', []];
    if (/commit|file_at|content_at|revision/.test(behind)) return ['show', []];
  }
  if (/history|commits/.test(behind)) return ['log', []];
  return inName === undefined ? made : [inName, made[0] === 'branch' ? [] : []];
}

function optionsOf(given: Record<string, unknown>, subcommand: string): string[] {
  const flags: string[] = [];
  const words: string[] = [];
  for (const [key, value] of Object.entries(given)) {
    const name = plainName(key);
    if (places.includes(name) && !(subcommand === 'clone' && name === 'repository')) continue;
    if (
      pathArguments.includes(name) ||
      verbArguments.includes(name) ||
      /^(?:command|cmd|args|arguments|options|flags|extraargs|params|gitcommand)$/.test(name)
    )
      continue;
    const texts = typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
    if (name === 'branchtype') flags.push(...(value === 'all' ? ['-a'] : value === 'remote' ? ['-r'] : []));
    else if (value === true) flags.push(flagFor(name, key));
    else if (/^(?:maxcount|limit|count|n|max|num|maxresults|number)$/.test(name) && /^\d+$/.test(String(value)))
      flags.push('-n', String(value));
    else if (name === 'message' || name === 'm') flags.push('-m', texts[0] ?? '');
    else if (
      /^(?:contains|nocontains|author|since|until|grep|format|pretty|after|before|glob)$/.test(name) &&
      texts[0] !== undefined &&
      texts[0] !== ''
    )
      flags.push(`--${name}=${texts[0]}`);
    else if (positional.includes(name)) words.push(...texts.filter((text) => text !== ''));
    else if (isRecord(value)) flags.push(...optionsOf(value, subcommand));
  }
  const [first, second] = words;
  const names = Object.keys(given).map(plainName);
  // Two ends of a comparison are a range where the command takes one.
  if (
    first !== undefined &&
    second !== undefined &&
    words.length === 2 &&
    /^(?:log|rev-list|shortlog)$/.test(subcommand) &&
    names.some((name) => /^(?:from|base|oldref|fromref|fromcommit)/.test(name))
  )
    return [...flags, `${first}..${second}`];
  return [...flags, ...words];
}

function flagFor(name: string, key: string): string {
  if (/^(?:all|allbranches|showall|includeall)$/.test(name)) return '--all';
  if (/^(?:remotes?|includeremotes?|remotebranches)$/.test(name)) return '--remotes';
  if (/^(?:staged|cached)$/.test(name)) return '--cached';
  return `--${key
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase()}`;
}

function pathsOf({ args }: ToolCall, place: string | undefined): string[] {
  const paths = args.texts(...pathArguments).filter((path) => path !== place);
  return paths.length === 0 ? [] : ['--', ...paths];
}
