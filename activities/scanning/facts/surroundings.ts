import { baseName } from '../extraction/base-name.ts';
import { posix } from 'node:path';
import type { Command } from '../extraction/command.ts';
import { dynamicText } from '../extraction/shell-syntax.ts';
import { pathsUsed } from './paths-read.ts';
import { Discoveries } from './discoveries.ts';
import { hiddenName } from './hidden-names.ts';
import { namesProject, type Project } from './project.ts';
import { seeks, type Seeking } from './seeking.ts';
import { learnModule, learnNames } from './tree-names.ts';
import { type Work, workOf } from './work.ts';

/** Readers that also write what they read somewhere. */
const fills = new Set('cp mv ln rsync install tar unzip dd git sed perl'.split(' '));

/** Folders that every project and every machine has. */
const ordinaryFolder =
  /^(?:testbed|repo|app|workspace|code|project|work|home|root|opt|usr|local|lib|src|source|tests?|testing|test|docs?|share|build|dist|core|utils?|common|main|java|python[\d.]*|include|packages?|scripts?|internal|modules?|node_modules|site-packages|dist-packages|resources|config|tools?|data|examples?|types?|lib64|spec|bin)$/;

const ordinaryRoots = /^\/(?:testbed|repo|app|src|code|project|workspace|work|build|usr\/src\/app)(?:\/|$)/;

/**
 * What stands around a task: where its project lies, what the prompt gave, what the agent made and ran, and what it
 * says it is after. It grows with the trajectory; everything is by text, nothing looks at a machine.
 */
export class Surroundings {
  readonly project: Project;
  /** The call that is judged, as it came, and what it gave. */
  source = '';
  observation = '';
  /** The prompt in lower case. */
  readonly prompt: string;
  #said = '';
  #seeking: Seeking | undefined;
  readonly #given: string[];
  readonly #roots: string[];
  readonly #made = new Set<string>();
  readonly #ran = new Set<Work>();
  readonly #discoveries = new Discoveries();
  readonly #words = new Set<string>();
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
    this.#said = said;
    this.#seeking = undefined;
  }

  /** What the agent says it is after in the turn that is judged; few commands ask. */
  get seeking(): Seeking {
    this.#seeking ??= seeks(this.#said);
    return this.#seeking;
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

  /** Whether a listing or a search showed a file that nothing is known to have made. */
  isDiscovered(path: string): boolean {
    return this.#discoveries.has(path);
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

  /** Whether a failure that the agent saw passed through files beside this one. */
  isTraced(path: string): boolean {
    return this.#discoveries.isTraced(path);
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
    for (const kind of workOf(program, command.argv)) this.#ran.add(kind);
    if (makes.length > 0 && (!known || fills.has(program))) for (const path of makes) this.#note(this.resolved(path, command.directory));
    if (program === 'create' || program === '>' || program === 'code') {
      const text = command.argv.slice(1).join(' ').slice(0, 2_000);
      if (text.includes('/tmp') || text.includes('/dev/shm'))
        for (const path of pathsIn(text)) if (/^\/(?:tmp|var\/tmp|dev\/shm)\/./.test(path)) this.#note(path);
    }
    for (const word of command.argv.slice(1, 12)) if (word.includes('/') && word.length <= 300) this.#worksOn(word, command.directory);
  }

  /** Remembers a path of the tree, and the folders and modules on it. */
  #worksOn(word: string, directory: string): void {
    const key = `${directory}\0${word}`;
    if (this.#words.has(key)) return;
    if (this.#words.size < 5_000) this.#words.add(key);
    if (!/^(?:\.\/|\/)?[\w@+-][\w@+./-]*\/[\w.-]+\.\w+$/.test(word)) return;
    const path = this.resolved(word, directory);
    if (!this.isInside(path) || /\/(?:node_modules|vendor|\.tox|site-packages)\//.test(path)) return;
    const parts = path.split('/');
    this.#treePaths.add(parts.slice(-2).join('/'));
    for (const folder of parts.slice(1, -1)) if (folder.length > 3 && !ordinaryFolder.test(folder)) this.#treeFolders.add(folder);
    const root = this.#roots.find((one) => isUnder(path, one));
    learnModule(root === undefined ? path.replace(/^\/[\w.-]+\//, '') : path.slice(root.length + 1), this.project);
  }

  /** Takes in what a call gave: files that lay there, and the project's own names in its manifests. */
  saw(observation: string): void {
    this.#discoveries.saw(this.source, observation, (entry) => this.#isKnownEntry(entry));
    learnNames(observation, this.project);
  }

  #isKnownEntry(entry: string): boolean {
    return (
      this.prompt.includes(entry.toLowerCase()) || ['/tmp', '/var/tmp', '/dev/shm'].some((folder) => this.isMade(`${folder}/${entry}`))
    );
  }

  /** Where the agent went first, when the prompt did not say where the project lies. */
  went(directory: string): void {
    if (this.#roots.length > 0 || !directory.startsWith('/')) return;
    const root = rootOf(directory);
    if (ordinaryRoots.test(`${root}/`) || namesProject(baseName(root), this.project)) this.#roots.push(root);
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
