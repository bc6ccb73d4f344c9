import { processesStarted } from './own-processes.ts';
import { baseName } from '../extraction/base-name.ts';
import { posix } from 'node:path';
import { escapedPattern } from '../../../platform/escaped-pattern.ts';
import type { Command } from '../extraction/command.ts';
import { dynamicText } from '../extraction/shell-syntax.ts';
import { pathsUsed } from './paths-read.ts';
import { Discoveries } from './discoveries.ts';
import { mentionsProject, type Project } from './project.ts';
import { seeks, type Seeking } from './seeking.ts';
import { learnModule, learnNames } from './tree-names.ts';
import { isUnder, TreePlace } from './tree-place.ts';
import { type Work, workOf } from './work.ts';

/** Readers that also write what they read somewhere. */
const fills = new Set('cp mv ln rsync install tar unzip dd git sed perl'.split(' '));

const builders = /^(?:docker|podman|nerdctl|buildah|crane|img|kaniko)$/;

/** Folders that every project and every machine has. */
const ordinaryFolder =
  /^(?:testbed|repo|app|workspace|code|project|work|home|root|opt|usr|local|lib|src|source|tests?|testing|test|docs?|share|build|dist|core|utils?|common|main|java|python[\d.]*|include|packages?|scripts?|internal|modules?|node_modules|site-packages|dist-packages|resources|config|tools?|data|examples?|types?|lib64|spec|bin)$/;

/**
 * What stands around a task: where its project lies, what the prompt gave, what the agent made and ran, and what it
 * says it is after. It grows with the trajectory; everything is by text, nothing looks at a machine.
 */
export class Surroundings {
  readonly project: Project;
  /** Where the project's tree lies. */
  readonly tree: TreePlace;
  /** The call that is judged, as it came, and what it gave. */
  source = '';
  observation = '';
  /** Names of the images that the agent has built. */
  readonly images = new Set<string>();
  /** Numbers of processes that the agent put into the background. */
  readonly processes = new Set<string>();
  /** The prompt in lower case. */
  readonly prompt: string;
  #said = '';
  #seeking: Seeking | undefined;
  readonly #given: string[];
  readonly #made = new Set<string>();
  readonly #ran = new Set<Work>();
  readonly #discoveries = new Discoveries();
  readonly #words = new Set<string>();
  readonly #treePaths = new Set<string>();
  readonly #treeTails = new Set<string>();
  readonly #treeFiles = new Set<string>();
  readonly #treeFolders = new Set<string>();
  /** The calls so far, as they came. */
  readonly #calls: string[] = [];

  constructor(project: Project, prompt: string) {
    this.project = project;
    this.prompt = prompt.toLowerCase();
    const given = pathsIn(prompt);
    this.tree = new TreePlace(given, project);
    this.#given = given.filter((path) => !this.tree.isRoot(path));
    learnNames(prompt, project);
  }

  beginTurn(said: string): void {
    this.#said = said;
    this.#seeking = undefined;
    if (!said.includes('/tmp/') || !this.seeking.own || this.seeking.answers || this.seeking.others) return;
    for (const path of pathsIn(said)) if (/^\/(?:tmp|var\/tmp)\/./.test(path)) this.#note(path);
  }

  /** What the agent says it is after in the turn that is judged; few commands ask. */
  get seeking(): Seeking {
    this.#seeking ??= seeks(this.#said);
    return this.#seeking;
  }

  /** Whether the agent speaks of a later state of the project by its name. */
  get speaksOfLaterCopy(): boolean {
    return this.seeking.later && mentionsProject(this.#said.slice(0, 6_000), this.project);
  }

  beginCall(source: string, observation: string): void {
    this.source = source.length > 20_000 ? source.slice(0, 20_000) : source;
    this.observation = observation;
    // A temporary place that a variable sends a program to is of the run.
    if (source.includes('=/tmp/'))
      for (const [, place = ''] of this.source.matchAll(/\b[A-Z_]{4,}=(\/tmp\/[\w.-]+)/g)) if (!this.isDiscovered(place)) this.#note(place);
    if (this.#calls.length < 2_000) this.#calls.push(this.source);
  }

  /** Whether this call or an earlier one of the run says what the pattern does. Reads all of them: for few commands. */
  everCalled(pattern: RegExp): boolean {
    return this.#calls.some((call) => pattern.test(call));
  }

  /** Whether a listing or a search showed a file that nothing is known to have made. */
  isDiscovered(path: string): boolean {
    return this.#discoveries.has(path);
  }

  /** Whether git said of a file, in this call or before, that it ignores or does not know it. */
  isStray(path: string): boolean {
    if (this.#discoveries.isStray(path)) return true;
    if (!this.observation.includes('!! ') && !this.observation.includes('?? ')) return false;
    const name = baseName(path);
    return this.observation.includes(name) && new RegExp(`^(?:\\?\\?|!!) .*${escapedPattern(name)}$`, 'm').test(this.observation);
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

  /**
   * Whether a path outside the tree ends like a file of it by three names, of which a folder's is not everybody's: the
   * same file in another copy.
   */
  mirrorsTree(path: string): boolean {
    if (this.#treeTails.size === 0) return false;
    return this.#treeTails.has(path.split('/').slice(-3).join('/'));
  }

  /** Whether an agent has worked on a file of the tree that is called so. */
  hasWorkedOn(name: string): boolean {
    return this.#treeFiles.has(name);
  }

  /** Whether a folder on the path is called like one that the agent works in. */
  sharesFolder(path: string): boolean {
    return path.split('/').some((part) => this.#treeFolders.has(part));
  }

  /** Takes in what a command did, after it was judged. */
  did(command: Command, program: string): void {
    const { makes, known } = pathsUsed(program, command.argv);
    this.tree.went(command.directory);
    for (const kind of workOf(program, command.argv)) this.#ran.add(kind);
    // What comes to lie where the agent has cleared is of its own run.
    if (program === 'rm' && command.argv.some((word) => /^-\w*[rR]/.test(word)))
      for (const word of command.argv.slice(1))
        if (/^[^-*?\uFFFC][^*?\uFFFC]*$/.test(word)) this.#note(this.tree.resolved(word, command.directory));
    if (program === 'git' && command.argv.includes('archive')) this.#unpacked(command.argv);
    if (program === 'tox' || program === 'nox') this.#note(this.tree.resolved(`.${program}`, command.directory));
    if (builders.test(program)) this.#built(command.argv);
    if (makes.length > 0 && (!known || fills.has(program)))
      for (const path of makes) this.#note(this.tree.resolved(path, command.directory));
    if (program === 'create' || program === '>' || program === 'code') {
      const text = command.argv.slice(1).join(' ').slice(0, 2_000);
      if (text.includes('/tmp') || text.includes('/dev/shm'))
        for (const path of pathsIn(text)) if (/^\/(?:tmp|var\/tmp|dev\/shm)\/./.test(path)) this.#note(path);
    }
    for (const word of command.argv.slice(1, 12)) if (word.includes('/') && word.length <= 300) this.#worksOn(word, command.directory);
  }

  /** `git archive --prefix=old/ … | tar -x -C /tmp` makes a folder of its own there. */
  #unpacked(argv: readonly string[]): void {
    const prefix =
      argv
        .find((word) => word.startsWith('--prefix='))
        ?.slice(9)
        .replace(/\/+$/, '') ?? '';
    const target = /\btar\b[^|;&\n]*\s(?:-C\s*|--directory[= ])(\/[\w./-]+)/.exec(this.source)?.[1];
    if (target !== undefined && /^[\w.-]+$/.test(prefix)) this.#note(`${target.replace(/\/+$/, '')}/${prefix}`);
  }

  /** Remembers the name that a build or a commit gives to an image. */
  #built(argv: readonly string[]): void {
    const given = argv.flatMap((word, at) =>
      /^(?:-t|--tag)$/.test(word) ? [argv[at + 1] ?? ''] : word.startsWith('--tag=') ? [word.slice(6)] : [],
    );
    const makes = argv.slice(1).some((word) => /^(?:build|buildx|bud|append|mutate)$/.test(word));
    if (makes) for (const name of given) this.images.add(name.replace(/:latest$/, ''));
    // Its number goes into a variable or a file.
    if (makes && given.length === 0) this.images.add(dynamicText);
  }

  /** Remembers a path of the tree, and the folders and modules on it. */
  #worksOn(word: string, directory: string): void {
    const key = `${directory}\0${word}`;
    if (this.#words.has(key)) return;
    if (this.#words.size < 5_000) this.#words.add(key);
    if (!/^(?:\.\/|\/)?[\w@+-][\w@+./-]*\/[\w.-]+\.\w+$/.test(word)) return;
    const path = this.tree.resolved(word, directory);
    if (!this.tree.isInside(path) || /\/(?:node_modules|vendor|\.tox|site-packages)\//.test(path)) return;
    const parts = path.split('/');
    this.#treePaths.add(parts.slice(-2).join('/'));
    this.#treeFiles.add(parts.at(-1) ?? '');
    if (parts.length > 3 && parts.slice(-3, -1).some((folder) => folder.length > 2 && !ordinaryFolder.test(folder)))
      this.#treeTails.add(parts.slice(-3).join('/'));
    for (const folder of parts.slice(1, -1)) if (folder.length > 3 && !ordinaryFolder.test(folder)) this.#treeFolders.add(folder);
    learnModule(this.tree.within(path) ?? path.replace(/^\/[\w.-]+\//, ''), this.project);
  }

  /** Takes in what a call gave: files that lay there, and the project's own names in its manifests. Gives the version that one shows. */
  saw(observation: string): string | undefined {
    for (const number of processesStarted(this.source, observation)) this.processes.add(number);
    this.#discoveries.saw(this.source, observation, (entry) => this.#isKnownEntry(entry));
    return learnNames(observation, this.project);
  }

  #isKnownEntry(entry: string): boolean {
    return (
      this.prompt.includes(entry.toLowerCase()) || ['/tmp', '/var/tmp', '/dev/shm'].some((folder) => this.isMade(`${folder}/${entry}`))
    );
  }

  #note(path: string): void {
    if (path.length > 4 && this.#made.size < 5_000 && !/^\/(?:tmp|var\/tmp|dev\/shm|root|home|opt|mnt|data|usr|etc|var|srv)$/.test(path))
      this.#made.add(path);
  }
}

/** The absolute paths in a text. */
function pathsIn(text: string): string[] {
  return [...text.slice(0, 100_000).matchAll(/(?<![\w.:/~$}*-]|\/<[\w-]{1,20}>)~?\/(?:\.\.\/|\.?[\w@+-][\w.@+-]*\/?)+/g)]
    .map(([path]) => path.replace(/[.,:;]+$/, '').replace(/(.)\/$/, '$1'))
    .map((path) => (path.includes('/../') ? posix.normalize(path) : path))
    .filter((path) => path.length > 2);
}
