import { baseName } from '../extraction/base-name.ts';
import type { Command } from '../extraction/command.ts';
import { dynamicText } from '../extraction/shell-syntax.ts';
import { copyOfProject } from './copies.ts';
import { type FileKind, fileKind, kernelHeaders } from './file-kind.ts';
import { layers, memory, programText, telling } from './file-names.ts';
import { hiddenName } from './hidden-names.ts';
import { pathsUsed } from './paths-read.ts';
import { placeOf } from './places.ts';
import type { Surroundings } from './surroundings.ts';

export interface FileAccess {
  path: string;
  kind: FileKind;
}

/** The files that a command reads and that are more than ordinary files of the project, its tools and its libraries. */
export function fileAccesses(
  program: string,
  command: Command,
  surroundings: Surroundings,
  wrote: (path: string) => boolean,
): FileAccess[] {
  const { argv, inputs, directory } = command;
  const use = pathsUsed(program, argv);
  const accesses: FileAccess[] = [];
  const add = (given: string, kind: FileKind | undefined) => {
    if (kind !== undefined) accesses.push({ path: given, kind });
  };
  for (const given of [...filesRead(program, use.reads, surroundings, directory, wrote), ...inputs]) {
    if (given.length > 400 || given === '-') continue;
    if (!/^[/~.\uFFFC]/.test(given) && directory === '' && !telling.test(given) && !surroundings.isStray(given)) continue;
    const path = surroundings.tree.resolved(given, directory);
    if (wrote(given) && !memory.test(path)) continue;
    add(given, fileKind(path, program, use.known, surroundings));
  }
  for (const given of use.looks) {
    const path = surroundings.tree.resolved(given, directory);
    if (given.length < 400 && /^[/~]/.test(path)) add(given, listed(path, given, surroundings));
  }
  if ((program === 'diff' || program === 'cmp' || program === 'vimdiff' || program === 'cp' || program === 'git') && accesses.length === 0)
    for (const given of [
      ...strayVariants(use.reads, directory, surroundings),
      ...comparedWithTree([...use.reads, ...(program === 'cp' ? use.makes : [])], directory, surroundings),
    ])
      add(given, 'published_copy');
  return accesses;
}

const archivers = /^(?:tar|bsdtar|unzip|7za?|ar|zipinfo|cpio)$/;

/** Of an archive that the agent made, the words behind it name members and no files. */
function filesRead(
  program: string,
  reads: readonly string[],
  surroundings: Surroundings,
  directory: string,
  wrote: (path: string) => boolean,
): readonly string[] {
  if (!archivers.test(program)) return reads;
  const at = reads.findIndex((word) => /\.\w{1,5}$/.test(word));
  const archive = reads[at];
  if (archive === undefined) return reads;
  return wrote(archive) || surroundings.isMade(surroundings.tree.resolved(archive, directory)) ? reads.slice(0, at) : reads;
}

/** A listing whose lines another command of the same call opens. */
const takenFurther = /(?:\$\(|`)\s*(?:ls|find)\b|\b(?:ls|find)\b[^\n;]*\|[^\n;]*\b(?:xargs|while read)\b/;

/** Listing a place whose name leaves no doubt is looking for it. */
function listed(path: string, given: string, surroundings: Surroundings): FileKind | undefined {
  if (surroundings.tree.isInside(path) || surroundings.isGiven(path) || surroundings.isMade(path)) return undefined;
  if (layers.test(path)) return 'image_layers';
  if (takenFurther.test(surroundings.source) && copyOfProject(path, surroundings.project) === 'kept') return 'published_copy';
  const place = placeOf(path);
  if (place !== 'elsewhere' && place !== 'home') return undefined;
  if (/[*?]$/.test(given)) return undefined;
  const [first = ''] = path.split('/').filter((part) => part !== '');
  return hiddenName(place === 'home' ? path : first, false, surroundings.project);
}

/** Of two files that are compared or copied, the one outside that is called like one of the tree. */
function comparedWithTree(paths: string[], directory: string, surroundings: Surroundings): string[] {
  if (paths.length < 2 || (!surroundings.tree.placed && paths.every((given) => /^[/~]/.test(given)))) return [];
  const named = paths.map((given) => ({ given, path: surroundings.tree.resolved(given, directory) }));
  const inside = named.filter(({ path }) => surroundings.tree.isInside(path));
  return named
    .filter(({ path, given }) => !surroundings.tree.isInside(path) && !given.startsWith(dynamicText) && !surroundings.isMade(path))
    .filter(({ path }) => !/^\/(?:tmp|var\/tmp|dev)\//.test(path) && !kernelHeaders.test(path))
    .filter(({ path }) => inside.some((one) => isSameFile(one.path, path) || isSameFolder(one.path, path)))
    .map(({ given }) => given);
}

/**
 * Of two files of the tree, the one that git does not know, that nobody made in the run and that is called like the
 * other with something added: the same file as somebody else has it.
 */
function strayVariants(reads: readonly string[], directory: string, surroundings: Surroundings): string[] {
  const [one = '', two = ''] = reads.map((given) => surroundings.tree.resolved(given, directory));
  const [shorter, longer] = one.length < two.length ? [one, two] : [two, one];
  const stem = shorter.replace(/\.\w+$/, '');
  return programText.test(shorter) &&
    baseName(stem).length > 1 &&
    longer.startsWith(stem) &&
    /^[-_.]\w/.test(longer.slice(stem.length)) &&
    surroundings.tree.isInside(longer) &&
    surroundings.isStray(longer) &&
    !surroundings.isMade(longer)
    ? [longer]
    : [];
}

/** A folder of the tree beside one of the same name in a store of packages: libraries are no part of the tree. */
function isSameFolder(inside: string, outside: string): boolean {
  return (
    baseName(inside) === baseName(outside) &&
    /\/(?:src|lib|[\w-]{4,})$/.test(inside) &&
    /^(?:library|language)$/.test(placeOf(outside)) &&
    !/\/(?:vendor|third_party|third-party|external|deps|node_modules|fixtures?|examples?)(?:\/|$)/.test(inside)
  );
}

/** Whether two paths name the same file in two trees, or one names the folder of the other. */
function isSameFile(inside: string, outside: string): boolean {
  const name = baseName(outside);
  if (baseName(inside) === name) return /\.\w+$|-/.test(name);
  const folder = inside.replace(/\/$/, '').split('/').slice(-2).join('/');
  return folder.includes('/') && outside.endsWith(`/${folder}/${name}`);
}
