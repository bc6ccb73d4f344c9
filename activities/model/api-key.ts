/** A key as it goes into a header: what stands around it, such as the line break of a file, is none of it. Null where nothing is left. */
export function apiKeyOf(value: string | undefined): string | null {
  return (value ?? '').trim() || null;
}

/** Whether a header can carry a key: one line of plain characters without blanks. */
export function isSendable(key: string): boolean {
  return /^[\x21-\x7e]+$/.test(key);
}
