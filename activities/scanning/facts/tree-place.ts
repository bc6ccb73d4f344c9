import { posix } from 'node:path';
import { baseName } from '../extraction/base-name.ts';
import { dynamicText } from '../extraction/shell-syntax.ts';
import { hiddenName } from './hidden-names.ts';
import { placeOf } from './places.ts';
import { namesProject, type Project } from './project.ts';

const ordinaryRoots = /^\/(?:testbed|repo|app|src|code|project|workspace|work|build|usr\/src\/app)(?:\/|$)/;

/** Where the project's tree lies: from the prompt, else from where the agent works, else in the usual folders. By text alone. */
export class TreePlace {
  readonly #project: Project;
  readonly #roots: string[];
  /** Every path that the prompt names. */
  readonly #told: readonly string[];
  #visited = false;

  /** `told` are the absolute paths in the prompt. */
  constructor(told: readonly string[], project: Project) {
    this.#project = project;
    this.#told = told;
    this.#roots = told.flatMap((path) => projectFolder(path, project));
  }

  isRoot(path: string): boolean {
    return this.#roots.includes(path);
  }

  /** The part of a path behind the root of the tree that it lies in. */
  within(path: string): string | undefined {
    const root = this.#roots.find((one) => isUnder(path, one));
    return root === undefined ? undefined : path.slice(root.length + 1);
  }

  /** Whether a text has a path in the tree. */
  isIn(text: string): boolean {
    return this.#roots.some((root) => text.includes(`${root}/`));
  }

  /** The names of the folders that it lies in. */
  get names(): string[] {
    return this.#roots.map((root) => baseName(root)).filter((name) => name.length > 2);
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
    if (/^[/~]/.test(plain) || plain.startsWith(dynamicText)) return this.#fromHome(posix.normalize(plain));
    const from = /^[/~\uFFFC]/.test(directory) ? directory : posix.join(this.#roots[0] ?? '', directory);
    return this.#fromHome(posix.normalize(from === '' ? plain : posix.join(from, plain)));
  }

  /** A path from the home folder in full, where the prompt tells of a place in that home. */
  #fromHome(path: string): string {
    if (!path.startsWith('~/')) return path;
    for (const known of [...this.#roots, ...this.#told]) {
      const home = /^(?:\/root|\/(?:home|Users)\/[^/]+)(?=\/)/.exec(known)?.[0];
      if (home !== undefined && isUnder(`${home}${path.slice(1)}`, known)) return `${home}${path.slice(1)}`;
    }
    return path;
  }

  /** Whether a resolved path lies in the project's tree. A relative one does unless it climbs out. */
  isInside(path: string): boolean {
    if (!/^[/~]/.test(path)) return !path.startsWith('..') && !path.startsWith(dynamicText);
    if (this.#roots.some((root) => isUnder(path, root))) return true;
    if (this.#roots.length > 0) return false;
    const [, first = '', ...rest] = path.split('/');
    return rest.length > 0 && (ordinaryRoots.test(path) || this.#project.packages.has(first.toLowerCase()));
  }

  /** Whether a place is called like the project's tree with something behind it: `/testbed_run2`, `/src/app.fixed`. */
  isBeside(path: string): boolean {
    return this.#roots.some((root) => path.startsWith(root) && /^[-_.]\w/.test(path.slice(root.length)));
  }

  /** Whether the project may lie there, for all that is known. */
  mayBe(path: string): boolean {
    return this.#roots.length === 0 && ordinaryRoots.test(path);
  }

  /** Where the agent went first, when the prompt did not say where the project lies. */
  went(directory: string): void {
    if (this.#visited || !directory.startsWith('/')) return;
    const root = rootOf(directory);
    if (this.#roots.length > 0) {
      // Paths in a prompt may be of notes, or of what the bug is about: the first place decides.
      this.#visited = true;
      if (
        !this.isInside(root) &&
        isFolderOfItsOwn(root) &&
        (/^\/(?:testbed|repo)$/.test(root) || this.#project.packages.has(root.slice(1).toLowerCase()))
      )
        this.#roots.push(root);
      return;
    }
    const name = baseName(root).toLowerCase();
    if (
      ordinaryRoots.test(`${root}/`) ||
      isFolderOfItsOwn(root) ||
      namesProject(name, this.#project) ||
      // `/opt/bats` of bats-core/bats-core.
      (name.length > 3 &&
        placeOf(root) === 'elsewhere' &&
        (this.#project.repo ?? '').split('/').at(-1)?.split(/[-_.]/).includes(name) === true)
    )
      this.#roots.push(root);
  }
}

/** Whether a path is a folder or lies in it. */
export function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** The folder of the project that a path in a prompt speaks of; none for a file that is no source, and for hidden places. */
function projectFolder(path: string, project: Project): string[] {
  const isFile = /\.\w{1,6}$/.test(path);
  if (hiddenName(path, false, project) !== undefined || (isFile && !ordinaryRoots.test(path) && !sourceFile.test(path))) return [];
  const root = rootOf(isFile && !/^\/[^/]+$/.test(path) ? posix.dirname(path) : path);
  return root === '/' || /^\/(?:usr|etc|proc|dev|var|tmp|bin|lib)(?:\/(?!src\/|local\/src\/)|$)/.test(root) ? [] : [root];
}

/** A folder right below the root that belongs to no system and hides nothing by its name. */
function isFolderOfItsOwn(path: string): boolean {
  return (
    /^\/[\w.-]+$/.test(path) &&
    !/^\/(?:bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var|data|nix|snap|old\w*|backup\w*|other\w*|\w*runs?|logs?|results?|output\w*|eval\w*|grad\w*|oracle|hidden\w*|solutions?|answers?|gold\w*|shared?|archive\w*|trajector\w+|upstream|reference|scratch|cache)$/i.test(
      path,
    )
  );
}

const sourceFile = /\.(?:py|go|[cm]?[jt]sx?|rs|java|kt|php|c|h|cc|cpp|hpp|rb|ex|ml|cs|scala|swift|lua|jl|vue)$/;

/** `/testbed/src` belongs to `/testbed`; in other places the folder itself is the project. */
function rootOf(path: string): string {
  const around = /^(\/.+?)\/(?:third_party|third-party|vendor|vendored|subprojects|external|extern)\//.exec(path)?.[1];
  if (around !== undefined) return around;
  return /^\/(?:testbed|repo|app|usr\/src\/app)(?=\/|$)/.exec(path)?.[0] ?? path.replace(/(.)\/$/, '$1');
}
