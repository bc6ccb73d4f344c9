import { dynamicText } from '../extraction/shell-syntax.ts';
import { packageTail, placeOf } from './places.ts';
import { isPublishedAs } from './published-names.ts';
import { isOwnModulePath, namesVersion, normalisedPackage, ownerOf, type Project } from './project.ts';

/**
 * Whether a path lies in another copy of the task's own project: `kept` where only a published, cached, bundled or
 * second copy can lie, `installed` where the project as it is may be installed too, `member` for a package under
 * the project's own name, `kin` for one under the owner's.
 */
export type Copy = 'kept' | 'installed' | 'member' | 'kin';

const archive = /\.(?:whl|egg|zip|tar|tgz|tbz2?|txz|gem|jar|aar|crate|nupkg|conda|deb|rpm|apk|phar|dll|bundle|tar\.\w+)$/i;
/** Markers behind which every entry has a version, or which other programs brought along. */
const keeps =
  /^(?:pkg\/mod|registry|git\/(?:checkouts|db)|gems|\.m2|files-2|modules-2|\.ivy2|\.coursier|coursier|\.nuget|nuget|\.composer|composer|\.hex|\.pub-cache|\.julia|\.opam|download-cache|\.cabal|\.stack|luarocks|\.conan|vcpkg|Cellar|nix\/store|pkgs|_cacache|\.yarn|\.pnpm|\.cache|pip\/|uv\/|wheel|pipx|\.pyenv|elpa|site-lisp|nvim|pack|\.vim|_vendor|vendor|third_party|ensurepip|usr\/|share\/)/;
/** What tools keep among the packages under their own names: `node_modules/.vite/vitest/results.json`. */
const cachesOfTools = /^\.(?:vite|vitest|cache|vite-temp|tmp)$/;
/** Whether a folder or file is called like the project, with an ending, a version behind `@`, or a hash that a store adds. */
const isOwnName = (part: string, project: Project) => {
  const plain = normalisedPackage(
    part.replaceAll('!', '').replace(/\.(?:py[cio]?|[cm]?[jt]sx?|rb|pm|git)$|-(?=[a-f]*\d)[0-9a-f]{6,40}$|(?<=\w)@v?\d[\w.]*$/, ''),
  );
  return project.modules.has(plain) || isPublishedAs(plain, project);
};

/** What a folder that a release was unpacked to says of the machine that it is for. */
const platform =
  /[-_.](?:linux|darwin|macos|windows|win|unknown|apple|pc|gnu|musl|x86[-_]64|x64|amd64|arm64|aarch64|i686|bin|dist|src|release)(?=[-_.]|$)/gi;

function isOwnFolder(part: string, project: Project): boolean {
  if (isOwnName(part, project)) return true;
  const bare = part.replace(platform, '');
  return bare !== part && (isOwnName(bare, project) || namesVersion(bare, project));
}

/** `path` is absolute or from the home folder, or lies in a folder of packages inside the tree. */
export function copyOfProject(path: string, project: Project): Copy | undefined {
  // What conda notes of an environment is no copy of a package, whatever the environment is called.
  if (project.packages.size === 0 || path.includes('/conda-meta/')) return undefined;
  if (!/(?:dist|egg)-info/.test(path) && path.split('/').some((part) => namesVersion(part, project) || isOwnArchive(part, project)))
    return 'kept';
  if (isExtensionOf(path, project) || isAmalgamation(path, project)) return 'kept';
  const within = packageTail(path);
  if (within === undefined) return besideTree(path, project);
  const { marker, tail, nested } = within;
  const parts = tail.filter((part) => part !== '*' && part !== '**').map((part, at) => (at === 0 ? withoutPrefix(part, marker) : part));
  const [first = '', second = ''] = parts;
  if (first === '' || (marker.endsWith('node_modules') && cachesOfTools.test(first))) return undefined;
  // Conan's second version cuts names to five letters and adds a hash.
  if (marker === '.conan2/p' && parts.some((part) => [...project.packages].some((own) => isCutName(part, own)))) return 'kept';
  // Stores that write a group of Maven's as one name: `com.typesafe.akka` stands for its last part.
  if (isOfGroups(marker) && first.includes('.') && isOwnName(first.slice(first.lastIndexOf('.') + 1), project)) return 'kept';
  const kept =
    keeps.test(marker) || nested || /\/(?:\.tox|\.nox|pipx|pre-commit|\.cache|buildpack|envs?\/(?!testbed)[\w.-]+|old|backup)\//.test(path);
  const sure: Copy = kept ? 'kept' : 'installed';
  if (marker.startsWith('pkg/mod') && (isOwnModulePath(parts.join('/'), project) || goPathNames(parts, project))) return 'kept';
  if (parts.some((part) => namesVersion(part, project))) return sure;
  if (nested && isPartWithin(path, first, project)) return 'kept';
  if (first.startsWith('@')) return scoped(first, second, sure, project);
  const shallow = /^(?:\.m2|files-2|modules-2|\.ivy2|\.coursier|coursier|_cacache|\.cache|\.conan|nix|\.yarn|usr|share|git)/.test(marker)
    ? parts.length
    : 2;
  // A module's name is spread over folders: `Perl/Critic/Utils.pm`, `poetry/core/a.py`.
  if (second !== '' && isOwnName(`${first}-${second}`, project)) return sure;
  const at = parts.slice(0, shallow).findIndex((part) => isOwnName(part, project));
  // PHP's vendors stand before the name: `vendor/composer/semver` is no Composer.
  if (at === 0 && second !== '' && path.endsWith('.php') && marker.endsWith('vendor') && first.toLowerCase() === ownerOf(project))
    return isOwnName(second, project) ? sure : vendorOfOwner(marker, first, second, project) ? 'kept' : undefined;
  if (at === 0) return sure;
  if (at > 0) return 'kept';
  if (vendorOfOwner(marker, first, second, project)) return 'kept';
  const deep = parts.findIndex((part, index) => index > 0 && part.length > 4 && isOwnName(part, project) && !isNamespace(parts, index));
  if (deep > 0 && deep < parts.length - 1) return 'kept';
  return ofOwnGroup(marker, parts, project) ? 'kin' : undefined;
}

/**
 * Whether a folder is there for the extension that follows it: what is published as `name-ext` keeps its files under
 * `name/ext`, and is no copy of `name`.
 */
function isNamespace(parts: readonly string[], at: number): boolean {
  const [extension = ''] = /^[^.]+/.exec(parts[at + 1] ?? '') ?? [];
  const published = normalisedPackage((parts[0] ?? '').replace(/[-@]v?\d[\w.]*$/, ''));
  return extension !== '' && published === normalisedPackage(`${parts[at] ?? ''}-${extension}`);
}

function isOfGroups(marker: string): boolean {
  return /^(?:\.m2|files-2|modules-2|\.ivy2|\.coursier|coursier)/.test(marker);
}

/** A group of Maven's that is called after the project or its owner: `org.ballerinalang` of ballerina-platform/ballerina-lang. */
function ofOwnGroup(marker: string, parts: readonly string[], project: Project): boolean {
  if (!isOfGroups(marker)) return false;
  const owner = ownerOf(project);
  const names = [...project.packages].map((own) => own.replaceAll('-', '')).filter((own) => own.length > 4);
  return parts
    .flatMap((part) => part.split('.'))
    .some(
      (part) =>
        names.includes(part.toLowerCase()) ||
        (owner.length > 4 && owner !== 'apache' && owner !== 'google' && part.toLowerCase() === owner),
    );
}

/** An editor's extension, which bears its publisher, name and version: `rust-lang.rust-analyzer-0.3.1`. */
function isExtensionOf(path: string, project: Project): boolean {
  const name = path.includes('/extensions/') ? /\/extensions\/[\w-]+\.([^/]+)\/./.exec(path)?.[1] : undefined;
  return name !== undefined && namesVersion(name, project);
}

/** The whole project in one file, as other software takes it along: `sqlite3.c`, `json.hpp`, `moment.min.js`. */
function isAmalgamation(path: string, project: Project): boolean {
  const name = /\/([\w.-]+)\.(?:c|cc|cpp|hpp|min\.js)$/.exec(path)?.[1];
  return name !== undefined && isOwnName(name, project);
}

/** A package under the project's name with more behind it, within the folder of the project's own: `jest/node_modules/jest-diff`. */
function isPartWithin(path: string, first: string, { packages }: Project): boolean {
  const own = /\/node_modules\/([^/]+)\/node_modules\//.exec(path)?.[1]?.toLowerCase();
  return own !== undefined && packages.has(own) && first.toLowerCase().startsWith(`${own}-`);
}

function isCutName(part: string, own: string): boolean {
  const cut = own.slice(0, 5);
  return own.length > 2 && part.startsWith(cut) && /^[0-9a-f]{6,}$/.test(part.slice(cut.length));
}

/** Stores that put a hash or an organisation before the name: `1x2y-curl-8.5`, `com_google_protobuf`. */
function withoutPrefix(part: string, marker: string): string {
  if (marker === 'nix/store') return part.replace(/^\w+-(?=.)/, '');
  return marker.endsWith('/external') ? part.replace(/^(?:com|org|io|net|dev)_(?:google_|github_(?:[^_]+_(?=.))?)?/, '') : part;
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
  // A name that is written as scope and package: `@apollo/client` of apollo-client.
  if (isOwnName(`${scope.slice(1)}-${name}`, project)) return sure;
  const own = [...project.packages].some((one) => one.replace(/[^a-z0-9]/g, '') === owner);
  const kin = own || owner === ownerOf(project);
  if (project.packages.has(plain) && kin) return sure;
  if (!kin) return undefined;
  return sure === 'kept' ? 'kept' : own ? 'member' : 'kin';
}

/** Registries that name the owner: `symfony/yaml`, `org/springframework/boot/spring-boot`, `polly.core`. */
function vendorOfOwner(marker: string, first: string, second: string, project: Project): boolean {
  const owner = ownerOf(project);
  // Its own components, not what another repository of the owner holds.
  if (/composer|vendor/.test(marker))
    return owner !== '' && owner !== 'composer' && first.toLowerCase() === owner && project.packages.has(owner) && second !== '';
  return /nuget/.test(marker) && [...project.packages].some((own) => normalisedPackage(first).startsWith(`${own}-`));
}

/**
 * `name*.whl`, `name-sources.jar`, `r-cran-name_1.2_amd64.deb`, `3f…--name-1.2.tar.gz`: an archive called after the
 * project. A hash may stand in front, as downloads are kept; from the version on, nothing more is the name's.
 */
function isOwnArchive(part: string, project: Project): boolean {
  if (!archive.test(part)) return false;
  const file = part.replace(/^[0-9a-f]+--|-npm-\d.*$/g, '');
  const versioned = file.search(/[-_]v?\d+[._]/);
  const plain = normalisedPackage(
    versioned > 0
      ? file.slice(0, versioned)
      : file.replace(/(?:[-_.]?\*).*$|(?:[-_](?:sources|javadoc|all|src|full|min|bundle))*(?:\.tar)?\.\w+$/i, ''),
  );
  if (plain.length > 2 && isPublishedAs(plain, project)) return true;
  // The assemblies of .NET bear the name of their package with a part of it behind.
  return file.endsWith('.dll') && [...project.packages].some((own) => own.length > 3 && plain.startsWith(`${own}-`));
}

const takesApart =
  /^(?:objdump|gdb|lldb|dwarfdump|llvm-(?:objdump|dwarfdump)|r2|radare2|rizin|rz-\w+|retdec-decompiler(?:\.py)?|ghidra\w*|analyzeHeadless|unzip|bsdtar|7za?)$/;

/** An installed program or library of the project that a command takes apart: a zipped application, compiled code. */
export function takenApart(path: string, program: string, source: string, project: Project): boolean {
  const name = /^\/(?:usr|opt|bin|lib\w*|nix)(?:\/[\w.+-]+)*?\/([\w+-]+?)(?:\.(?:so|dylib|a|pyz|pex|shiv|par|exe|phar)[\d.]*)?$/.exec(
    path,
  )?.[1];
  if (name === undefined) return false;
  // A compiled library is called `libname` whoever publishes it.
  const bare = /\.(?:so|dylib|a)\b/.test(path) ? name.replace(/^lib(?=[a-z]{2})/, '') : name;
  if (![name, bare].some((one) => isPublishedAs(one, project) || project.modules.has(normalisedPackage(one)))) return false;
  return takesApart.test(program) || (program === 'cat' && /\bzip(?:file|import|app)\b|ZipFile/.test(source));
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

/** A project that is the language, one of the libraries that come with Ruby, or a library whose headers are installed. */
function ofLanguage(path: string, project: Project): boolean {
  const { repo = '' } = project;
  if (languages.some(([known, where]) => known.test(repo) && where.test(path))) return true;
  const name =
    /\/include\/(?:[\w-]+-linux-gnu\/)?([\w.+-]+)/.exec(path)?.[1] ??
    /\/(?:vendor_ruby|site_ruby|site_perl|share\/perl)\/(?:[\d.]+\/)?([\w-]+)/.exec(path)?.[1] ??
    (repo.startsWith('ruby/') ? /\/lib\/ruby\/[\d.]+\/([\w-]+)/.exec(path)?.[1] : undefined);
  // `boost/json` of boostorg/json.
  const both = /\/include\/([\w-]+)\/([\w-]+)/.exec(path);
  if (both !== null && isOwnName(`${both[1] ?? ''}-${both[2] ?? ''}`, project)) return true;
  return name !== undefined && isOwnName(name.replace(/\.(?:h|hpp|hh|rb|pm)$/, ''), project);
}

/** A second copy outside folders of packages: a name of the project, with or without a version, outside its tree. */
function besideTree(path: string, project: Project): Copy | undefined {
  if (path.startsWith(dynamicText)) return undefined;
  const place = placeOf(path);
  if (place === 'language') {
    if (ofLanguage(path, project)) return 'installed';
    const home = /^\/opt\/([^/]+)\//.exec(path)?.[1];
    return home !== undefined && isOwnFolder(home, project) ? 'kept' : undefined;
  }
  const parts = path.split('/').filter((part) => part !== '');
  if (
    place === 'system' &&
    !/^(?:\/snap|\/usr\/(?:local\/)?(?:share|src|lib|libexec)|\/usr\/local\/(?!s?bin|etc|include|man|var)[^/]+|\/opt|~|\/root|\/home|\/var\/lib)\//.test(
      path,
    )
  )
    return undefined;
  const from = place === 'home' || place === 'system' || place === 'temporary' ? 1 : 0;
  for (let at = from; at < parts.length - 1; at += 1) {
    const part = parts[at] ?? '';
    if (/^(?:\.?cache|\.?config|etc|log|logs|bin|envs?|state)$/.test(parts[at - 1] ?? '')) continue;
    if (part.startsWith('.') && (at + 2 >= parts.length || place === 'temporary')) continue;
    if (parts[at - 1] === 'share' && parts[at - 2] === '.local' && !/\.(?:py|[cm]?[jt]sx?|go|rs|java|rb|php|c|cc|h|lua|el|vim)$/.test(path))
      continue;
    // `/opt/name/etc`, `~/name/name.cfg`: a tool's own folder, not the project's source.
    if (
      (at < 4 && /^(?:bin|etc|envs?|condabin|conf|var|run|logs?|data)$/.test(parts[at + 1] ?? '')) ||
      /\.(?:cfg|conf|ini|log|pid|lock|db|sqlite3?|env|rc|csv|sock)$/.test(path)
    )
      continue;
    if (isOwnFolder(part.replace(/^\./, ''), project)) return 'kept';
  }
  return undefined;
}
