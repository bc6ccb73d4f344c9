import { sep } from 'node:path';
import { Problem } from '../../../schemas/problem.ts';
import { openRelease } from '../open-release.ts';
import type { ReleaseFolder } from '../release-folder.ts';
import { type Destination, openDestination } from './destination.ts';
import { type PushedFile, pushedFiles } from './pushed-files.ts';

export interface PushOptions {
  /** Whether files that are there with another content, and shards that are none of this release, are replaced. */
  replace?: boolean;
  onProgress?: (progress: PushProgress) => void;
  signal?: AbortSignal;
}

interface PushProgress {
  phase: 'checking' | 'comparing' | 'writing';
  path: string;
  bytes: number;
  /** Bytes that are to be written; 0 until that is known. */
  of: number;
}

export interface Pushed {
  destination: string;
  rows: number;
  files: number;
  written: string[];
  /** There already, with the same hash. */
  skipped: string[];
  /** Replaced or removed, on demand. */
  replaced: string[];
  /** Files at the destination that are no part of a release; they stay. */
  left_alone: string[];
}

/**
 * Copies a release into a folder or bucket, laid out as `load_dataset` reads it. What is there with the same hash is not written again, so
 * a push that was stopped goes on. The card is taken away before anything is written and comes back last: half a release never looks
 * whole. Throws `Problem` push_conflict when something else is there, before anything is written.
 */
export async function pushRelease(release: ReleaseFolder, address: string, options: PushOptions = {}): Promise<Pushed> {
  const { replace = false, onProgress = () => undefined, signal } = options;
  const { manifest } = await openRelease(release);
  const destination = openDestination(address, signal);
  if (`${destination.location}${sep}`.startsWith(`${release.location}${sep}`)) {
    throw new Problem('bad_input', `${destination.location} lies in the release itself`, { hint: 'name a folder beside it' });
  }
  const files = await pushedFiles(release, (path) => {
    signal?.throwIfAborted();
    onProgress({ phase: 'checking', path, bytes: 0, of: 0 });
  });
  const found = await compare(destination, files, (path) => onProgress({ phase: 'comparing', path, bytes: 0, of: 0 }));
  const foreign = [...found.different, ...found.stale];
  if (foreign.length > 0 && !replace) throw conflict(destination, found);
  const card = files.at(-1);
  const data = found.missing.filter((file) => file !== card);
  const cardToo = found.missing.length > 0 || found.stale.length > 0;
  if (cardToo && card !== undefined) {
    const of = [...data, card].reduce((sum, { size_bytes }) => sum + size_bytes, 0);
    let bytes = 0;
    await destination.remove(card.path);
    for (const path of found.stale) await destination.remove(path);
    for (const file of [...data, card]) {
      signal?.throwIfAborted();
      onProgress({ phase: 'writing', path: file.path, bytes, of });
      await destination.put(file.path, file);
      bytes += file.size_bytes;
    }
  }
  const written = cardToo && card !== undefined ? [...data, card] : [];
  return {
    destination: destination.location,
    rows: manifest.rows,
    files: files.length,
    written: written.map(({ path }) => path),
    skipped: files.filter((file) => !written.includes(file)).map(({ path }) => path),
    replaced: foreign,
    left_alone: found.others,
  };
}

interface Found {
  /** Not there, or there with another content. */
  missing: PushedFile[];
  different: string[];
  /** Parquet files that readers would take for rows of this release. */
  stale: string[];
  others: string[];
}

async function compare(destination: Destination, files: readonly PushedFile[], onFile: (path: string) => void): Promise<Found> {
  const there = new Set(await destination.list());
  const ours = new Set(files.map(({ path }) => path));
  const strange = [...there].filter((path) => !ours.has(path)).sort();
  const isData = (path: string) => path.startsWith('data/') && path.endsWith('.parquet');
  const found: Found = { missing: [], different: [], stale: strange.filter(isData), others: strange.filter((path) => !isData(path)) };
  for (const file of files) {
    onFile(file.path);
    const sha256 = there.has(file.path) ? await destination.sha256(file.path) : null;
    if (sha256 === file.sha256) continue;
    found.missing.push(file);
    if (sha256 !== null) found.different.push(file.path);
  }
  return found;
}

const namesShown = 5;

function conflict({ location }: Destination, { different, stale }: Found): Problem {
  const named = (paths: string[]) => `${paths.slice(0, namesShown).join(', ')}${paths.length > namesShown ? ', …' : ''}`;
  const said = [
    ...(different.length > 0 ? [`${different.length} files with another content (${named(different)})`] : []),
    ...(stale.length > 0 ? [`${stale.length} shards of another release (${named(stale)})`] : []),
  ];
  return new Problem('push_conflict', `${location} has ${said.join(' and ')}; nothing was written`, {
    hint: 'push to another place, or replace what is there: --replace',
  });
}
