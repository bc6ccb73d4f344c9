import { type Manager, managers, type PackageAction, valued } from './package-managers.ts';
import { isOwnPackage, namesVersion, ownerOf, type Project } from './project.ts';
import { isPublishedAs } from './published-names.ts';

/** A package that a command asks a registry for. */
export interface PackageRequest {
  name: string;
  /** `fetch` takes the source without installing it, `look` asks for its versions or metadata. */
  action: PackageAction;
  /** Undefined when the task's project is not known. */
  own: boolean | undefined;
}

export function isPackageManager(program: string): boolean {
  return managers.some((manager) => manager.program.test(program));
}

/** The packages a command names to a package manager; local paths and requirement files are none. */
export function packagesOf(program: string, argv: string[], project: Project): PackageRequest[] {
  const manager = managers.find((one) => one.program.test(program));
  if (manager === undefined) return [];
  const { words, withOption } = wordsOf(program, argv.slice(1));
  const line = words.join(' ');
  const action =
    manager.direct ??
    manager.actions.find(([pattern]) =>
      pattern.test(
        `${line} ${argv
          .slice(1)
          .filter((arg) => arg.startsWith('-'))
          .join(' ')}`,
      ),
    )?.[1];
  if (action === undefined) return [];
  const images = /^(?:docker|podman|nerdctl)$/.test(program);
  const names = [...words.slice(skipped(manager, line)), ...withOption]
    .filter((word) => isPackageName(word, program))
    // Of an image only one with an owner is published; behind it stands a command.
    .filter((word, index) => !images || (index === 0 && (word.includes('/') || line.startsWith('pull'))));
  if (program.startsWith('pip') && action === 'install' && isToolUpgrade(names)) return [];
  return names.map((word): PackageRequest => ({ name: nameOf(word, program), action, own: isOwn(word, program, action, project) }));
}

/** Coordinates that Maven's goals take as properties. */
const namesArtifact = /^-D(?:artifact|dependency|artifactId|includeArtifactIds?)=./;
/** Runners of single files that fetch what their options name. */
const dependencyTools = /^(?:jbang|scala-cli|scala|kotlin|kscript|groovy|jgo)$/;
const dependencyOption = /^(?:--deps?|--dependency|--dependencies)(?:=|$)/;

function wordsOf(program: string, args: string[]): { words: string[]; withOption: string[] } {
  const words: string[] = [];
  const withOption: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const next = args[at + 1] ?? '';
    if (arg === '--source' && /^(?:gem|nuget|dotnet|choco|winget)$/.test(program)) at += 1;
    if (program.startsWith('nix') && /^(?:-A|--attr|-p|--packages|-iA)$/.test(arg)) continue;
    if (/^(?:pacman|yay|paru)$/.test(program) && /^-[SQGw][a-z]*$/.test(arg)) words.push(arg);
    else if (valued.test(arg) && !(arg === '-e' && program === 'npx') && !(/^-[oeCfp]$/.test(arg) && program.startsWith('mvn'))) {
      if ((arg === '--with' || (arg === '-p' && /^(?:npx|npm|pnpm|yarn)$/.test(program))) && next !== '') withOption.push(next);
      at += 1;
    } else if (arg.startsWith('--diff=')) words.push(arg.slice(7));
    else if (namesArtifact.test(arg)) withOption.push(...arg.slice(arg.indexOf('=') + 1).split(','));
    else if (dependencyOption.test(arg) && dependencyTools.test(program)) {
      withOption.push(...(arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : next).split(','));
      at += arg.includes('=') ? 0 : 1;
    } else if (program === 'ivy' && arg === '-dependency') {
      withOption.push(`${next}:${args[at + 2] ?? ''}`);
      at += 3;
    } else if (program === 'cargo' && words.length === 0 && arg.startsWith('+')) continue;
    else if (!arg.startsWith('-')) words.push(arg);
  }
  return { words, withOption };
}

function skipped(manager: Manager, line: string): number {
  if (manager.direct !== undefined) return 0;
  return manager.before?.test(line) === true || /^(?:index|hex\.package) \w/.test(line) ? 2 : 1;
}

/** `pip install -U pip setuptools wheel` readies an environment, whichever of them the project is. */
function isToolUpgrade(names: string[]): boolean {
  return (
    names.length > 0 &&
    names.every((name) => /^(?:pip|setuptools|wheel|build|virtualenv)(?:[<>=~!]=?[\d.*]+)?$/.test(name)) &&
    (names.length > 1 || !/[=<>~]/.test(names[0] ?? ''))
  );
}

function nameOf(word: string, program: string): string {
  if (program === 'go') return word.replace(/@.*$/, '');
  return word.replace(/^(@?[^@=<>!~[;]+).*$/, '$1');
}

/** How registries and distributions write names: with channels, versions, outputs and prefixes of their own. */
function isOwn(word: string, program: string, action: PackageAction, project: Project): boolean | undefined {
  const name = nameOf(word, program);
  const known = isOwnPackage(name, project);
  if (known !== false) return known;
  if (namesVersion(name, project)) return true;
  if (action !== 'install' && /^@[^/]+\//.test(name)) {
    const scope = name
      .slice(1, name.indexOf('/'))
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '');
    if (scope === ownerOf(project) || project.packages.has(scope)) return true;
  }
  const artifact = /^[\w.-]+:([\w.-]+)(?::|$)/.exec(name)?.[1];
  if (artifact !== undefined && isPublishedAs(artifact, project)) return true;
  const plain = name
    .replace(/^(?:[\w.-]+\/)+(?=[\w.-]+:[\w.-]+$)/, '')
    .replace(/^.*(?:::|#|nixpkgs\.|pkgs\.)/, '')
    .replace(/^(?:npm|jsr|gem|hex|cran|pypi|github|src|docker|docker\.io):/, '')
    .replace(/[:/](?:\w+|\^?[\d.]+\S*)$/, '')
    .replace(/\.(?:src|out|source|dev)$/, '');
  return plain.length > 1 && isPublishedAs(plain, project);
}

function isPackageName(word: string, program: string): boolean {
  if (/^(?:\.|\/|~|file:|<)/.test(word) || word.includes('://') || /\.(?:whl|tgz|gem|zip|deb|tar\.gz|txt|py|go|rs|nix|ya?ml)$/.test(word))
    return false;
  return program === 'go' ? word.includes('.') : true;
}

const inCode: [pattern: RegExp, action: PackageAction][] = [
  [/(?:@Grab\s*\(\s*["'](?:[\w.]+:)?|\/\/>? ?(?:using (?:dep|lib)|DEPS)\s+["']?|import \$ivy\.`)([\w.:-]+)/g, 'install'],
  [
    /\b(?:install\.packages|pak::pak|pak|BiocManager::install|renv::install|install_(?:version|cran|github|gitlab|url|dev)|package-install|package-vc-install|straight-use-package|quickload|Pkg\.(?:add|develop|update)|CPAN::install|Mix\.install|micropip\.install|pip_main|pipmain)\s*\(?\s*\[?\s*(?:c\()?\s*["':]?([\w./@-]+)/g,
    'install',
  ],
  [
    /\b(?:download\.packages|available\.packages|package-desc-archive|Pkg\.(?:download|clone)|quicklisp|getAnywhereRemote)\s*\(?\s*["':]?([\w./@-]+)/g,
    'fetch',
  ],
];

/** Packages that a program in another language asks its registry for: `install.packages("x")`, `(package-install 'x)`. */
export function packagesInCode(code: string, project: Project): PackageRequest[] {
  if (!/install|Pkg\.|package|quick|@Grab|\/\/>? ?(?:using|DEPS)|\$ivy/.test(code)) return [];
  return inCode.flatMap(([pattern, action]) =>
    [...code.matchAll(pattern)].map((match): PackageRequest => {
      const name = match[1] ?? '';
      return { name, action, own: isOwn(name, 'code', action, project) };
    }),
  );
}

/** Addresses in a package manager's words: `git+https://…`, `github:owner/name`, `--git URL`. */
export function packageAddresses(program: string, argv: string[]): string[] {
  if (!isPackageManager(program)) return [];
  return argv.slice(1).flatMap((arg, index) => {
    const url = /(?:git\+)?(?:https?|ssh|git):\/\/[^\s'"]+/.exec(arg)?.[0];
    if (url !== undefined) return /index-url|registry|proxy/.test(arg) || /\/simple\/?$/.test(url) ? [] : [url.replace(/^git\+/, '')];
    const short = /^(?:github|gitlab|bitbucket|gist):(.+)$/.exec(arg)?.[1];
    if (short !== undefined) return [`https://github.com/${short}`];
    // npm takes `owner/name` for a repository on GitHub.
    return (program === 'npx' ? index === 0 : /^(?:npm|pnpm|yarn|bun)$/.test(program) && /^(?:i|install|add)$/.test(argv[1] ?? '')) &&
      /^[\w-]+\/[\w.-]+(?:#\S+)?$/.test(arg)
      ? [`https://github.com/${arg}`]
      : [];
  });
}
