/** The keys of a path: `a.b` gives `a` and `b`. An empty path has no key. */
export function split(path: string): string[] {
  return path === '' ? [] : path.split('.');
}
