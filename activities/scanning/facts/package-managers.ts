/** What a package manager's command asks a registry for: to install, to take the source, or to look something up. */
export type PackageAction = 'install' | 'fetch' | 'look';

export interface Manager {
  program: RegExp;
  /** Commands by their first words; a command that none of them names asks no registry. */
  actions: [words: RegExp, action: PackageAction][];
  /** Words before the names of packages, where they are not one. */
  before?: RegExp;
  /** Every word behind the options names a package. */
  direct?: PackageAction;
}

/** Package managers by what their commands ask of a registry. Options with words count as words here. */
export const managers: Manager[] = [
  {
    program: /^(?:pip[\d.]*|pipx|uv|poetry|pdm|rye|conda|mamba|micromamba|pipenv|hatch|pixi)$/,
    before: /^(?:pip|tool|global) \w/,
    actions: [
      [/^(?:pip )?(?:download|wheel)\b/, 'fetch'],
      [/^(?:pip )?(?:install|add|sync)\b|^(?:run|tool install|tool run|create|inject|upgrade|global install)\b/, 'install'],
      [/^(?:pip )?(?:index|search)\b|^(?:repoquery)\b/, 'look'],
    ],
  },
  {
    program:
      /^(?:easy_install|cpanm|npx|bunx|uvx|pnpx|yay|paru|pkg_add|pulp|dget|debcheckout|pull-(?:lp|debian|ppa|uca)-source|debsnap|chdist|rmadison|apt-file|yumdownloader|apt-source|asp|pkgctl|fedpkg|centpkg|pipdownload|whohas|unpkg)$/,
    actions: [],
    direct: 'install',
  },
  {
    program: /^(?:npm|yarn|pnpm|bun|deno|cnpm|ni)$/,
    before: /^(?:npm|global|cache) \w/,
    actions: [
      [/^(?:pack|npm pack|cache add)\b/, 'fetch'],
      [/^(?:install|i|add|ci|update|upgrade|up|dlx|exec|create|global add|x)\b/, 'install'],
      [/^(?:view|info|show|v|search|npm info|npm view|outdated|dist-tags?|diff|docs|repo|home|bugs|versions|time)\b/, 'look'],
    ],
  },
  {
    program: /^go$/,
    before: /^mod \w/,
    actions: [
      [/^mod download\b/, 'fetch'],
      [/^(?:get|install|run)\b/, 'install'],
      [/^list\b(?=.*(?:\s-(?:versions|u|retracted)\b|@))/, 'look'],
    ],
  },
  {
    program: /^cargo$/,
    actions: [
      [/^(?:download|clone|vendor|fetch)\b/, 'fetch'],
      [/^(?:install|add|binstall|update)\b/, 'install'],
      [/^(?:search|info|show|crate)\b/, 'look'],
    ],
  },
  {
    program: /^(?:gem|bundle)$/,
    actions: [
      [/^(?:fetch|unpack)\b/, 'fetch'],
      [/^(?:install|update|add)\b/, 'install'],
      [/^(?:search|outdated|query|(?:list|info|specification|dependency)\b(?=.*(?:^|\s)(?:-r|--remote|-b|--both)(?:\s|$)))/, 'look'],
    ],
  },
  {
    program: /^composer$/,
    before: /^global \w/,
    actions: [
      [/^(?:create-project|archive)\b/, 'fetch'],
      [/^(?:require|update|global require)\b/, 'install'],
      [/^(?:search|browse|home|outdated)\b|^(?:show|info)\b(?=.*(?:--all|--available|-a\b|--latest|-l\b))/, 'look'],
    ],
  },
  {
    program:
      /^(?:apt|apt-get|apt-cache|aptitude|apk|yum|dnf|microdnf|zypper|pacman|xbps-install|xbps-query|emerge|ebuild|equery|snap|flatpak|choco|scoop|winget|pkg|port|brew|guix|spack|tdnf|eopkg|swupd)$/,
    actions: [
      [/^(?:source|download|fetch|fetch-source|build-dep|cat|formula|edit|clone|checkout|import|unpack|stage)\b|^(?:-w|-Sw|-G)\b/, 'fetch'],
      [/^(?:install|add|reinstall|upgrade|-S|-Sy|-Syu|merge|in)\b/, 'install'],
      [
        /^(?:show|search|info|policy|changelog|madison|showsrc|showpkg|repoquery|provides|log|desc|view|-Si|-Ss|-Qi|livecheck|versions)\b/,
        'look',
      ],
    ],
  },
  {
    program: /^(?:nix|nix-build|nix-shell|nix-env|nix-prefetch-\w+|nix-instantiate|nurl)$/,
    actions: [],
    direct: 'fetch',
  },
  {
    program: /^(?:mvn|mvnw|mvnd|gradle|gradlew|coursier|cs|jbang|ivy|scala-cli|scala|kotlin|kscript|groovy|jgo)$/,
    actions: [
      [
        /(?:^|\s)(?:\S*dependency(?:-maven-plugin|-plugin)?(?::[\d.]+)?:(?:get|copy|unpack|sources|resolve-sources|resolve)|fetch|install|launch)\b/,
        'fetch',
      ],
      [/(?:^|\s)(?:--deps?|--dependency|--dependencies|-dependency)(?:=|\s|$)/, 'fetch'],
    ],
  },
  {
    program:
      /^(?:luarocks|cpan|nuget|dotnet|mix|opam|cabal|stack|vcpkg|conan|dart|flutter|pub|rebar3|lein|zef|raku|swift|helm|asdf|mise|pyenv|rbenv|nodenv|nvm|sdk|rustup|krew|pear|pecl|fpm|alr|nimble|shards|dub|paket|bower|jspm|volta|fnm|juliaup|ghcup|esy|elm|spago|quicklisp|ros|raco|chicken-install|antigen|tlmgr)$/,
    before: /^(?:hex|package|tool|plugin|repo|pub) \w/,
    actions: [
      [/^(?:download|unpack|get|fetch|look|source|hex\.package|pub unpack|pull|restore|package download|install --download)\b/, 'fetch'],
      [/^(?:install|add|package add|tool install|upgrade|hex\.install|archive\.install|pin|switch|\S+::)\b/, 'install'],
      [
        /^(?:show|info|search|hex\.info|hex\.outdated|package search|list-available|list-all|inspect|outdated|versions|install -l)\b/,
        'look',
      ],
    ],
  },
  { program: /^(?:docker|podman|nerdctl|skopeo|crane)$/, actions: [[/^(?:pull|create|copy|run|inspect docker:)\b/, 'fetch']] },
];

/** Options whose value is the next word and no package. */
export const valued =
  /^(?:-r|-w|--wheel-dir|--requirement|-c|--constraint|--channel|-i|--index-url|--extra-index-url|-d|--dest|-t|--target|--prefix|--python-version|--platform|--only-binary|--no-binary|--abi|-n|--name|-p|--path|--root|--registry|-f|--find-links|--cache-dir|--proxy|--features|--timeout|--retries|-o|-e|--editable|--group|-G|--with|--python|--trusted-host|--pack-destination|--modfile|-C|--dir|--installroot|--destdir|--release|--rev|--output|--downloaddir)$/;
