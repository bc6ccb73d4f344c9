import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { IngestedFormat } from '../../schemas/ingested.ts';
import type { FolderFormat, FolderSample } from './format.ts';
import { folderFormats } from './formats.ts';

/** A file, or a folder that is one trajectory. */
export type Unit = { kind: 'file'; path: string } | { kind: 'folder'; folder: FolderSample; format: FolderFormat };

/** Files that may hold trajectories, whatever packs them: of one that is packed in a way that is not read, this is said. */
const readable = /\.(?:parquet|jsonl|ndjson|json|traj|eval)(?:\.(?:gz|gzip|zst|zstd|xz|bz2|lz4|zip|br|lzma|7z))?$/i;

/** Archives that may hold such files. */
const archive = /\.(?:zip|7z|tar|tgz|tar\.(?:gz|zst|xz|bz2))$/i;

/** Files that harnesses write beside trajectories. */
const companions = new Set([
  'preds.json',
  'all_preds.jsonl',
  'all_preds.json',
  'metadata.json',
  'report.json',
  'base_state.json',
  'TASKS.json',
  'manifest.json',
  'meta.json',
  'sessions-index.json',
  // Beside the messages of Cline, what it shows of them.
  'ui_messages.json',
  'task_metadata.json',
]);

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
    else if (isCandidate(name)) yield { kind: 'file', path: join(path, name) };
  }
}

function isCandidate(name: string): boolean {
  return (readable.test(name) || archive.test(name)) && !companions.has(basename(name).replace(/\.(?:gz|zst)$/i, ''));
}

/** The kinds of files below a folder, by their endings and how often, the most frequent first: for a folder with nothing to read. */
export function endingsIn(path: string): string {
  const counts = new Map<string, number>();
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const ending = /.(\.[^.]+)$/.exec(entry.name)?.[1] ?? 'no ending';
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  const most = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, 5);
  return most.map(([ending, count]) => `${count} of ${ending}`).join(', ');
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
