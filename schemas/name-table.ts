/**
 * A table that is looked up by names which come from outside. It knows its own names alone: `constructor` or `__proto__`, which every
 * object has, are as unknown as others.
 */
export function nameTable<T>(table: Record<string, T>): Record<string, T> {
  const own: Record<string, T> = Object.create(null);
  return Object.freeze(Object.assign(own, table));
}
