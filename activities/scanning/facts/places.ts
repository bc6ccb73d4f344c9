/** What kind of place on the machine a path outside the project lies in. */
export type Place =
  /** A folder of libraries: installed, cached or vendored packages. */
  | 'library'
  /** The language's own library and headers. */
  | 'language'
  /** The system's files: configuration, devices, tools. */
  | 'system'
  | 'temporary'
  /** Somebody's home. */
  | 'home'
  /** Anything else: mounts, other workspaces, folders that only the task's makers can have put there. */
  | 'elsewhere';

/** Folders that hold packages, by ecosystem; what follows is a package's name or path. Cargo's `target/debug/deps` holds what it built. */
const libraryMarker =
  /\/(?:site-packages|dist-packages|node_modules|pkg\/mod(?:\/cache\/download)?|registry\/(?:src|cache)\/[^/]+|git\/(?:checkouts|db)|gems|go\/src(?=\/[\w.-]+\.(?:com|org|io|in|dev|net|sh|uk|de)\/)|\.bun\/install\/cache|\.volta\/tools\/image|\.cabal\/store\/[^/]+|\.local\/state\/cabal\/store\/[^/]+|\.mix\/archives|\.dotnet\/tools\/\.store|_bazel_[^/]+\/\w+\/external|org\.swift\.swiftpm\/repositories|SourcePackages\/checkouts|\.sdkman\/candidates|\.m2\/repository|files-2\.1|modules-2|\.ivy2\/(?:cache|local)|\.coursier|coursier\/v1|\.nuget\/packages|nuget|\.composer\/cache\/(?:files|vcs)|composer\/(?:cache\/)?files|\.hex\/packages(?:\/\w+)?|\.pub-cache\/hosted\/[^/]+|\.julia\/packages|\.opam\/[^/]+\/(?:\.opam-switch\/sources|lib)|download-cache|\.cabal\/packages\/[^/]+|\.stack|site-library|R\/library|R\/[\w.-]+-library(?:\/[\d.]+)?|luarocks\/rocks[\w.-]*|lua\/5\.\d|\.conan2?(?:\/data|\/p)?|vcpkg\/(?:packages|installed|buildtrees)|Cellar|nix\/store|pkgs|_cacache|\.yarn\/(?:berry\/)?cache|\.pnpm(?:-store)?|\.cache\/(?:pip|uv|pypoetry|yarn|pnpm|bazel|pre-commit|pants|deno|typescript|node)|pip\/(?:wheels|http)|uv\/(?:wheels|archive|sdists)[\w-]*|wheels|wheelhouse|pipx\/venvs|\.pyenv\/versions|elpa|site-lisp|nvim\/(?:lazy|site\/pack)|pack\/[^/]+\/(?:start|opt)|\.vim\/(?:plugged|bundle)|vendor|_vendor|_vendored|third_party|ensurepip\/_bundled|share\/(?:java|perl5|doc|ri)|perl5|usr\/src|usr\/local\/src|usr\/share|(?<!\/(?:debug|release)\/)deps)(?=\/|$)/g;
const languageLibrary =
  /^\/(?:usr|opt)\/(?:[\w.-]+\/)*(?:lib(?:64)?\/(?:python[\d.]+|ruby|node|erlang|jvm|rustlib|go[\d.-]*|gcc|llvm[\w.-]*|php|ocaml|ghc[\w.-]*|swift|zig)|include|go\/src|share\/(?:perl|julia|crystal|zig|dotnet|dart))(?:\/|$)|\/(?:rustlib\/src|go\/src\/(?:[a-z]+\/)*[a-z]+\.go)|\/lib\/python3?\.\d+\/(?!site-packages|dist-packages)/;
const systemFolder =
  /^\/(?:usr|bin|sbin|lib|lib32|lib64|libx32|etc|proc|sys|dev(?!\/shm)|boot|var\/(?:lib|cache|run|lock|log)|run|snap|nix)(?:\/|$)/;
const temporaryFolder = /^\/(?:tmp|var\/tmp|dev\/shm|private\/tmp|private\/var\/folders)(?:\/|$)/;
const homeFolder = /^(?:~\w*|\/root|\/home\/[^/]+|\/Users\/[^/]+)(?:\/|$)/;
/** Where tools are installed by hand or by an image. */
const toolFolder =
  /^(?:\/opt|~|\/root|\/home\/[^/]+|\/usr\/local)\/(?:\.?(?:mini|ana|micro)?(?:conda|mamba|forge)\d?(?!\w*\/pkgs)|\.?venvs?|\.?virtualenvs?|env|\.?pyenv|\.?nvm|\.?rbenv|\.?asdf|\.?sdkman|\.?rustup|\.?cargo|\.?local|go|python[\d.]*|node[\w.-]*|java|jdk[\w.-]*|gradle[\w.-]*|maven[\w.-]*|homebrew|google|intel|cmake[\w.-]*|pipx|poetry|uv)(?:\/|$)/;

/** What tools that come as a folder of their own are called, wherever an image put them. */
const tool =
  '(?:android|cmdline-tools|flutter|depot_tools|emsdk|emscripten|ghc(?:up)?|julia|pypy|python|conda|venv|nvm|node(?:js)?|deno|bun|zig|nim|crystal|swift|dart|kotlin|scala|sbt|groovy|ant|maven|gradle|java|jdk|jre|graalvm|openjdk|dotnet|mono|cuda|rocm|intel|llvm|clang|gcc|arm|riscv|bazel|buck|google|chrome|chromium|firefox|chromedriver|cfr|spark|hadoop|kafka|hbase|elasticsearch|erlang|elixir|otp|rust|cargo|rustup|ruby|perl|php|lua|luarocks|R|texlive|vcpkg|cmake|ninja|qt|ros|homebrew|linuxbrew|nix|go(?:lang)?(?!/src)|godot|blender|mathlib|elan|coq|opam|sdk|ndk|toolchains?)';
/** The folder of one tool: by its name, by a version in it, or by the folders that only an installed program has. */
const toolHome = new RegExp(
  `^/(?:opt/)?(?:${tool}|mini(?:conda|forge|mamba)|ana?conda|mamba(?:forge)?)\\d*(?:[-_.][\\w.+-]*)?(?:/|$)|^/opt/[^/]+[-_]v?\\d+\\.\\d[^/]*/|^/opt/[^/]+/(?:[^/]+/)?(?:bin|sbin|lib\\d*|libexec|include|share|jre|man|plugins|modules)/`,
  'i',
);

export function placeOf(path: string): Place {
  if (packageTail(path) !== undefined) return 'library';
  if (temporaryFolder.test(path)) return 'temporary';
  if (languageLibrary.test(path)) return 'language';
  if (systemFolder.test(path)) return 'system';
  if (toolFolder.test(path) || toolHome.test(path)) return 'system';
  return homeFolder.test(path) ? 'home' : 'elsewhere';
}

/** What stands behind the last folder of packages in a path, as its parts; undefined where there is none. */
export function packageTail(path: string): { marker: string; nested: boolean; tail: string[] } | undefined {
  if (!path.includes('/')) return undefined;
  const given = path.startsWith('/') ? path : `/${path}`;
  libraryMarker.lastIndex = 0;
  let last: RegExpExecArray | null = null;
  let count = 0;
  for (let match = libraryMarker.exec(given); match !== null; match = libraryMarker.exec(given)) {
    last = match;
    count += 1;
  }
  if (last === null) return undefined;
  const tail = given
    .slice(last.index + last[0].length + 1)
    .split('/')
    .filter((part) => part !== '');
  return { marker: last[0].slice(1), nested: count > 1, tail };
}
