import { quote } from '../../platform/quote.ts';
import { quoteC, unquoteC } from '../patches/c-quoting.ts';

/** A path in the repository, a character a byte: paths need not be text. */
export type BytePath = string;

/** One difference between a tree and an index. Modes as git writes them, `000000` and zeros where there is no file. */
export interface Difference {
  path: BytePath;
  oldMode: string;
  mode: string;
  oldObject: string;
  object: string;
  status: string;
}

/** A tracked file that is not as in the commit. `status` is git's letter for how: `M`, `D`, `T`. */
export interface Changed {
  path: BytePath;
  status: string;
}

/** Path → attribute → value, as `git check-attr` gives them; unspecified ones are left out. */
export type Attributes = Map<BytePath, Map<string, string>>;

/** What a step gave by its function `give`: name → content. Undefined where the output was cut. */
export function frames(output: Buffer): Map<string, Buffer> | undefined {
  const found = new Map<string, Buffer>();
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0x0a, at);
    if (end === -1) return undefined;
    const [name = '', size = ''] = output.toString('latin1', at, end).split(' ');
    at = end + 1 + Number(size);
    if (at > output.length) return undefined;
    found.set(name, output.subarray(end + 1, at));
  }
  return found;
}

/** Items that end with NUL each, a character a byte. */
export function nulList(bytes: Buffer | undefined): string[] {
  return (bytes?.toString('latin1') ?? '').split('\0').filter((item) => item !== '');
}

/** Paths in lines, quoted where git quotes them. */
export function quotedLines(bytes: Buffer | undefined): BytePath[] {
  const lines = (bytes?.toString('latin1') ?? '').split('\n').filter((line) => line !== '');
  return lines.map(unquoted);
}

function unquoted(path: string): BytePath {
  return path.startsWith('"') ? unquoteC(path.slice(1, -1), 'latin1').toString('latin1') : path;
}

/** Lines of `:100644 100644 <old> <new> M`, a tab and the path. */
export function rawLines(bytes: Buffer): Difference[] {
  return bytes
    .toString('latin1')
    .split('\n')
    .filter((line) => line.startsWith(':'))
    .map((line) => differenceOf(line.slice(0, line.indexOf('\t')), unquoted(line.slice(line.indexOf('\t') + 1))));
}

/** `:100644 100644 <old> <new> M`, then the path. */
export function rawDifferences(bytes: Buffer | undefined): Difference[] {
  const items = nulList(bytes);
  return Array.from({ length: Math.floor(items.length / 2) }, (_, at) => differenceOf(items[2 * at] ?? '', items[2 * at + 1] ?? ''));
}

function differenceOf(fields: string, path: BytePath): Difference {
  const [oldMode = '', mode = '', oldObject = '', object = '', status = ''] = fields.slice(1).split(' ');
  return { path, oldMode, mode, oldObject, object, status };
}

export function changedFiles(bytes: Buffer | undefined): Changed[] {
  const items = nulList(bytes);
  return Array.from({ length: Math.floor(items.length / 2) }, (_, at) => ({ status: items[2 * at] ?? '', path: items[2 * at + 1] ?? '' }));
}

/** Lines of `path: attribute: value`. */
export function attributesOf(bytes: Buffer | undefined): Attributes {
  const found: Attributes = new Map();
  for (const line of (bytes?.toString('latin1') ?? '').split('\n')) {
    const [, shown = '', name, value] = /^(.*): ([^ ]+): ([^ ]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const path = unquoted(shown);
    found.set(path, (found.get(path) ?? new Map<string, string>()).set(name, value));
  }
  return found;
}

/** Lines for git, in ASCII. */
export function pathLines(paths: Iterable<BytePath>): string {
  return Array.from(paths, (path) => `${quoteC(Buffer.from(path, 'latin1'))}\n`).join('');
}

/** Lines for `git update-index --index-info`, in ASCII. */
export function objectLines(objects: Iterable<{ path: BytePath; mode: string; object: string }>): string {
  return Array.from(objects, ({ path, mode, object }) => `${mode} ${object}\t${pathLines([path])}`).join('');
}

/** Lines of a word for the shell each. A folder with a line break in its name cannot be given so, and is left out. */
export function wordLines(folders: BytePath[]): string {
  return folders.flatMap((folder) => (folder.includes('\n') ? [] : [`${quote(folder)}\n`])).join('');
}
