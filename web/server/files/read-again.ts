import { statSync } from 'node:fs';
import { openContents, originOf, readRecord, readTrajectories, type TrajectoryReading } from '../../../activities/ingestion/index.ts';
import { type ByteSource, openSource } from '../../../activities/tables/byte-source.ts';
import { parseJson } from '../../../activities/tables/loose-json.ts';
import { parquetGroups, parquetRows } from '../../../activities/tables/parquet-rows.ts';
import { decodeUtf8 } from '../../../activities/tables/utf8.ts';
import type { Place } from '../../../schemas/place.ts';

/** Changes whenever a file does; empty for what is none, as an address. */
export function fileVersion(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.mtimeMs}-${stat.size}`;
}

/** Where one trajectory lies: its place, and which of those there, from 0. */
export interface Locator {
  place: Place;
  ordinal: number;
  /** The trajectory's own id: another one there now is not it. */
  id: string;
}

export type GoodReading = Extract<TrajectoryReading, { ok: true }>;

/**
 * Reads single trajectories of files that were looked through before: a line or row alone where the format has them, else
 * the file up to it. Keeps the offsets of lines, eight bytes each.
 */
export class ReadAgain {
  readonly #lines = new Map<string, Promise<Float64Array | null>>();

  /** Undefined where nothing that can be read lies there any more. */
  async read({ place, ordinal, id }: Locator): Promise<GoodReading | undefined> {
    const alone = place.unit === 'row' ? await readRow(place) : place.unit === 'line' ? await this.#readLine(place) : undefined;
    const found = alone?.filter(isGood)[ordinal];
    if (found?.trajectory.id === id) return found;
    let seen = 0;
    for await (const reading of readTrajectories(place.file)) {
      if (!isGood(reading) || reading.place.number !== place.number) continue;
      if (seen === ordinal) return reading.trajectory.id === id ? reading : undefined;
      seen += 1;
    }
    return undefined;
  }

  async #readLine({ file, number }: Place): Promise<TrajectoryReading[] | undefined> {
    const key = `${fileVersion(file)} ${file}`;
    const known = this.#lines.get(key) ?? lineOffsets(file);
    this.#lines.set(key, known);
    const offsets = await known;
    const [start, end] = [offsets?.[(number ?? 0) - 1], offsets?.[number ?? 0]];
    if (start === undefined || end === undefined) return undefined;
    return await withSource(file, async (source) => {
      const { text } = decodeUtf8(Buffer.from(await source.read(start, end)));
      const value = valueOf(text);
      return value === undefined ? undefined : readRecord(value, originOf(file, { unit: 'line', number }));
    });
  }
}

/** What a line holds; undefined for what is none any more. */
function valueOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function isGood(reading: TrajectoryReading): reading is GoodReading {
  return reading.ok;
}

async function readRow({ file, number }: Place): Promise<TrajectoryReading[] | undefined> {
  if (number === null) return undefined;
  return await withSource(file, async (source) => {
    let first = 0;
    for (const [group, rows] of (await parquetGroups(source)).entries()) {
      if (number - 1 < first + rows) {
        let row = first;
        for await (const value of parquetRows(source, new Set(), { groups: { from: group, to: group + 1 }, rowsAtOnce: 8 })) {
          row += 1;
          if (row === number) return readRecord(value, originOf(file, { unit: 'row', number }));
        }
      }
      first += rows;
    }
    return undefined;
  });
}

/** Where each line of a file begins, and the end of the last; null for one that is packed or no JSON lines. */
async function lineOffsets(file: string): Promise<Float64Array | null> {
  return await withSource(file, async (source) => {
    const contents = await openContents(file, piecesOf(source));
    if (contents.kind !== 'lines' || contents.packing !== null) return null;
    const offsets = [0];
    let at = 0;
    for await (const piece of piecesOf(source)) {
      for (let end = piece.indexOf(0x0a); end !== -1; end = piece.indexOf(0x0a, end + 1)) offsets.push(at + end + 1);
      at += piece.length;
    }
    return Float64Array.from([...offsets, source.size]);
  });
}

async function* piecesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += source.stride) yield await source.read(at, at + source.stride);
}

async function withSource<T>(file: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const source = await openSource(file);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}
