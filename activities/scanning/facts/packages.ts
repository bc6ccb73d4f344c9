import { isOwnPackage, type Project } from './project.ts';

/** A package that a command asks a registry for. */
export interface PackageRequest {
  name: string;
  /** `fetch` takes the source without installing it, `look` asks for its versions or metadata. */
  action: 'install' | 'fetch' | 'look';
  /** Undefined when the task's project is not known. */
  own: boolean | undefined;
}

interface Manager {
  program: RegExp;
  /** Subcommands (the first words) by what they do. */
  actions: [words: RegExp, action: PackageRequest['action']][];
}

const managers: Manager[] = [
  {
    program: /^(?:pip[\d.]*|pipx|uv|poetry|pdm|rye|conda|mamba|micromamba|easy_install|pipenv|hatch)$/,
    actions: [
      [/^(?:pip )?download\b/, 'fetch'],
      [/^(?:pip )?(?:install|wheel|add|sync)\b|^(?:run|tool install|tool run|create|inject|upgrade)\b/, 'install'],
      [/^(?:pip )?(?:index|search)\b|^(?:repoquery)\b/, 'look'],
    ],
  },
  {
    program: /^(?:npm|yarn|pnpm|bun|npx|bunx|deno|cnpm)$/,
    actions: [
      [/^pack\b/, 'fetch'],
      [/^(?:install|i|add|ci|update|upgrade|up|dlx|exec|create|global add)\b/, 'install'],
      [/^(?:view|info|show|v|search|npm info|outdated|dist-tag|diff|docs|repo|home|bugs)\b|^diff\b/, 'look'],
    ],
  },
  {
    program: /^go$/,
    actions: [
      [/^mod download\b/, 'fetch'],
      [/^(?:get|install|run)\b/, 'install'],
      [/^list\b/, 'look'],
    ],
  },
  {
    program: /^cargo$/,
    actions: [
      [/^(?:download|clone|vendor|fetch)\b/, 'fetch'],
      [/^(?:install|add|binstall|update)\b/, 'install'],
      [/^(?:search|info|show)\b/, 'look'],
    ],
  },
  {
    program: /^gem$/,
    actions: [
      [/^(?:fetch|unpack)\b/, 'fetch'],
      [/^(?:install|update)\b/, 'install'],
      [/^(?:search|list|info|specification|query)\b/, 'look'],
    ],
  },
  {
    program: /^composer$/,
    actions: [
      [/^(?:create-project|archive)\b/, 'fetch'],
      [/^(?:require|update|global require)\b/, 'install'],
      [/^(?:show|search|info|browse)\b/, 'look'],
    ],
  },
  {
    program: /^(?:apt|apt-get|aptitude|apk|yum|dnf|brew|zypper|pacman)$/,
    actions: [
      [/^(?:source|download|fetch)\b/, 'fetch'],
      [/^(?:install|add|reinstall|-S)\b/, 'install'],
      [/^(?:show|search|info|policy)\b/, 'look'],
    ],
  },
  { program: /^(?:mvn|mvnw|gradle|gradlew)$/, actions: [[/^\S*dependency:(?:get|copy|unpack|sources)/, 'fetch']] },
  {
    program: /^(?:luarocks|cpan|cpanm|nuget|dotnet|mix|opam|cabal|stack|vcpkg|conan)$/,
    actions: [
      [/^(?:download|unpack|get|fetch|look)\b/, 'fetch'],
      [/^(?:install|add|\S+::)\b/, 'install'],
    ],
  },
];
const valued =
  /^(?:-r|--requirement|-c|--constraint|-i|--index-url|--extra-index-url|-d|--dest|-t|--target|--prefix|--python-version|--platform|--only-binary|--no-binary|--abi|-n|--name|-p|--path|--root|--version|--registry|-f|--find-links|--cache-dir|--proxy|--features|--timeout|--retries|-o|--source|-e|--editable|--group|-G|--with|--python|--trusted-host|--pack-destination|--modfile|-C)$/;

export function isPackageManager(program: string): boolean {
  return managers.some((manager) => manager.program.test(program));
}

/** The packages a command names to a package manager; local paths and requirement files are none. */
export function packagesOf(program: string, argv: string[], project: Project): PackageRequest[] {
  const manager = managers.find((one) => one.program.test(program));
  if (manager === undefined) return [];
  const args = argv.slice(1);
  const words: string[] = [];
  const withOption: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const next = args[at + 1] ?? '';
    if (valued.test(arg) && !(arg === '-e' && program === 'npx')) {
      if ((arg === '--with' || arg === '-p') && next !== '') withOption.push(next);
      at += 1;
    } else if (arg.startsWith('--diff=')) {
      words.push(arg.slice(7));
    } else if (arg.startsWith('-Dartifact=')) withOption.push(arg.slice(11).split(':')[1] ?? '');
    else if (!arg.startsWith('-') || arg === '-S') words.push(arg);
  }
  const line = words.join(' ');
  const direct = program === 'npx' || program === 'bunx' || program === 'easy_install' || program === 'cpanm';
  const action = direct ? 'install' : manager.actions.find(([pattern]) => pattern.test(line))?.[1];
  if (action === undefined) return [];
  const skipped = direct ? 0 : /^(?:pip|mod|tool|global|npm|index|npm) \w/.test(line) ? 2 : 1;
  return [...words.slice(skipped), ...withOption]
    .filter((word) => isPackageName(word, program))
    .map((word): PackageRequest => {
      const name = program === 'go' ? word.replace(/@.*$/, '') : word.replace(/^(@?[^@=<>!~[;]+).*$/, '$1');
      return { name, action, own: isOwnPackage(name, project) };
    });
}

function isPackageName(word: string, program: string): boolean {
  if (/^(?:\.|\/|~|file:)/.test(word) || /:\/\//.test(word) || /\.(?:whl|tgz|gem|zip|deb|tar\.gz|txt|py|go|rs)$/.test(word)) return false;
  return program === 'go' ? word.includes('.') : true;
}

/** Addresses in a package manager's words: `git+https://…`, `github:owner/name`, `--git URL`. */
export function packageAddresses(program: string, argv: string[]): string[] {
  if (!managers.some((one) => one.program.test(program))) return [];
  return argv.slice(1).flatMap((arg) => {
    const url = /(?:git\+)?(?:https?|ssh|git):\/\/[^\s'"]+/.exec(arg)?.[0];
    if (url !== undefined) return /index-url|registry|proxy/.test(arg) || /\/simple\/?$/.test(url) ? [] : [url.replace(/^git\+/, '')];
    const short = /^(?:github|gitlab|bitbucket|gist):(.+)$/.exec(arg)?.[1];
    return short === undefined ? [] : [`https://github.com/${short}`];
  });
}
