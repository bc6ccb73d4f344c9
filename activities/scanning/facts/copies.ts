import { dynamicText } from '../extraction/shell-syntax.ts';
import { packageTail, placeOf } from './places.ts';
import { isOwnModulePath, namesVersion, normalisedPackage, ownerOf, type Project } from './project.ts';

/**
 * Whether a path lies in another copy of the task's own project: `kept` where only a published, cached, bundled or
 * second copy can lie, `installed` where the project as it is may be installed too, `kin` for a package under the
 * owner's name.
 */
export type Copy = 'kept' | 'installed' | 'kin';

const archive = /\.(?:whl|egg|zip|tar|tgz|tbz2?|txz|gem|jar|aar|crate|nupkg|conda|deb|rpm|apk|phar|dll|bundle|tar\.\w+)$/i;
/** Markers behind which every entry has a version, or which other programs brought along. */
const keeps =
  /^(?:pkg\/mod|registry|git\/checkouts|gems|\.m2|files-2|modules-2|\.ivy2|\.coursier|coursier|\.nuget|nuget|\.composer|composer|\.hex|\.pub-cache|\.julia|\.opam|download-cache|\.cabal|\.stack|luarocks|\.conan|vcpkg|Cellar|nix\/store|pkgs|_cacache|\.yarn|\.pnpm|\.cache|pip\/|uv\/|wheel|pipx|\.pyenv|elpa|site-lisp|nvim|pack|\.vim|_vendor|vendor|third_party|ensurepip|usr\/|share\/)/;
/** Folders whose names say nothing: `lib/python3.9`, `src`, a hash. */
const isOwnName = (part: string, project: Project) => {
  const plain = normalisedPackage(part.replaceAll('!', '').replace(/\.(?:py[cio]?|[cm]?[jt]sx?|rb|git)$/, ''));
  return project.packages.has(plain) || project.modules.has(plain) || (/[a-z]\d$/.test(plain) && project.packages.has(plain.slice(0, -1)));
};

/** `path` is absolute or from the home folder, or lies in a folder of packages inside the tree. */
export function copyOfProject(path: string, project: Project): Copy | undefined {
  if (project.packages.size === 0) return undefined;
  if (!/(?:dist|egg)-info/.test(path) && path.split('/').some((part) => namesVersion(part, project) || isOwnArchive(part, project)))
    return 'kept';
  const within = packageTail(path);
  if (within === undefined) return besideTree(path, project);
  const { marker, tail, nested } = within;
  const parts = tail.filter((part) => part !== '*' && part !== '**');
  const [first = '', second = ''] = parts;
  if (first === '') return undefined;
  const kept =
    keeps.test(marker) || nested || /\/(?:\.tox|\.nox|pipx|pre-commit|\.cache|buildpack|envs?\/(?!testbed)[\w.-]+|old|backup)\//.test(path);
  const sure: Copy = kept ? 'kept' : 'installed';
  if (marker.startsWith('pkg/mod') && (isOwnModulePath(parts.join('/'), project) || goPathNames(parts, project))) return 'kept';
  if (parts.some((part) => namesVersion(part, project))) return sure;
  if (first.startsWith('@')) return scoped(first, second, sure, project);
  const shallow = /^(?:\.m2|files-2|modules-2|\.ivy2|\.coursier|coursier|_cacache|\.cache|\.conan|nix|\.yarn|usr|share|git)/.test(marker)
    ? parts.length
    : 2;
  const at = parts.slice(0, shallow).findIndex((part) => isOwnName(part, project));
  if (at === 0) return sure;
  if (at > 0) return 'kept';
  if (vendorOfOwner(marker, first, second, project)) return 'kept';
  const deep = parts.findIndex((part) => isOwnName(part, project) && part.length > 4);
  return deep > 0 && deep < parts.length - 1 ? 'kept' : undefined;
}

function goPathNames(parts: string[], project: Project): boolean {
  const plain = parts.join('/').toLowerCase().replaceAll('!', '');
  return project.repo !== undefined && plain.includes(project.repo);
}

function scoped(scope: string, name: string, sure: Copy, project: Project): Copy | undefined {
  const owner = scope
    .slice(1)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  if (owner === 'types') return undefined;
  const plain = normalisedPackage(name);
  const own = [...project.packages].some((one) => one.replace(/[^a-z0-9]/g, '') === owner);
  const kin = own || owner === ownerOf(project);
  if (project.packages.has(plain) && kin) return sure;
  return kin ? (sure === 'kept' ? 'kept' : 'kin') : undefined;
}

/** Registries that name the owner: `symfony/yaml`, `org/springframework/boot/spring-boot`, `polly.core`. */
function vendorOfOwner(marker: string, first: string, second: string, project: Project): boolean {
  const owner = ownerOf(project);
  if (/composer|vendor/.test(marker)) return owner !== '' && first.toLowerCase() === owner && project.packages.has(owner) && second !== '';
  return /nuget/.test(marker) && [...project.packages].some((own) => normalisedPackage(first).startsWith(`${own}-`));
}

/** `name*.whl`, `name-sources.jar`: an archive called after the project. */
function isOwnArchive(part: string, project: Project): boolean {
  if (!archive.test(part)) return false;
  const plain = normalisedPackage(
    part.replace(/(?:[-_.]?\*).*$|(?:[-_](?:sources|javadoc|all|src|full|min|bundle))*\.\w+(?:\.\w+)?$/i, ''),
  );
  return plain.length > 2 && project.packages.has(plain);
}

/** Projects that are a language: its own library is an installed copy of them. */
const languages: [repo: RegExp, where: RegExp][] = [
  [/^python\/cpython$/, /\/lib\/python\d/],
  [/^golang\/go$/, /\/go\/src\//],
  [/^rust-lang\/rust$/, /rustlib\/src/],
  [/^ruby\/ruby$/, /\/lib\/ruby/],
  [/^erlang\/otp$/, /\/erlang\//],
  [/^elixir-lang\/elixir$/, /\/elixir\//],
  [/^crystal-lang\/crystal$/, /\/crystal\//],
  [/^julialang\/julia$/, /\/julia\//],
  [/^ziglang\/zig$/, /\/zig\//],
  [/^ocaml\/ocaml$/, /\/ocaml\//],
];

/** A second copy outside folders of packages: a name of the project, with or without a version, outside its tree. */
function besideTree(path: string, project: Project): Copy | undefined {
  if (path.startsWith(dynamicText)) return undefined;
  const place = placeOf(path);
  if (place === 'language')
    return languages.some(([repo, where]) => repo.test(project.repo ?? '') && where.test(path)) ? 'installed' : undefined;
  const parts = path.split('/').filter((part) => part !== '');
  if (place === 'system' && !/^(?:\/usr\/(?:local\/)?(?:share|src|lib)|\/opt|~|\/root|\/home|\/var\/lib)\//.test(path)) return undefined;
  const from = place === 'home' || place === 'system' || place === 'temporary' ? 1 : 0;
  for (let at = from; at < parts.length - 1; at += 1) {
    const part = parts[at] ?? '';
    if (/^(?:\.?cache|\.?config|etc|log|logs|bin|envs?|state)$/.test(parts[at - 1] ?? '')) continue;
    if (part.startsWith('.') && at + 2 >= parts.length) continue;
    // `/opt/name/etc`, `~/name/name.cfg`: a tool's own folder, not the project's source.
    if (
      /^(?:bin|etc|envs?|condabin|conf|var|run|logs?|data)$/.test(parts[at + 1] ?? '') ||
      /\.(?:cfg|conf|ini|log|pid|lock|db|sqlite3?|env|rc|csv|sock)$/.test(path)
    )
      continue;
    if (isOwnName(part.replace(/^\./, ''), project)) return 'kept';
  }
  return undefined;
}
