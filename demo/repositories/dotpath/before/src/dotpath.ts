import { split } from './split';

export type Tree = { [key: string]: unknown };

/** The value at a path, or `fallback` where nothing is. */
export function read(tree: Tree, path: string, fallback?: unknown): unknown {
  let value: unknown = tree;
  for (const key of split(path)) {
    if (!isTree(value) || !Object.hasOwn(value, key)) return fallback;
    value = value[key];
  }
  return value;
}

/** A copy of the tree with another value at the path; what lies on the way is made. */
export function write(tree: Tree, path: string, value: unknown): Tree {
  const [key, ...rest] = split(path);
  if (key === undefined) throw new RangeError('an empty path names no value');
  if (rest.length === 0) return { ...tree, [key]: value };
  const below = tree[key];
  return { ...tree, [key]: write(isTree(below) ? below : {}, rest.join('.'), value) };
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
