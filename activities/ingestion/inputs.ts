import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { IngestedFormat } from '../../schemas/ingested.ts';
import type { FolderFormat, FolderSample } from './format.ts';
import { folderFormats } from './formats.ts';

/** A file, or a folder that is one trajectory. */
export type Unit = { kind: 'file'; path: string } | { kind: 'folder'; folder: FolderSample; format: FolderFormat };

const readable = /\.(parquet|jsonl|ndjson|json|traj)$/i;

/** Files that harnesses write beside trajectories. */
const companions = new Set(['preds.json', 'metadata.json', 'report.json', 'base_state.json', 'TASKS.json', 'manifest.json', 'meta.json']);

/**
 * What there is to read below a path, in the order of names: every file that may hold trajectories, and whole folders
 * where one trajectory is spread over files, of the format `from` if that is given. A path that is a file, or an address, stands for itself.
 */
export function* unitsOf(path: string, from?: IngestedFormat): Generator<Unit> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    yield { kind: 'file', path };
    return;
  }
  const entries = readdirSync(path, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  const kindOf = new Map(entries.map((entry) => [entry.name, entry.isSymbolicLink() ? 'link' : entry.isDirectory() ? 'folder' : 'file']));
  const names = [...kindOf.keys()].sort();
  const folder = { path, files: names.filter((name) => kindOf.get(name) === 'file'), head: (name: string) => headOf(join(path, name)) };
  const format = folderFormats.find(({ id, detect }) => (from === undefined || from === id) && detect(folder));
  if (format !== undefined) {
    yield { kind: 'folder', folder, format };
    return;
  }
  for (const name of names) {
    // A link may lead back up.
    if (kindOf.get(name) === 'folder') yield* unitsOf(join(path, name), from);
    else if (readable.test(name) && !companions.has(basename(name))) yield { kind: 'file', path: join(path, name) };
  }
}

function headOf(path: string): string {
  const bytes = Buffer.alloc(4096);
  const file = openSync(path, 'r');
  try {
    return bytes.subarray(0, readSync(file, bytes)).toString('utf8');
  } finally {
    closeSync(file);
  }
}
