/** The keys of a path: `a.b` gives `a` and `b`, `a\.b` the one key `a.b`. An empty path has no key. */
export function split(path: string): string[] {
  if (path === '') return [];
  return path.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
}

/** The path that `split` takes apart into these keys. */
export function join(keys: string[]): string {
  return keys.map((key) => key.replaceAll('.', '\\.')).join('.');
}
