import type { CodeRun } from './code-run.ts';
import { asText, type PythonValue, unknownValue } from './python-values.ts';
import { dynamicText } from './shell-syntax.ts';

export interface CallArguments {
  positional: PythonValue[];
  named: Map<string, PythonValue>;
}

const shellCall =
  /^(?:os\.(?:system|popen\d?)|subprocess\.(?:getoutput|getstatusoutput)|commands\.\w+|asyncio\.(?:subprocess\.)?create_subprocess_shell|pexpect\.(?:run|spawn|runu)|pexpect\.popen_spawn\.PopenSpawn|invoke\.run|fabric\.\w+|(?:IPython\.(?:core\.getipython\.)?)?get_ipython\(\)\.(?:system|getoutput|system_piped|system_raw)|envoy\.run|delegator\.run|posix\.system|platform\.popen|system|popen)$/;
const listCall =
  /^(?:subprocess\.(?:run|call|check_call|check_output|Popen)|pty\.spawn|os\.posix_spawnp?|subprocess32\.\w+|psutil\.Popen|run_command|check_output|Popen|check_call)$/;
const execCall = /^os\.(?:exec|spawn)([lv]p?e?)$/;
const webCall =
  /^(?:requests|httpx|urllib3|urllib|urllib2|aiohttp|http\.client|httplib|wget|mechanize|pycurl|niquests|curl_cffi|socket|websocket|treq|cloudscraper|six\.moves\.urllib)\b/;
const webMethod =
  /(?:^|\.)(?:get|post|head|put|request|urlopen|urlretrieve|Request|download|stream|fetch|retrieve|open|HTTPS?Connection|create_connection|connect|urlopen_with_retry)$/;
const gitObject = /(?:\bRepo|\bRepository|\bdiscover_repository|\brepo|\brepository|\b_repo|\bopen_repo)(?:\(\))?/;

/** What a call with these arguments runs; `path` is the called function by where it comes from. */
export function runsOfCall(path: string, args: CallArguments, text: string): CodeRun[] {
  const directory = keywordText(args, 'cwd');
  const place = directory === undefined ? { text } : { text, directory };
  const [first, second] = args.positional;
  const given = first ?? args.named.get('args') ?? args.named.get('cmd') ?? args.named.get('command');
  if (path === 'exec' || path === 'eval' || path === 'builtins.exec' || path === 'builtins.eval') {
    const code = given?.kind === 'text' ? given.text : undefined;
    return code === undefined ? [] : [{ kind: 'python', code, ...place }];
  }
  if (path === 'compile') return given?.kind === 'text' ? [{ kind: 'python', code: given.text, ...place }] : [];
  const magic = /get_ipython\(\)\.(run_cell_magic|run_line_magic|magic|run_cell)$/.exec(path)?.[1];
  if (magic !== undefined) return magicRuns(magic, args.positional.map(asText), place);
  if (shellCall.test(path)) return commandOf(given, path === 'pexpect.spawn' ? second : undefined, place, path);
  if (listCall.test(path)) return commandOf(given, path.startsWith('os.') ? second : undefined, place, path);
  if (path.endsWith('create_subprocess_exec')) return commandOf({ kind: 'list', items: args.positional }, undefined, place, path);
  const exec = execCall.exec(path)?.[1];
  if (exec !== undefined) {
    const offset = path.includes('spawn') ? 1 : 0;
    const items = exec.startsWith('v') ? args.positional[offset + 1] : { kind: 'list' as const, items: args.positional.slice(offset + 1) };
    return commandOf(items, undefined, place, path);
  }
  return [
    ...folderRuns(path, args, text),
    ...gitRuns(path, args, place),
    ...webRuns(path, args, place),
    ...fileRuns(path, args, place),
    ...skillRuns(path, args, place),
  ];
}

/** A notebook's magic called as a function: as the cell that it stands for. */
function magicRuns(magic: string, words: string[], place: Where): CodeRun[] {
  const [first = '', second = '', third = ''] = words;
  if (magic === 'run_cell') return [{ kind: 'python', code: first, ...place }];
  if (magic === 'run_cell_magic' && /^(?:bash|sh|zsh|script|system|sx|!)$/.test(first))
    return [{ kind: 'shell', source: third, via: 'cell', ...place }];
  if (magic === 'run_cell_magic') return [{ kind: 'python', code: third, ...place }];
  const line = magic === 'magic' ? first : `${first} ${second}`;
  return [{ kind: 'python', code: `%${line.replace(/^%/, '')}`, ...place }];
}

/** Functions that some harnesses put into their interpreters: a file shown, folders searched. */
function skillRuns(path: string, args: CallArguments, place: Where): CodeRun[] {
  const [first, second] = args.positional.map(asText);
  const where = second ?? keywordText(args, 'dir_path') ?? keywordText(args, 'file_path') ?? '.';
  const term = first ?? keywordText(args, 'search_term') ?? keywordText(args, 'file_name');
  if (path === 'open_file') {
    const file = first ?? keywordText(args, 'path');
    return file === undefined ? [] : [{ kind: 'argv', argv: ['cat', file], via: 'python', ...place }];
  }
  if (term === undefined) return [];
  if (path === 'search_dir' || path === 'search_file')
    return [{ kind: 'argv', argv: ['grep', '-rn', term, where], via: 'python', ...place }];
  return path === 'find_file' ? [{ kind: 'argv', argv: ['find', where, '-name', term], via: 'python', ...place }] : [];
}

type Where = { text: string; directory?: string };

function commandOf(given: PythonValue | undefined, more: PythonValue | undefined, place: Where, via: string): CodeRun[] {
  if (given?.kind === 'text') {
    const words = more?.kind === 'list' ? more.items.map(asText) : undefined;
    if (words !== undefined) return [{ kind: 'argv', argv: via.startsWith('os.posix') ? words : [given.text, ...words], via, ...place }];
    return [{ kind: 'shell', source: given.text, via, ...place }];
  }
  if (given?.kind !== 'list' || given.items.length === 0) return [];
  const argv = given.items.map(asText);
  const [only] = argv;
  return argv.length === 1 && only !== undefined && /\s/.test(only)
    ? [{ kind: 'shell', source: only, via, ...place }]
    : [{ kind: 'argv', argv, via, ...place }];
}

function keywordText(args: CallArguments, name: string): string | undefined {
  const value = args.named.get(name);
  return value === undefined || (value.kind === 'name' && value.path === 'None') ? undefined : asText(value);
}

/** Where the repository lies that a call opens, makes or clones; undefined for other calls and for the working directory. */
export function repositoryOpened(path: string, { positional: [first, second], named }: CallArguments): string | undefined {
  const text = (value: PythonValue | undefined) => (value === undefined ? undefined : asText(value));
  if (/(?:^|\.)(?:Repo\.clone_from|clone_repository|porcelain\.clone)$/.test(path))
    return text(second ?? named.get('to_path') ?? named.get('target'));
  if (/(?:^|\.)(?:Repo(?:\.init(?:_bare)?|\.discover)?|Repository|Git|init_repository|porcelain\.(?:init|open_repo))$/.test(path))
    return text(first ?? named.get('path') ?? named.get('working_dir'));
  if (path.endsWith('().clone')) return text(first ?? named.get('path'));
  if (/(?:^|\.)porcelain\.\w+$/.test(path)) return first?.kind === 'name' ? first.place : text(first);
  return undefined;
}

/** A change of the working directory, or a folder that is made. */
function folderRuns(path: string, { positional: [first] }: CallArguments, text: string): CodeRun[] {
  if (first === undefined) return [];
  if (/^(?:os|contextlib|monkeypatch)\.chdir$|^chdir$|\bworking_directory$/.test(path))
    return [{ kind: 'enter', path: asText(first), text }];
  return /^os\.(?:mkdir|makedirs)$/.test(path) ? [{ kind: 'argv', argv: ['mkdir', asText(first)], text, via: 'python' }] : [];
}

/** The git libraries, each call as the git command that shows the same. */
function gitRuns(path: string, args: CallArguments, place: Where): CodeRun[] {
  const words = args.positional.map((value) => (value.kind === 'name' && /head/i.test(value.path) ? 'HEAD' : asText(value)));
  const [first = dynamicText] = words;
  const git = (...argv: string[]): CodeRun[] => [{ kind: 'argv', argv: ['git', ...argv], via: path.split('.')[0] ?? path, ...place }];
  const method = path.slice(path.lastIndexOf('.') + 1);
  const command = /(?:(?:^|\.)git|\bGit\(\))\.(\w+)$/.exec(path)?.[1];
  if (/^(?:sh|plumbum\.cmd)\.git$/.test(path)) return git(...words);
  const viaSh = /^(?:sh|plumbum\.cmd)\.git\.(\w+)$/.exec(path)?.[1];
  if (viaSh !== undefined) return git(viaSh.replaceAll('_', '-'), ...words);
  if (/(?:\bRepo\.(?:init|init_bare)|(?:^|\.)init_repository|porcelain\.init)$/.test(path)) return git('init', first);
  if (/\bindex\.commit$/.test(path)) return git('commit', '-m', first);
  if (path.endsWith('().clone')) return git('clone', '.', first);
  if (method === 'clone_from' || path === 'pygit2.clone_repository') return git('clone', ...words);
  if (/porcelain\.\w+$/.test(path))
    return git(method.replaceAll('_', '-'), ...words.filter((word) => word !== '.' && word !== dynamicText), ...flagsOf(args));
  if (command === 'execute' || method === 'raw_git')
    return args.positional[0]?.kind === 'list' ? git(...args.positional[0].items.slice(1).map(asText)) : [];
  if (command !== undefined && !/^(?:Repo|Git|cmd)$/.test(command) && (gitObject.test(path) || /\bGit\(\)\./.test(path))) {
    const spread = args.positional.flatMap((value) => (value.kind === 'list' ? value.items.map(asText) : [asText(value)]));
    return git(command.replaceAll('_', '-'), ...spread, ...flagsOf(args));
  }
  if (method === 'iter_commits') return git('log', ...words, ...flagsOf(args));
  if (/remotes?\b.*\.(?:fetch|pull|update)$|origin\.(?:fetch|pull)$/.test(path)) return git(method === 'update' ? 'fetch' : method);
  if (method === 'create_remote') return git('remote', 'add', ...words);
  if (
    /\bhead\b.*\.log$|RefLog\.from_file$|\.log_entries$|\blookup_(?:reference|branch)\(\)\.log$|\breferences(?:\[\]|\.get\(\))\.log$/.test(
      path,
    )
  )
    return git('reflog');
  if (!gitObject.test(path)) return [];
  if (
    /^(?:commit|revparse_single|rev_parse|resolve_refish|lookup_reference|tree|get_object|revparse_ext)$/.test(method) &&
    words.length > 0
  )
    return git('show', first);
  if (
    /(?:Repo|Repository)\(\)(?:\.(?:branches|references|refs|heads|tags)(?:\.(?:remote|local))?)?\.(?:__getitem__|__iter__)$/.test(path)
  ) {
    if (!path.endsWith('__iter__')) return git('show', first);
    return path.endsWith('().__iter__') ? git('cat-file', '--batch-all-objects') : [];
  }
  if (method === 'blame' || method === 'blame_incremental') return git('blame', ...words);
  if (method === 'walk') return git('log', first);
  if (method === 'get_walker') {
    const include = args.named.get('include') ?? args.positional[0];
    const ofHead = include?.kind === 'list' && include.items.every((item) => item.kind === 'name' && /head/i.test(item.path));
    return include !== undefined && !ofHead ? git('log', '--all') : git('log');
  }
  if (/^(?:listall_references|listall_reference_objects|get_refs|as_dict|allkeys)$/.test(method)) return git('for-each-ref');
  if (method === 'listall_branches') return words.length > 0 ? git('branch', '-r') : git('branch');
  return [];
}

function flagsOf(args: CallArguments): string[] {
  return [...args.named].flatMap(([name, value]) => {
    const flag = `${name.length === 1 ? '-' : '--'}${name.replaceAll('_', '-')}`;
    if (value.kind === 'name' && value.path === 'True') return [flag];
    return value.kind === 'text' || value.kind === 'number'
      ? [name.length === 1 ? `${flag}${asText(value)}` : `${flag}=${asText(value)}`]
      : [];
  });
}

function webRuns(path: string, args: CallArguments, place: Where): CodeRun[] {
  if (/^(?:pip|pip\._internal)\b.*main$/.test(path)) {
    const [list] = args.positional;
    return list?.kind === 'list' ? [{ kind: 'argv', argv: ['pip', ...list.items.map(asText)], via: 'pip', ...place }] : [];
  }
  if (/(?:^|\.)(?:load_dataset|snapshot_download|hf_hub_download)$/.test(path)) {
    const name = asText(args.positional[0] ?? unknownValue);
    // Builders of files at hand.
    if (/^(?:csv|json|parquet|arrow|text|xml|pandas|webdataset|(?:image|audio|video)folder)$/.test(name)) return [];
    return [
      {
        kind: 'argv',
        argv: ['curl', `https://huggingface.co/datasets/${name}`],
        via: path,
        ...place,
      },
    ];
  }
  if (/\bGithub\(\)\.get_repo$|\bGitlab\(\)\.projects\.get$/.test(path)) {
    return [
      { kind: 'argv', argv: ['curl', `https://api.github.com/repos/${asText(args.positional[0] ?? unknownValue)}`], via: path, ...place },
    ];
  }
  const fromLibrary =
    webCall.test(path) || /(?:Session|Client|PoolManager|ClientSession|session|client|build_opener)\(?\)?\.\w+$/.test(path);
  if (!fromLibrary || !webMethod.test(path)) return [];
  const values = [...args.positional, ...[...args.named].filter(([name]) => name === 'url' || name === 'host').map(([, value]) => value)];
  const flat = values.flatMap((value) => (value.kind === 'list' ? value.items : [value]));
  const address =
    flat.map(asText).find((word) => /^https?:\/\/|^[\w-]+(?:\.[\w-]+)+$/.test(word)) ??
    flat.map(asText).find((word) => word.includes('://'));
  return address === undefined ? [] : [{ kind: 'argv', argv: ['curl', address], via: path, ...place }];
}

function fileRuns(path: string, args: CallArguments, place: Where): CodeRun[] {
  const [first, second] = args.positional;
  const target = first ?? args.named.get('file') ?? args.named.get('filename') ?? args.named.get('path');
  if (target?.kind !== 'text') return [];
  const mode = asText(second ?? args.named.get('mode') ?? { kind: 'text', text: 'r' });
  if (/^(?:open|io\.open|os\.open|codecs\.open|gzip\.open|builtins\.open)$/.test(path)) {
    return [{ kind: 'argv', argv: [/[wax]/.test(mode) ? '>' : 'cat', target.text], via: 'python', ...place }];
  }
  if (
    /^(?:Path|pathlib\.(?:Pure)?(?:Posix)?Path|os\.(?:listdir|walk|scandir)|glob\.i?glob|np\.load|pd\.read_\w+|pandas\.read_\w+|linecache\.getlines?|fileinput\.input|shutil\.copy\w*|shutil\.move|zipfile\.ZipFile|tarfile\.open|runpy\.run_path)$/.test(
      path,
    )
  ) {
    return [{ kind: 'argv', argv: [/listdir|walk|scandir/.test(path) ? 'ls' : 'cat', target.text], via: 'python', ...place }];
  }
  return [];
}

const attributeRuns: [pattern: RegExp, argv: string[]][] = [
  [/\.branches\.remote$|\.remotes\.origin\.refs$|\.remote\(\)\.refs$/, ['git', 'branch', '-r']],
  [/(?:Repo|Repository)\(\)\.(?:refs|references)$/, ['git', 'for-each-ref']],
  [/(?:Repo|Repository)\(\)\.tags$/, ['git', 'tag']],
  [/(?:Repo|Repository)\(\)\.(?:odb|object_store)$/, ['git', 'cat-file', '--batch-all-objects']],
];

/** What merely reading an attribute of a git library's object lists. */
export function runsOfAttribute(path: string, text: string): CodeRun[] {
  return attributeRuns.filter(([pattern]) => pattern.test(path)).map(([, argv]): CodeRun => ({ kind: 'argv', argv, text, via: 'python' }));
}
