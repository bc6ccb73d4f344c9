import { nameTable } from '../../../schemas/name-table.ts';
import { decodeAnsi } from './ansi-quoting.ts';
import { dynamicText } from './shell-syntax.ts';
import { programName } from './program-name.ts';
import type { ShellSession } from './shell-session.ts';

/**
 * What a command prints, where its words alone decide: the ways in which one command's text is made by another.
 * `input` is its standard input, undefined when unknown.
 */
export function knownOutput(argv: string[], input: string | undefined, session: ShellSession): string | undefined {
  const [word = '', ...args] = argv;
  const output = outputs[programName(word, session)]?.(args, input, session);
  return output === undefined ? undefined : output.slice(0, 1_048_576);
}

type Output = (args: string[], input: string | undefined, session: ShellSession) => string | undefined;

const outputs: Record<string, Output> = nameTable({
  echo(args) {
    const options = args.findIndex((arg) => !/^-[neE]+$/.test(arg));
    const flags = options === -1 ? args : args.slice(0, options);
    const text = args.slice(flags.length).join(' ');
    const ending = flags.some((flag) => flag.includes('n')) ? '' : '\n';
    return (flags.some((flag) => flag.includes('e')) ? decodeAnsi(text) : text) + ending;
  },
  printf(args) {
    const [format, ...values] = args[0] === '--' ? args.slice(1) : args;
    return format === undefined || format === '-v' ? undefined : formatted(format, values);
  },
  ':': () => '',
  true: () => '',
  cat: readThrough,
  tac: (args, input, session) => readThrough(args, input, session)?.trimEnd().split('\n').toReversed().join('\n'),
  head: readThrough,
  tail: readThrough,
  tee: (_, input) => input,
  sort: readThrough,
  uniq: readThrough,
  base64: (args, input, session) => decoded(args, input, session, 'base64'),
  base32: () => undefined,
  xxd: (args, input, session) => (args.some((arg) => /^-\w*r/.test(arg)) ? decoded(['-d', ...args], input, session, 'hex') : undefined),
  openssl: (args, input, session) => (args.includes('-d') ? decoded(['-d'], input, session, 'base64') : undefined),
  rev: (args, input, session) =>
    readThrough(args, input, session)
      ?.split('\n')
      .map((line) => [...line].toReversed().join(''))
      .join('\n'),
  tr: translated,
  sed: substituted,
  cut: () => undefined,
  which: (args) => located(args),
  command: (args) => (args[0] === '-v' || args[0] === '-V' ? located(args.slice(1)) : undefined),
  type: (args) => (args[0]?.startsWith('-') === true ? located(args.slice(1)) : undefined),
  whereis: (args) => located(args.filter((arg) => !arg.startsWith('-'))),
  basename: (args) => args[0]?.slice(args[0].lastIndexOf('/') + 1),
  pwd: (_, _input, session) => (session.directory === '' ? undefined : session.directory),
  git: symbolicRevision,
  mktemp: temporaryPath,
  find: listedPaths,
  npm: placesOfNode,
  pnpm: placesOfNode,
  yarn: (args) => (args[0] === 'global' && args[1] === 'dir' ? '~/.config/yarn/global' : args[0] === 'cache' ? '~/.yarn/cache' : undefined),
  go: (args) => (args[0] === 'env' ? placesOfGo[args[1] ?? ''] : undefined),
  pip: cacheOfPip,
  pip3: cacheOfPip,
  pipx: (args) => (args.includes('PIPX_LOCAL_VENVS') ? '~/.local/share/pipx/venvs' : undefined),
  uv: (args) =>
    args[1] !== 'dir' ? undefined : args[0] === 'tool' ? '~/.local/share/uv/tools' : args[0] === 'cache' ? '~/.cache/uv' : undefined,
  conda: (args) => (args[0] === 'info' && args[1] === '--base' ? '/opt/conda' : undefined),
  brew: (args) => (/^--(?:cellar|prefix)$/.test(args[0] ?? '') ? `/opt/homebrew/Cellar/${args[1] ?? ''}` : undefined),
  gem: (args) => (args[0] === 'contents' ? filesOfPackage(args.slice(1), (name) => `/usr/lib/ruby/gems/${name}`) : undefined),
  dpkg: (args) => (args[0] === '-L' ? filesOfPackage(args.slice(1), installedByDistribution) : undefined),
  rpm: (args) => (args[0] === '-ql' ? filesOfPackage(args.slice(1), installedByDistribution) : undefined),
  pacman: (args) => (/^-Qq?l/.test(args[0] ?? '') ? filesOfPackage(args.slice(1), installedByDistribution) : undefined),
  grep: (args, input) => linesOfUnknown(args, input),
  seq: (args) =>
    args.length === 1 ? Array.from({ length: Math.min(Number(args[0]) || 0, 32) }, (_, index) => String(index + 1)).join('\n') : undefined,
});

function cacheOfPip([first, second, ...rest]: string[]): string | undefined {
  if (first !== 'cache') return undefined;
  const name = rest.find((arg) => !arg.startsWith('-'));
  if (second === 'list' && name !== undefined) return `~/.cache/pip/wheels/${name.replace(/\*$/, '')}-1-py3-none-any.whl`;
  return second === 'dir' ? '~/.cache/pip' : undefined;
}

function located(args: string[]): string | undefined {
  return args[0] === undefined ? undefined : args[0].startsWith('/') ? args[0] : `/usr/bin/${args[0]}`;
}

function readThrough(args: string[], input: string | undefined, session: ShellSession): string | undefined {
  const files = args.filter((arg) => arg !== '-' && !arg.startsWith('-') && !/^\d+$/.test(arg) && arg !== '/dev/stdin');
  if (files.length === 0) return input;
  if (files.every((file) => file === '/dev/null')) return '';
  const texts = files.map((file) => (file === '/dev/null' ? '' : session.readWhole(file)));
  // What nothing is known to have been put into holds what a running program printed.
  return texts.includes(undefined) || texts.every((text) => text === '') ? undefined : texts.join('');
}

function decoded(args: string[], input: string | undefined, session: ShellSession, encoding: 'base64' | 'hex'): string | undefined {
  const text = readThrough(args, input, session);
  if (text === undefined || text.includes(dynamicText)) return undefined;
  const decodes = args.some((arg) => /^-\w*[dD]/.test(arg) || arg.startsWith('--d'));
  if (!decodes) return Buffer.from(text).toString(encoding);
  return Buffer.from(text.replace(/\s+/g, ''), encoding).toString();
}

function formatted(format: string, values: string[]): string {
  const pieces = decodeAnsi(format).slice(0, 65_536);
  const rest = [...values];
  let out = '';
  do {
    const before = rest.length;
    out += pieces.replace(/%(?:%|[-+ #0]*\d*(?:\.\d+)?([sdbqcixXo]))/g, (directive, kind?: string) => {
      if (kind === undefined) return '%';
      const value = rest.shift() ?? '';
      if (kind === 'c') return value.charAt(0);
      return kind === 'b' ? decodeAnsi(value) : kind === 'x' ? Number(value).toString(16) : directive === '' ? '' : value;
    });
    if (rest.length === before) break;
  } while (rest.length > 0 && out.length < 65_536);
  return out;
}

function translated(args: string[], input: string | undefined): string | undefined {
  const [first, second = ''] = args.filter((arg) => !/^-[a-z]+$/.test(arg));
  if (input === undefined || first === undefined) return undefined;
  const from = characters(first);
  if (args.some((arg) => /^-\w*d/.test(arg))) return [...input].filter((char) => !from.includes(char)).join('');
  const to = characters(second);
  const map = new Map(from.map((char, index) => [char, to[Math.min(index, to.length - 1)] ?? '']));
  return [...input].map((char) => map.get(char) ?? char).join('');
}

function characters(set: string): string[] {
  const text = decodeAnsi(set.slice(0, 200)).replace('[:lower:]', 'a-z').replace('[:upper:]', 'A-Z');
  return [...text.matchAll(/([\s\S])-([\s\S])|[\s\S]/gu)].flatMap(([whole, first, last]) => {
    if (first === undefined || last === undefined) return [whole];
    const start = first.charCodeAt(0);
    return Array.from({ length: Math.max(0, Math.min(last.charCodeAt(0) - start + 1, 128)) }, (_, index) =>
      String.fromCharCode(start + index),
    );
  });
}

/** `sed 's/literal/literal/'`: enough for text that is put together by replacing a piece of it. */
function substituted(args: string[], input: string | undefined): string | undefined {
  const script = args.find((arg) => !arg.startsWith('-'));
  const match = /^s([/|#,@])((?:\\.|(?!\1).)*)\1((?:\\.|(?!\1).)*)\1(g?)$/.exec(script ?? '');
  if (input === undefined || match?.[2] === undefined || /[*+?[\](){}|^$.]/.test(match[2])) return undefined;
  const [, , from, to = '', global] = match;
  return global === 'g' ? input.replaceAll(from, to) : input.replace(from, to);
}

/** A hash or name that git would print is as good as the words that were asked for. */
function symbolicRevision(args: string[]): string | undefined {
  const words = args.filter((arg) => !arg.startsWith('-'));
  const [subcommand] = words;
  if (subcommand === 'rev-parse') {
    if (args.some((arg) => /^--(?:absolute-)?git-(?:common-)?dir$/.test(arg))) return '.git';
    return words.length === 2 ? words[1] : undefined;
  }
  if (subcommand === 'stash' && words[1] === 'create') return 'HEAD';
  // One revision out of the history of HEAD is fair like HEAD itself; tags may be anything.
  const ofHead =
    /^(?:log|describe|rev-list|merge-base)$/.test(subcommand ?? '') &&
    !args.some((arg) => /^--?(?:all|branches|remotes|tags=|glob|reflog|g$|walk|contains)/.test(arg));
  if (
    ofHead &&
    words.slice(1).every((word) => /^(?:HEAD[~^\d]*|\d+)$/.test(word) || /[./]/.test(word)) &&
    !words.some((word) => /^(?:origin|upstream)\//.test(word))
  )
    return 'HEAD';
  const lists = subcommand === 'tag' && (words.length === 1 || args.some((arg) => /^(?:-l|--list|-n\d*|--sort.*)$/.test(arg)));
  // Tags that HEAD contains are its own history.
  if (lists) return args.some((arg) => /^--(?:merged|points-at)/.test(arg)) ? 'HEAD' : 'refs/tags/listed';
  return undefined;
}

/** The paths that a search would list, as far as its own words say. */
function listedPaths(args: string[]): string | undefined {
  const roots = args.slice(
    0,
    Math.max(
      0,
      args.findIndex((arg) => arg.startsWith('-') || arg === '(' || arg === '!'),
    ),
  );
  const at = args.findIndex((arg) => /^-i?name$/.test(arg));
  const name = at === -1 ? dynamicText : (args[at + 1] ?? dynamicText);
  if (roots.length === 0 || args.includes('-exec')) return undefined;
  return roots.map((root) => `${root}/${name}\n`).join('');
}

const placesOfGo: Record<string, string> = nameTable({ GOMODCACHE: '~/go/pkg/mod', GOPATH: '~/go', GOROOT: '/usr/lib/go' });

/** Where npm and pnpm keep what they install or download. */
function placesOfNode(args: string[]): string | undefined {
  const isGlobal = args.includes('-g') || args.includes('--global');
  if (args[0] === 'root') return isGlobal ? '/usr/lib/node_modules' : 'node_modules';
  if (args[0] === 'prefix' && isGlobal) return '/usr';
  return args[0] === 'config' && args[1] === 'get' && args[2] === 'cache' ? '~/.npm' : undefined;
}

/** The files of an installed package: somewhere in its folder. */
function filesOfPackage(args: string[], folderOf: (name: string) => string): string | undefined {
  const at = args.findIndex((arg) => /^(?:-v|--version)$/.test(arg));
  const version = at === -1 ? '' : (args[at + 1] ?? '');
  const name = args.find((arg, index) => !arg.startsWith('-') && (at === -1 || index !== at + 1));
  if (name === undefined || name.includes(dynamicText)) return undefined;
  return `${folderOf(version === '' ? name : `${name}-${version}`)}/${dynamicText}\n`;
}

function installedByDistribution(name: string): string {
  return `/usr/share/${name.replace(/^(?:python3?|ruby|node|lib|golang|php|perl)-/, '')}`;
}

/** Of lines whose ends are not known, a search may leave any. */
function linesOfUnknown(args: string[], input: string | undefined): string | undefined {
  const [, ...files] = args.filter((arg) => !arg.startsWith('-'));
  if (input === undefined || files.length > 0 || args.some((arg) => /^-\w*[vcl]/.test(arg))) return undefined;
  const lines = input.split('\n').filter((line) => line.length > 1 && line.includes(dynamicText) && !line.startsWith(dynamicText));
  return lines.length === 0 ? undefined : `${lines.join('\n')}\n`;
}

/** A name of its own for each temporary file or folder; only that it is one matters. */
function temporaryPath(args: string[], _input: string | undefined, session: ShellSession): string {
  const folder = args.find((_, at) => args[at - 1] === '-p') ?? args.find((arg) => arg.startsWith('--tmpdir='))?.slice(9) ?? '/tmp';
  const template = args.find((arg, at) => /X{3,}/.test(arg) && args[at - 1] !== '-p') ?? 'tmp.XXXX';
  return session.temporary((number) => {
    const name = template.replace(/X{3,}/, String(number).padStart(4, '0'));
    return name.startsWith('/') ? name : `${folder.replace(/\/+$/, '')}/${name}`;
  });
}
