import { createWriteStream, mkdtempSync, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { version as tracemill } from '../../../platform/version.ts';
import type { ScanReport } from '../../../schemas/finding.ts';
import { placeText } from '../../../schemas/place.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import type { ViewSource } from '../view-source.ts';
import { partsOfOutcome, partsOfReportAlone, partsOfUnreadable } from './bare-parts.ts';
import { FileCollection } from './file-collection.ts';
import { RowIds } from './file-rows.ts';
import { fileVersion, type Locator, ReadAgain } from './read-again.ts';
import { readResultFile } from './result-file.ts';
import { partsOfTrajectory } from './trajectory-parts.ts';
import { TranscriptFolders, type TranscriptParts } from './transcript-folder.ts';

/** Files as pages read them, until they are closed. */
export interface FileView extends ViewSource {
  /** Settles when every path was looked through; lists can be asked for earlier and say what is there. */
  read: Promise<void>;
  /** Rows so far, and what could not be read. */
  state(): { rows: number; unread: string[]; done: boolean };
  /** Stops reading, and takes away what was written for it once nothing is being written any more. */
  close(): Promise<void>;
}

/** Transcripts of the first rows are made while they are read, up to this much text; nothing is read on while more than that of it waits. */
const aheadBytes = 128 * 1024 * 1024;
const atOnceBytes = 8 * 1024 * 1024;

/**
 * Files and folders as pages show them: trajectories of any format that is ingested, results of scans and evaluations.
 * Looks through them in the background; bodies of runs are read when they are asked for, and lie in a temporary folder.
 * Throws `Problem` not_found for a path where nothing is.
 */
export async function openView(paths: readonly string[]): Promise<FileView> {
  for (const path of paths) {
    if (statSync(path, { throwIfNoEntry: false }) === undefined && !/^https?:/.test(path)) {
      throw new Problem('not_found', `there is nothing at ${path}`, { hint: 'give a file or folder with trajectories, or a result' });
    }
  }
  const root = mkdtempSync(join(tmpdir(), 'tracemill-view-'));
  const stop = new AbortController();
  const view = new Files(paths, root, stop.signal);
  const read = view.readAll();
  return {
    ...view.source(),
    read,
    state: () => view.state(),
    close: async () => {
      stop.abort();
      await Promise.allSettled([read, view.written()]);
      await rm(root, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

class Files {
  readonly #collections: { path: string; collection: FileCollection }[];
  readonly #folders: TranscriptFolders;
  readonly #again = new ReadAgain();
  readonly #ids = new RowIds();
  readonly #root: string;
  readonly #signal: AbortSignal;
  #taken = 0;

  constructor(paths: readonly string[], root: string, signal: AbortSignal) {
    this.#root = root;
    this.#signal = signal;
    this.#collections = paths.map((path) => ({ path, collection: new FileCollection(this.#ids.take(basename(resolve(path))), path) }));
    this.#folders = new TranscriptFolders(root);
  }

  state(): ReturnType<FileView['state']> {
    const all = this.#collections.map(({ collection }) => collection);
    return {
      rows: all.reduce((sum, { rows }) => sum + rows.length, 0),
      unread: all.flatMap(({ unread }) => unread),
      done: all.every(({ done }) => done),
    };
  }

  /** Settles when no transcript is being written. */
  async written(): Promise<void> {
    await this.#folders.settled();
  }

  async readAll(): Promise<void> {
    for (const { path, collection } of this.#collections.slice()) await this.#readOne(path, collection);
  }

  /** Writes the bytes of a file beside the transcripts, under a name of its own, and reads it. */
  async take(name: string, bytes: AsyncIterable<Uint8Array>): Promise<{ collection: string; rows: number }> {
    this.#taken += 1;
    const folder = join(this.#root, `taken-${this.#taken}`);
    const plain = name.replace(/[^\w.@+=-]+/g, '_').slice(-100);
    const path = join(folder, /^\.*$/.test(plain) ? 'file' : plain);
    await mkdir(folder);
    try {
      await pipeline(bytes, createWriteStream(path), { signal: this.#signal });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    const collection = new FileCollection(this.#ids.take(basename(path)), name === '' ? 'file' : name);
    this.#collections.push({ path, collection });
    await this.#readOne(path, collection);
    return { collection: collection.id, rows: collection.rows.length };
  }

  async #readOne(path: string, collection: FileCollection): Promise<void> {
    try {
      await this.#read(path, collection, this.#signal);
    } catch (error) {
      collection.unread.push(`${collection.title}: ${messageOf(error)}`);
      collection.done = true;
    }
  }

  async #read(path: string, collection: FileCollection, signal: AbortSignal): Promise<void> {
    const result = /^https?:/.test(path) ? undefined : await readResultFile(path);
    if (result !== undefined) {
      collection.takeResult(result);
      return;
    }
    let ahead = 0;
    let pending = 0;
    await collection.readTrajectories(
      path,
      async (id, { trajectory, record, place }) => {
        const bytes = collection.rows.at(-1)?.bytes ?? 0;
        if (ahead + bytes > aheadBytes) return;
        ahead += bytes;
        const version = fileVersion(place.file);
        const parts = partsOfTrajectory(id, trajectory, { record, version, report: null });
        pending += bytes;
        const making = this.#folders
          .get(keyOf(collection, id, version), async () => parts)
          .catch(() => undefined)
          .then(() => (pending -= bytes));
        if (pending > atOnceBytes) await making;
      },
      signal,
    );
  }

  source(): ViewSource {
    const find = (id: string) => this.#collections.find(({ collection }) => collection.id === id)?.collection;
    return {
      take: async (name, bytes) => await this.take(name, bytes),
      site: async () => ({
        kind: 'files',
        title: this.#collections.map(({ path }) => basename(resolve(path))).join(', '),
        tracemill,
        steering: false,
        takes_files: true,
        collections: this.#collections.map(({ collection: { id, title, rows, done } }) => ({
          id,
          title,
          kind: 'files',
          rows: done ? rows.length : null,
        })),
        limits: limitsOf(this.state()),
      }),
      rows: async (id, query) => {
        const collection = find(id);
        return collection === undefined ? undefined : collection.list().page(query);
      },
      transcript: async (id, row) => {
        const collection = find(id);
        const behind = collection?.behind.get(row);
        if (collection === undefined || behind === undefined) return undefined;
        if (behind.kind === 'outcome') return await this.#folders.get(keyOf(collection, row, ''), async () => partsOfOutcome(row, behind));
        const report = behind.kind === 'report' ? behind.report : null;
        const locator = behind.kind === 'trajectory' ? behind.locator : locatorOf(behind.report);
        if (locator === null) {
          return await this.#folders.get(keyOf(collection, row, ''), async () =>
            partsOfReportAlone(row, behind.kind === 'report' ? behind.report : null),
          );
        }
        const version = fileVersion(locator.place.file);
        return await this.#folders.get(keyOf(collection, row, version), async (): Promise<TranscriptParts> => {
          const reading = await this.#again.read(locator);
          if (reading !== undefined) {
            return partsOfTrajectory(row, reading.trajectory, { record: reading.record, version, report });
          }
          return report === null ? partsOfUnreadable(row, placeText(locator.place)) : partsOfReportAlone(row, report);
        });
      },
    };
  }
}

function limitsOf({ unread, rows, done }: ReturnType<FileView['state']>): string[] {
  const more = unread.length - 50;
  return [
    ...(done ? [] : [`still reading: ${rows} rows so far`]),
    ...unread.slice(0, 50).map((reason) => `not read: ${reason}`),
    ...(more > 0 ? [`and ${more} places more were not read`] : []),
  ];
}

function keyOf({ id }: FileCollection, row: string, version: string): string {
  return `${id}/${row}@${version}`;
}

/** Where a scan read a trajectory, if that is a file that still lies there. */
function locatorOf({ place, id }: ScanReport): Locator | null {
  return place === null || statSync(place.file, { throwIfNoEntry: false }) === undefined ? null : { place, ordinal: 0, id };
}
