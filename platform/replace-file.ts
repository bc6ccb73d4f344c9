import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file whole or not at all, with its folder; `mode` is narrowed by the umask. Safe for several processes: the last one wins. */
export function replaceFile(path: string, text: string, mode = 0o666): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, text, { flush: true, mode });
  renameSync(partial, path);
}
