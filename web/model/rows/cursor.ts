/** A place in a list: the sort value and id of the last row that was given. */
export interface RowCursor {
  value: string | number | null;
  id: string;
}

export function cursorOf(value: string | number | null, id: string): string {
  // NaN has no JSON; it is unknown, as null is.
  return JSON.stringify([value, id]);
}

/** Undefined for a text that {@link cursorOf} never gave. */
export function readCursor(text: string): RowCursor | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(read) || read.length !== 2) return undefined;
  const [value, id]: unknown[] = read;
  const known = value === null || typeof value === 'string' || typeof value === 'number';
  return known && typeof id === 'string' ? { value, id } : undefined;
}
