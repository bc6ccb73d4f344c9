import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRelease, type ReleaseFolder } from '../../../activities/dataset/index.ts';
import { version as tracemill } from '../../../platform/version.ts';
import { messageOf } from '../../../schemas/problem.ts';
import type { ReleaseManifest } from '../../../schemas/release.ts';
import type { ViewRow } from '../../../schemas/view-row.ts';
import { RowList } from '../../model/rows/row-list.ts';
import type { FileView } from '../files/open-view.ts';
import { ReadAgain } from '../files/read-again.ts';
import { TranscriptFolders } from '../files/transcript-folder.ts';
import { partsOfRelease } from './release-parts.ts';
import { entryAt, idsOfShard, type LineSpan, listedRows } from './released-rows.ts';

/** Places that a notice names; of more, the number is said. */
const namedPlaces = 50;

/** Collections of a release: its rows, and the rows of its ledger that it does not have. */
const ids = { released: 'released', leftOut: 'left-out' } as const;

interface Placed {
  row: ViewRow;
  span: LineSpan;
  /** Number of the shard and of the row in it, from 0; null for a row that the release does not have. */
  place: { shard: number; row: number } | null;
}

/**
 * A release as pages read it. Lists come from its ledger and the column of ids; the messages of a row are read from its row
 * group alone, when somebody looks at it. Throws `Problem` release_unreadable for a folder that holds none.
 */
export async function openReleaseView(folder: ReleaseFolder): Promise<FileView> {
  const { manifest } = await openRelease(folder);
  const root = mkdtempSync(join(tmpdir(), 'tracemill-view-'));
  const folders = new TranscriptFolders(root);
  const view = new ReleaseRows(folder, manifest, folders);
  const stop = new AbortController();
  const read = view.readAll(stop.signal);
  return {
    site: async () => view.site(),
    rows: async (collection, query) => view.list(collection)?.page(query),
    transcript: async (collection, row) => await view.transcript(collection, row),
    read,
    state: () => view.state(),
    close: async () => {
      stop.abort();
      await Promise.allSettled([read, folders.settled()]);
      await rm(root, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

class ReleaseRows {
  readonly #folder: ReleaseFolder;
  readonly #manifest: ReleaseManifest;
  readonly #folders: TranscriptFolders;
  readonly #again = new ReadAgain();
  readonly #rows = new Map<string, Placed>();
  readonly #unread: string[] = [];
  readonly #lists = new Map<string, RowList>();
  #done = false;

  constructor(folder: ReleaseFolder, manifest: ReleaseManifest, folders: TranscriptFolders) {
    this.#folder = folder;
    this.#manifest = manifest;
    this.#folders = folders;
  }

  state(): ReturnType<FileView['state']> {
    return { rows: this.#rows.size, unread: this.#unread, done: this.#done };
  }

  async readAll(signal: AbortSignal): Promise<void> {
    try {
      await this.#readLedger(signal);
      await this.#readShards(signal);
    } catch (error) {
      this.#unread.push(messageOf(error));
    }
    this.#lists.clear();
    this.#done = true;
  }

  async #readLedger(signal: AbortSignal): Promise<void> {
    const { path } = this.#manifest.ledger;
    const bad = (line: number, problem: string) => this.#unread.push(`${path}:${line}: ${problem}`);
    for await (const { row, span } of listedRows(await this.#folder.localFile(path), bad)) {
      if (signal.aborted) return;
      this.#rows.set(row.id, { row, span, place: null });
    }
  }

  async #readShards(signal: AbortSignal): Promise<void> {
    for (const [shard, { path }] of this.#manifest.shards.entries()) {
      let number = 0;
      try {
        for await (const id of idsOfShard(await this.#folder.localFile(path))) {
          if (signal.aborted) return;
          const placed = this.#rows.get(id);
          if (placed === undefined) this.#unread.push(`${path}:row ${number + 1}: the ledger has no line for ${id}`);
          else placed.place = { shard, row: number };
          number += 1;
        }
      } catch (error) {
        this.#unread.push(messageOf(error));
      }
    }
    for (const { row, place } of this.#rows.values()) row.stage = place === null ? 'left out' : 'released';
  }

  list(collection: string): RowList | undefined {
    if (collection !== ids.released && collection !== ids.leftOut) return undefined;
    const version = this.#done ? this.#manifest.content_sha256.slice(0, 16) : `reading-${this.#rows.size}`;
    const known = this.#lists.get(collection);
    if (known?.version === version) return known;
    // Which rows the release has is known once its shards were read: until then lists are empty, and the site says so.
    const all = this.#done ? [...this.#rows.values()] : [];
    const own = all.filter(({ place }) => (place === null) === (collection === ids.leftOut));
    const list = new RowList(
      own.map(({ row }) => row),
      version,
    );
    this.#lists.set(collection, list);
    return list;
  }

  site(): Awaited<ReturnType<FileView['site']>> {
    const { campaign, version } = this.#manifest;
    const count = (collection: string) => (this.#done ? (this.list(collection)?.rows.length ?? 0) : null);
    const more = this.#unread.length - namedPlaces;
    return {
      kind: 'files',
      title: `${campaign} ${version}`,
      tracemill,
      steering: false,
      collections: [
        { id: ids.released, title: `${campaign} ${version}: rows of the release`, kind: 'release', rows: count(ids.released) },
        { id: ids.leftOut, title: 'rows of its ledger that it leaves out', kind: 'ledger', rows: count(ids.leftOut) },
      ],
      limits: [
        ...(this.#done ? [] : [`still reading: ${this.#rows.size} lines of the ledger so far`]),
        ...this.#unread.slice(0, namedPlaces).map((reason) => `not read: ${reason}`),
        ...(more > 0 ? [`and ${more} places more were not read`] : []),
      ],
    };
  }

  async transcript(collection: string, id: string): ReturnType<FileView['transcript']> {
    const placed = this.#rows.get(id);
    if (placed === undefined || !this.#done) return undefined;
    if ((placed.place === null) !== (collection === ids.leftOut)) return undefined;
    const version = this.#manifest.content_sha256.slice(0, 16);
    return await this.#folders.get(id, async () => {
      const entry = await entryAt(await this.#folder.localFile(this.#manifest.ledger.path), placed.span);
      const shard = placed.place === null ? undefined : this.#manifest.shards[placed.place.shard];
      if (placed.place === null || shard === undefined) return partsOfRelease(entry, null, version);
      const file = await this.#folder.localFile(shard.path);
      const place = { file, unit: 'row' as const, number: placed.place.row + 1 };
      const reading = await this.#again.read({ place, ordinal: 0, id });
      return partsOfRelease(entry, { shard: shard.path, row: place.number, reading }, version);
    });
  }
}
