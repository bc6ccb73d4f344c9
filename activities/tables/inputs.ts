import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isUrl } from './byte-source.ts';

const readable = /\.(parquet|(jsonl|ndjson|json|ya?ml)(\.(gz|zst))?)$/i;

/** The files that an input names: itself, or every task file below a folder in the order of their names. */
export function filesOf(input: string): string[] {
  if (isUrl(input) || statSync(input, { throwIfNoEntry: false })?.isDirectory() !== true) return [input];
  return (
    readdirSync(input, { recursive: true, withFileTypes: true })
      // Download caches hold links to their files.
      .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && readable.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
  );
}
