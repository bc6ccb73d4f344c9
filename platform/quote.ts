/** A word that every POSIX shell reads as exactly this text. NUL cannot be part of one. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Bytes as shell words, one for each stretch between NUL bytes: no shell string can hold a NUL, so their
 * receiver joins them again. For a shell that runs with LC_ALL=C.
 */
export function quoteBytes(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let start = 0;
  const flush = (end: number) => {
    parts.push(Buffer.from(" '"), escapeQuotes(bytes.subarray(start, end)), Buffer.from("'"));
  };
  for (let nul = bytes.indexOf(0); nul !== -1; nul = bytes.indexOf(0, start)) {
    flush(nul);
    start = nul + 1;
  }
  flush(bytes.length);
  return Buffer.concat(parts);
}

function escapeQuotes(bytes: Buffer): Buffer {
  if (!bytes.includes(0x27)) return bytes;
  return Buffer.from(bytes.toString('latin1').replaceAll("'", `'\\''`), 'latin1');
}
