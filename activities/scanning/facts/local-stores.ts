import type { Command } from '../extraction/command.ts';
import type { FileAccess } from './file-access.ts';
import type { PackageRequest } from './packages.ts';
import { isPublishedAs } from './published-names.ts';
import { namesVersion, type Project } from './project.ts';
import type { Surroundings } from './surroundings.ts';

const withoutNetwork = /^(?:--offline|--no-index|--frozen-offline|--use-local-cache)$/;
const settings =
  /\b(?:GOPROXY=["']?off|(?:npm_config|NPM_CONFIG)_offline=true|CARGO_NET_OFFLINE=true|PIP_NO_INDEX=(?:1|true)|UV_OFFLINE=(?:1|true)|HF_HUB_OFFLINE=1)\b/;

/** Whether a package manager is told to ask nobody, and so takes what lies on the machine. */
export function isOffline(program: string, argv: readonly string[], source: string): boolean {
  if (argv.some((arg) => withoutNetwork.test(arg))) return true;
  if (/^(?:mvn|mvnw|mvnd)$/.test(program)) return argv.includes('-o');
  return source.includes('=') && settings.test(source);
}

/** The project's own packages that a manager takes from what lies on the machine, as the copies that they are. */
export function takenFromStore(packages: readonly PackageRequest[], { directory }: Command, surroundings: Surroundings): FileAccess[] {
  const { project, tree } = surroundings;
  // A tree of many packages takes the others of its name for itself; beside it they are wanted for their text.
  const beside = directory.startsWith('/') && tree.placed && !tree.isInside(directory);
  return packages
    .filter(({ own, action, name }) => action !== 'look' && (own === true || (beside && isOfOwnScope(name, project))))
    .map(({ name }) => ({ path: `${name} from a local store`, kind: 'published_copy' }));
}

/** A package in a scope or of a vendor that is called like the project: `@vue/compiler-core` of vuejs/core. */
function isOfOwnScope(name: string, { packages }: Project): boolean {
  const scope = /^@?([^/]+)\/./.exec(name.toLowerCase())?.[1]?.replace(/[._]/g, '-');
  return scope !== undefined && packages.has(scope);
}

/** What lists the files of an installed package. */
const listers = new Map<string, RegExp>([
  ['gem', /^contents\b/],
  ['dpkg', /^(?:-L|--listfiles)\b/],
  ['dpkg-query', /^(?:-L|--listfiles)\b/],
  ['rpm', /^-\w*q\w*l|^-ql/],
  ['pacman', /^-Q\w*l/],
  ['apk', /^info\b.*\s(?:-\w*L|--contents)\b/],
  ['luarocks', /^show\b/],
  ['opam', /^show\b.*--list-files/],
  ['brew', /^(?:list|ls)\b/],
]);
/** A list of files that goes on to what shows them. */
const handedOn =
  /\|\s*(?:xargs\b[^|;]*\b(?:cat|diff|less|more|head|tail|sed|grep|rg|awk|cp|bat|sh|bash)\b|while\s+(?:IFS=\S*\s+)?read\b|parallel\b)/;

/** An installed copy of the project that a package tool itself shows: its files, its changelog, its documentation with source. */
export function shownByTool(program: string, { argv, directory }: Command, surroundings: Surroundings): FileAccess[] {
  const { project } = surroundings;
  const [, first = ''] = argv;
  const names = argv.slice(2).filter((arg) => !arg.startsWith('-'));
  const own = (name: string | undefined): FileAccess[] =>
    name !== undefined && (isPublishedAs(name, project) || namesVersion(name, project)) ? [{ path: name, kind: 'published_copy' }] : [];
  const listed = listers.get(program);
  if (listed?.test(argv.slice(1).join(' ')) === true && handedOn.test(surroundings.source))
    return argv
      .slice(2)
      .flatMap((arg) => own(arg))
      .slice(0, 1);
  const abroad = directory.startsWith('/') && !surroundings.tree.isInside(directory) && !surroundings.isMade(directory);
  if (program === 'npm' || program === 'pnpm')
    return first === 'explore' && (abroad || argv.includes('-g') || argv.includes('--global')) ? own(names[0]) : [];
  // Perl's documentation tool shows a module's source by its name, from the folders of installed ones.
  if (program === 'perldoc')
    return /^-\w*[lm]/.test(first) && !surroundings.everCalled(/\bPERL5LIB=|\bperldoc -I/)
      ? own(names.at(-1)?.replace(/::.*$/, '') ?? first)
      : [];
  if (program === 'rpm') return argv.includes('--changelog') ? own(names.at(-1)) : [];
  if (program === 'bundle') return first === 'open' && abroad ? own(names[0]) : [];
  if (program === 'gem') return first === 'unpack' ? own(names[0]?.replace(/^.*\//, '')) : first === 'open' ? own(names[0]) : [];
  if (program === 'go' && first === 'doc' && argv.includes('-src') && abroad && project.repo !== undefined)
    return names.some((name) => name.toLowerCase().includes(project.repo ?? ' ')) ? [{ path: names[0] ?? '', kind: 'published_copy' }] : [];
  return [];
}

const tools = new Set(['npm', 'pnpm', 'rpm', 'perldoc', 'bundle', 'gem', 'go', ...listers.keys()]);

export function isPackageTool(program: string): boolean {
  return tools.has(program);
}
