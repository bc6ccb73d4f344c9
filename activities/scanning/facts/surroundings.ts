import { posix } from 'node:path';
import type { Command } from '../extraction/command.ts';
import { dynamicText } from '../extraction/shell-syntax.ts';
import { pathsUsed } from './paths-read.ts';
import { hiddenName } from './hidden-names.ts';
import { namesProject, type Project } from './project.ts';
import { seeks, type Seeking } from './seeking.ts';
import { learnModule, learnNames } from './tree-names.ts';

/** What the agent ran that leaves files behind. */
export type Work = 'tests' | 'coverage' | 'build' | 'compile' | 'patch';

const work: [Work, RegExp][] = [
  [
    'tests',
    /^(?:py\.?test|unittest|nose2?|tox|nox|jest|vitest|mocha|ava|karma|jasmine|tap|lab|cypress|playwright|ctest|phpunit|pest|paratest|rspec|rake|minitest|bats|prove|gotestsum|mvnw?|gradlew?|sbt|check|trial|stestr|\S*run_?tests?\S*)\b|^(?:go|cargo|dotnet|mix|deno|bun|swift|cabal|stack|lein|meson|dune|zig|flutter|dart|elm|gleam|crystal|nimble|bazel|bazelisk|pants|hatch|pdm|nx|turbo|lerna)\b.*\b(?:test|runtest|nextest|llvm-cov|check)|^(?:make|gmake|ninja|just|task|invoke|inv|npm|yarn|pnpm|jlpm|composer|node|python[\d.]*|ruby|php|sh|bash|Rscript)\b.*(?:test|check|spec|unit|\bci\b|cov)/,
  ],
  [
    'coverage',
    /--cov\b|^(?:coverage (?!report|html|xml|json|annotate|debug|combine)|nyc|c8|gcov|gcovr|kcov|mvnw?|gradlew?|tox|nox)\b|-m coverage|-cover(?:profile)?\b|llvm-cov|tarpaulin|jacoco|--coverage|COVERAGE=|\b(?:npm|yarn|pnpm|make)\b.*\bcov/,
  ],
  [
    'build',
    /^(?:make|gmake|cmake|ninja|meson|bazel|bazelisk|cargo|mvnw?|gradlew?|javac|kotlinc|sbt|dotnet|msbuild|tsc|webpack|rollup|vite|esbuild|babel|gulp|gcc|g\+\+|cc|c\+\+|clang(?:\+\+)?|rustc|dune|cabal|stack|mix|zig|swift|lerna|nx|turbo|mypy|dmypy|ruff|eslint|phpstan|psalm)\b|^go (?:build|test|install|vet|run)|\b(?:build|compile|bundle|setup\.py)\b/,
  ],
  ['patch', /^(?:patch|git (?:apply|am|merge|rebase|cherry-pick|stash|mergetool|checkout))\b/],
  ['compile', /\b(?:py_compile|compileall)\b|^(?:erlc|scalac|groovyc)\b/],
];

/** Names of changes, and of files as they were. */
const setAside = /\.(?:patch|diff|orig|rej|bak|old|save)\b|\.\w{1,5}~/;

/** What tools put into temporary folders. */
const toolEntry =
  /^(?:tmp[\w.-]{0,12}|pytest-\w+.*|pip-.*|npm-.*|yarn-.*|node-.*|v8-.*|hsperfdata\w*|systemd.*|ssh-.*|\..*-unix|go-build.*|cargo.*|rustc.*|cc\w{6}.*|build|cache|matplotlib.*|vscode.*|pyright.*|jest_.*|gradle.*|maven.*|bazel.*|clang.*|ccache.*|tox.*|virtualenv.*|uv-.*|conda.*|pycache|__pycache__|playwright.*|puppeteer.*|chromium.*|phpunit.*|bundler.*|rubygems.*|dotnet.*|nuget.*|\d+|total|[drwxst-]{10}|root|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)$/i;

/** Folders that every project and every machine has. */
const ordinaryFolder =
  /^(?:testbed|repo|app|workspace|code|project|work|home|root|opt|usr|local|lib|src|source|tests?|testing|test|docs?|share|build|dist|core|utils?|common|main|java|python[\d.]*|include|packages?|scripts?|internal|modules?|node_modules|site-packages|dist-packages|resources|config|tools?|data|examples?|types?|lib64|spec|bin)$/;

/** Programs that run nothing, whatever their words are. */
const onlyLooks =
  /^(?:code|>|<|create|view|browse|echo|printf|grep|egrep|fgrep|rg|ag|cat|ls|find|head|tail|sed|awk|less|more|wc|diff|cp|mv|rm|mkdir|cd|git|test|\[|stat|file|tree|which|sort|uniq|cut|tr|comm|jq|sqlite3|strings|xargs)$/;

const ordinaryRoots = /^\/(?:testbed|repo|app|src|code|project|workspace|work|build|usr\/src\/app)(?:\/|$)/;

/**
 * What stands around a task: where its project lies, what the prompt gave, what the agent made and ran, and what it
 * says it is after. It grows with the trajectory; everything is by text, nothing looks at a machine.
 */
export class Surroundings {
  readonly project: Project;
  /** What the agent says it is after in the turn that is judged. */
  seeking: Seeking = seeks('');
  /** The call that is judged, as it came, and what it gave. */
  source = '';
  observation = '';
  /** The prompt in lower case. */
  readonly prompt: string;
  readonly #given: string[];
  readonly #roots: string[];
  readonly #made = new Set<string>();
  readonly #ran = new Set<Work>();
  readonly #traced = new Set<string>();
  readonly #discovered = new Set<string>();
  readonly #entries = new Set<string>();
  readonly #treePaths = new Set<string>();
  readonly #treeFolders = new Set<string>();

  constructor(project: Project, prompt: string) {
    this.project = project;
    this.prompt = prompt.toLowerCase();
    const given = pathsIn(prompt);
    this.#roots = given.flatMap((path) => projectFolder(path, project));
    this.#given = given.filter((path) => !this.#roots.includes(path));
    learnNames(prompt, project);
  }

  beginTurn(said: string): void {
    this.seeking = seeks(said);
  }

  beginCall(source: string, observation: string): void {
    this.source = source.length > 20_000 ? source.slice(0, 20_000) : source;
    this.observation = observation;
  }

  /** Whether it is known where the project lies. */
  get placed(): boolean {
    return this.#roots.length > 0;
  }

  /** The absolute form of a path; a relative one is taken from where the command runs, else from the project. */
  resolved(path: string, directory: string): string {
    const plain = path
      .replace(/^file:\/\//, '')
      .replace(/^\/proc\/(?:self|thread-self)\/root(?=\/)/, '')
      .replace(/^\$HOME(?=\/|$)/, '~');
    if (/^[/~]/.test(plain) || plain.startsWith(dynamicText)) return posix.normalize(plain);
    const from = /^[/~\uFFFC]/.test(directory) ? directory : posix.join(this.#roots[0] ?? '', directory);
    return posix.normalize(from === '' ? plain : posix.join(from, plain));
  }

  /** Whether a resolved path lies in the project's tree. A relative one does unless it climbs out. */
  isInside(path: string): boolean {
    if (!/^[/~]/.test(path)) return !path.startsWith('..') && !path.startsWith(dynamicText);
    if (this.#roots.some((root) => isUnder(path, root))) return true;
    return this.#roots.length === 0 && ordinaryRoots.test(path) && path.split('/').length > 2;
  }

  /** Whether the project may lie there, for all that is known. */
  mayBeRoot(path: string): boolean {
    return this.#roots.length === 0 && ordinaryRoots.test(path);
  }

  /** Whether a listing or a search showed a file, or the temporary folder that it lies in, that nothing is known to have made. */
  isDiscovered(path: string): boolean {
    if (this.#discovered.has(path.slice(path.lastIndexOf('/') + 1))) return true;
    const entry = /^\/(?:tmp|var\/tmp|dev\/shm)\/([^/]+)/.exec(path)?.[1];
    return entry !== undefined && this.#entries.has(entry);
  }

  /** Whether the prompt names the path, or something that it lies in, apart from the project as a whole. */
  isGiven(path: string): boolean {
    return (
      this.#given.some((given) => given !== '/' && isUnder(path, given)) || (path.length > 4 && this.prompt.includes(path.toLowerCase()))
    );
  }

  /** Whether the agent made it, or what it lies in. */
  isMade(path: string): boolean {
    if (this.#made.size === 0) return false;
    for (let at = path; at.length > 1; at = posix.dirname(at)) {
      if (this.#made.has(at)) return true;
      if (at === '.' || at === '~') break;
    }
    return false;
  }

  /** Whether a failure that the agent saw passed through files beside this one: reading on from there is debugging. */
  isTraced(path: string): boolean {
    return this.#traced.has(path) || this.#traced.has(posix.dirname(path));
  }

  hasRun(kind: Work): boolean {
    return this.#ran.has(kind);
  }

  /** Whether a path ends like one of the project's own tree, by at least two names. */
  resemblesTree(path: string): boolean {
    const tail = path.split('/').slice(-2).join('/');
    return tail.includes('/') && this.#treePaths.has(tail);
  }

  /** Whether a folder on the path is called like one that the agent works in. */
  sharesFolder(path: string): boolean {
    return path.split('/').some((part) => this.#treeFolders.has(part));
  }

  /** Takes in what a command did, after it was judged. */
  did(command: Command, program: string): void {
    const { makes, known } = pathsUsed(program, command.argv);
    this.went(command.directory);
    const words = command.argv.join(' ').slice(0, 2_000);
    if (!onlyLooks.test(program)) {
      const line = `${program} ${command.argv.slice(1).join(' ')}`.slice(0, 400);
      for (const [kind, pattern] of work) if (!this.#ran.has(kind) && pattern.test(line)) this.#ran.add(kind);
    }
    for (const path of known && !/^(?:cp|mv|ln|rsync|install|tar|unzip|dd|git)$/.test(program) ? [] : makes)
      this.#note(this.resolved(path, command.directory));
    if (program === 'create' || program === '>' || program === 'code') {
      for (const path of pathsIn(words)) if (/^\/(?:tmp|var\/tmp|dev\/shm)\/./.test(path)) this.#note(path);
    }
    for (const word of command.argv.slice(1, 12)) {
      if (word.length > 300 || !/^(?:\.\/|\/)?[\w@+-][\w@+./-]*\/[\w.-]+\.\w+$/.test(word)) continue;
      const path = this.resolved(word, command.directory);
      if (!this.isInside(path) || /\/(?:node_modules|vendor|\.tox|site-packages)\//.test(path)) continue;
      this.#treePaths.add(path.split('/').slice(-2).join('/'));
      for (const folder of path.split('/').slice(1, -1))
        if (folder.length > 3 && !ordinaryFolder.test(folder)) this.#treeFolders.add(folder);
      const root = this.#roots.find((one) => isUnder(path, one));
      learnModule(root === undefined ? path.replace(/^\/[\w.-]+\//, '') : path.slice(root.length + 1), this.project);
    }
  }

  /** Takes in what a call gave: where failures passed through, and the project's own names in its manifests. */
  saw(observation: string): void {
    const text = observation.slice(0, 200_000);
    if (setAside.test(text)) {
      for (const [name] of text.matchAll(/[\w.-]+\.(?:patch|diff|orig|rej|bak|old|save)\b|[\w.-]+\.\w+~/g))
        if (this.#discovered.size < 500) this.#discovered.add(name);
    }
    if (text.includes('File "') || text.includes('    at ')) {
      for (const match of text.matchAll(/File "(\/[^"\n]+)", line \d|\bat [^\n(]*\(?(\/[^\s():]+):\d+:\d+/g)) {
        const path = match[1] ?? match[2];
        if (path !== undefined && this.#traced.size < 2_000) {
          this.#traced.add(path);
          this.#traced.add(posix.dirname(path));
        }
      }
    }
    if (/\b(?:ls|find|tree|dir|du|fd)\b[^\n|;&]*\s(?:\/tmp|\/var\/tmp|\/dev\/shm|\/\s|\/$)/m.test(this.source)) this.#listed(text);
    learnNames(text, this.project);
  }

  /** The entries of a listing of temporary folders that are neither the agent's nor a tool's. */
  #listed(text: string): void {
    for (const [, entry = ''] of text.slice(0, 20_000).matchAll(/(?:^|\s|\/tmp\/|\/shm\/)([\w.-]{3,80})(?=\/|\s|:|$)/gm)) {
      const made =
        this.prompt.includes(entry.toLowerCase()) ||
        this.isMade(`/tmp/${entry}`) ||
        this.isMade(`/var/tmp/${entry}`) ||
        this.isMade(`/dev/shm/${entry}`);
      if (!made && !toolEntry.test(entry) && this.#entries.size < 1_000) this.#entries.add(entry);
    }
  }

  /** Where the agent went first, when the prompt did not say where the project lies. */
  went(directory: string): void {
    if (this.#roots.length > 0 || !directory.startsWith('/')) return;
    const root = rootOf(directory);
    if (ordinaryRoots.test(`${root}/`) || namesProject(root.slice(root.lastIndexOf('/') + 1), this.project)) this.#roots.push(root);
  }

  #note(path: string): void {
    if (path.length > 4 && this.#made.size < 5_000 && !/^\/(?:tmp|var\/tmp|dev\/shm|root|home|opt|mnt|data|usr|etc|var|srv)$/.test(path))
      this.#made.add(path);
  }
}

function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** The folder of the project that a path in a prompt speaks of; none for a file that is no source, and for hidden places. */
function projectFolder(path: string, project: Project): string[] {
  const isFile = /\.\w{1,6}$/.test(path);
  if (hiddenName(path, false, project) !== undefined || (isFile && !ordinaryRoots.test(path) && !sourceFile.test(path))) return [];
  const root = rootOf(isFile && !/^\/[^/]+$/.test(path) ? posix.dirname(path) : path);
  return root === '/' || /^\/(?:usr|etc|proc|dev|var|tmp|bin|lib)(?:\/(?!src\/|local\/src\/)|$)/.test(root) ? [] : [root];
}

const sourceFile = /\.(?:py|go|[cm]?[jt]sx?|rs|java|kt|php|c|h|cc|cpp|hpp|rb|ex|ml|cs|scala|swift|lua|jl|vue|md)$/;

/** `/testbed/src` belongs to `/testbed`; in other places the folder itself is the project. */
function rootOf(path: string): string {
  return /^\/(?:testbed|repo|app|usr\/src\/app)(?=\/|$)/.exec(path)?.[0] ?? path.replace(/(.)\/$/, '$1');
}

/** The absolute paths in a text. */
function pathsIn(text: string): string[] {
  return [...text.slice(0, 100_000).matchAll(/(?<![\w.:/~$}*-])~?\/(?:[\w@+-][\w.@+-]*\/?)+/g)]
    .map(([path]) => path.replace(/[.,:;]+$/, '').replace(/(.)\/$/, '$1'))
    .filter((path) => path.length > 2);
}
