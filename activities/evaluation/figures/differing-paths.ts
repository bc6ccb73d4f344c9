/**
 * Paths at which two values differ, such as `cells[0].rate.mean`, with both values. Numbers are equal when they agree to
 * nine digits: another processor or version of Node may round a logarithm differently.
 */
export function differingPaths(stored: unknown, computed: unknown, path = ''): { path: string; stored: unknown; computed: unknown }[] {
  if (typeof stored === 'number' && typeof computed === 'number') {
    return Math.abs(stored - computed) <= 1e-9 * Math.max(1, Math.abs(stored)) ? [] : [{ path, stored, computed }];
  }
  if (!isObject(stored) || !isObject(computed)) return Object.is(stored, computed) ? [] : [{ path, stored, computed }];
  const keys = [...new Set([...Object.keys(stored), ...Object.keys(computed)])];
  const array = Array.isArray(stored);
  return keys.flatMap((key) => {
    const at = array ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    return differingPaths(stored[key], computed[key], at);
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
