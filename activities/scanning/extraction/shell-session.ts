import { baseName } from './base-name.ts';
import { posix } from 'node:path';
import { Origins } from './origins.ts';
import { PythonState } from './python-state.ts';
import { dynamicText, type Statement } from './shell-syntax.ts';
import { Terminal } from './terminal.ts';

/** A text that was put into a file, or into its end. */
export interface FileWrite {
  /** As far as the directory is known. */
  path: string;
  text: string;
  append: boolean;
  /** What the agent itself had written there before. */
  before: string | undefined;
  /** Only the running command knew the text, and `text` is empty. */
  unknown: boolean;
}

const mostWrites = 2_000;

/** What one trajectory's earlier commands left behind and later ones may use. */
export class ShellSession {
  readonly variables = new Map<string, string>([['IFS', ' \t\n']]);
  readonly arrays = new Map<string, string[]>();
  readonly aliases = new Map<string, string>();
  readonly functions = new Map<string, Statement[]>();
  /** Programs under another name: copies and links of git, and the like. */
  readonly programs = new Map<string, string>();
  readonly gitAliases = new Map<string, string>();
  /** Files under another name: copies, links and archives. */
  readonly origins = new Origins();
  readonly #ownRepositories = new Set<string>();
  readonly #madeDirectories = new Set<string>();
  readonly #filledDirectories = new Set<string>();
  /** Temporary files and folders that `mktemp` made so far. */
  readonly #temporaries = new Set<string>();
  /** Empty while unknown: where the harness starts, the repository. */
  directory = '';
  /** What notebooks and interactive Pythons know from earlier cells. */
  readonly python = new PythonState();
  readonly #terminals = new Map<string, Terminal>();
  readonly #files = new Map<string, string>();
  readonly #byName = new Map<string, string>();
  /** Files whose text only the running command knew. */
  readonly #unknown = new Set<string>();
  #writes: FileWrite[] = [];

  /** The terminal of this name; the one that commands run in has none. */
  terminal(name = ''): Terminal {
    const known = this.#terminals.get(name);
    if (known !== undefined) return known;
    const made = new Terminal();
    this.#terminals.set(name, made);
    return made;
  }

  resolve(path: string): string {
    if (path.startsWith('/') || path.startsWith('~') || path.startsWith(dynamicText)) return posix.normalize(path);
    return this.directory === '' ? posix.normalize(path) : posix.join(this.directory, path);
  }

  /** `text` is undefined where only the running command knows it. */
  write(path: string, text: string | undefined, append = false): void {
    const full = this.resolve(path);
    if (text === undefined) this.#unknown.add(full);
    else if (!append) this.#unknown.delete(full);
    if (!append) this.origins.replaced(full);
    const before = this.#files.get(full);
    if (this.#writes.length < mostWrites) this.#writes.push({ path: full, text: text ?? '', append, before, unknown: text === undefined });
    // A file matters only as a program; a longer one is data.
    this.#files.set(full, `${append ? (before ?? '') : ''}${text ?? ''}`.slice(0, 262_144));
    this.#byName.set(baseName(full), full);
  }

  /** The text that the agent wrote there; a file of the same name stands in where directories are uncertain. */
  read(path: string): string | undefined {
    if (!this.#byName.has(baseName(path))) return undefined;
    const exact = this.#files.get(this.resolve(path));
    if (exact !== undefined) return exact;
    const sameName = this.#byName.get(baseName(path));
    if (sameName === undefined || (path.startsWith('/') && sameName.startsWith('/'))) return undefined;
    return this.#files.get(sameName);
  }

  /** The text of a file, undefined also where only the command that wrote it knew it. */
  readWhole(path: string): string | undefined {
    return this.#unknown.has(this.resolve(path)) ? undefined : this.read(path);
  }

  /** What was written since the last time that this was asked. */
  takeWrites(): FileWrite[] {
    const writes = this.#writes;
    if (writes.length > 0) this.#writes = [];
    return writes;
  }

  wrote(path: string): boolean {
    return this.read(path) !== undefined || this.#isTemporary(path);
  }

  /** A name of its own for each temporary file or folder; `nameOf` puts the number of those made so far into it. */
  temporary(nameOf: (number: number) => string): string {
    const path = nameOf(this.#temporaries.size + 1);
    this.#temporaries.add(path);
    return path;
  }

  #isTemporary(path: string): boolean {
    if (this.#temporaries.size === 0) return false;
    for (let at = path; at.length > 1; at = posix.dirname(at)) if (this.#temporaries.has(at)) return true;
    return false;
  }

  *filesNamed(pattern: RegExp): Generator<[path: string, text: string]> {
    for (const [path, text] of this.#files) if (pattern.test(path)) yield [path, text];
  }

  /** The file that the agent wrote with this text, or with this text as its beginning where that is long. */
  fileHolding(text: string): string | undefined {
    for (const [path, held] of this.#files) if (held === text || (text.length >= 20_000 && held.startsWith(text))) return path;
    return undefined;
  }

  madeDirectory(path: string): void {
    this.#madeDirectories.add(this.resolve(path));
  }

  /** Something with a history of its own may have been copied there. */
  filledDirectory(path: string): void {
    this.#filledDirectories.add(this.resolve(path));
  }

  /** `git init` there: a repository of the agent's own, unless the place may have held one before. */
  madeRepository(directory: string): void {
    const temporary = /^(?:\/tmp|\/var\/tmp|\/dev\/shm)\/./.test(directory) || directory.startsWith(dynamicText);
    if (temporary || this.#madeDirectories.has(directory)) this.#ownRepositories.add(directory);
  }

  /** A repository that holds nothing but what the agent's own ones hold. */
  ownRepository(directory: string): void {
    this.#ownRepositories.add(this.resolve(directory));
  }

  /** A project's own fixture unpacked: the temporary folder it went to is the agent's own, or the one of its name there. */
  unpackedFixture(directory: string, name: string): void {
    const path = this.resolve(directory);
    this.#ownRepositories.add(/^(?:\/tmp|\/var\/tmp|\/dev\/shm)\/?$/.test(path) ? posix.join(path, name) : path);
  }

  /** Whether something with a history of its own may have been copied there. */
  isFilled(directory: string): boolean {
    for (const filled of this.#filledDirectories) if (directory === filled || directory.startsWith(`${filled}/`)) return true;
    return false;
  }

  get hasOwnRepository(): boolean {
    return this.#ownRepositories.size > 0;
  }

  /** Whether the agent made the directory, or one that it lies in. */
  isInMade(directory: string): boolean {
    for (const made of this.#madeDirectories) if (directory === made || directory.startsWith(`${made}/`)) return true;
    return false;
  }

  /** Whether commands run there act on a repository that the agent made. */
  isOwnRepository(directory: string): boolean {
    if (this.isFilled(directory)) return false;
    for (const own of this.#ownRepositories) if (directory === own || directory.startsWith(`${own}/`)) return true;
    return this.#isTemporary(directory);
  }
}
