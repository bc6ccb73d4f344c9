import { quote } from '../../platform/quote.ts';

/** What the arguments of one process may hold of paths, with room to spare. */
const pathsAtOnce = 200;
const bytesAtOnce = 32 * 1024;

/** Lines of a script that call a function with all of the paths, some at a time; the first call that fails ends it. */
export function callsWith(name: string, paths: Iterable<string>): string {
  return inPortions(paths)
    .map((portion) => `${name} ${portion.map(quote).join(' ')} || exit 3\n`)
    .join('');
}

/** Paths in portions that fit into the arguments of a process. */
export function inPortions(paths: Iterable<string>): string[][] {
  const portions: string[][] = [];
  let bytes = 0;
  for (const path of paths) {
    const size = Buffer.byteLength(path) + 1;
    const last = portions.at(-1);
    if (last !== undefined && last.length < pathsAtOnce && bytes + size <= bytesAtOnce) {
      last.push(path);
      bytes += size;
    } else {
      portions.push([path]);
      bytes = size;
    }
  }
  return portions;
}

/** The folders above paths, those nearer to the root first. */
export function foldersAbove(paths: Iterable<string>): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) folders.add(path.slice(0, slash));
  }
  return [...folders].sort((one, other) => one.length - other.length);
}
