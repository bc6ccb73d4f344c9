import { z } from 'zod';
import { Problem } from '../../../schemas/problem.ts';
import { columnName, rowFields } from '../shards/columns.ts';
import { withDuckDb } from '../shards/duckdb.ts';
import type { OpenRelease } from '../open-release.ts';

/** A shard of one of several releases. */
export interface SourceShard {
  path: string;
  release: OpenRelease;
}

/** Where rows lie: id → number of the shard among all, and of the row in it, both from 0. */
export class RowPlaces {
  readonly shards: readonly SourceShard[];
  readonly #of = new Map<string, number>();

  constructor(shards: readonly SourceShard[]) {
    this.shards = shards;
  }

  /** Of a row that several releases have, the place in the first of them stays. */
  add(id: string, shard: number, row: number): void {
    if (!this.#of.has(id)) this.#of.set(id, shard * rowsPerShardBound + row);
  }

  get(id: string): { shard: number; row: number } | undefined {
    const packed = this.#of.get(id);
    if (packed === undefined) return undefined;
    return { shard: Math.floor(packed / rowsPerShardBound), row: packed % rowsPerShardBound };
  }
}

/** Two numbers as one keep a place small; a shard has far fewer rows. */
const rowsPerShardBound = 2 ** 30;

const Ids = z.array(z.tuple([z.uuid()]));

/** Reads the ids of all rows. Throws `Problem` release_damaged for a shard with other rows than its manifest says, or with one twice. */
export async function readPlaces(releases: readonly OpenRelease[], signal?: AbortSignal): Promise<RowPlaces> {
  const shards: SourceShard[] = [];
  for (const release of releases) {
    for (const { path } of release.manifest.shards) shards.push({ path: await release.folder.localFile(path), release });
  }
  const places = new RowPlaces(shards);
  let number = 0;
  for (const { folder, manifest } of releases) {
    const own = new Set<string>();
    for (const { path, rows } of manifest.shards) {
      signal?.throwIfAborted();
      const shard = shards[number];
      if (shard === undefined) throw new Error('a shard without a number');
      const ids = await idsOf(shard.path).catch((error: unknown) => {
        throw damaged(`${folder.location}/${path} cannot be read`, error);
      });
      if (ids.length !== rows) throw damaged(`${folder.location}/${path} has ${ids.length} rows, its manifest says ${rows}`);
      for (const [row, id] of ids.entries()) {
        if (own.has(id)) throw damaged(`${folder.location} has row ${id} twice`);
        own.add(id);
        places.add(id, number, row);
      }
      number += 1;
    }
  }
  return places;
}

async function idsOf(path: string): Promise<string[]> {
  return await withDuckDb(async (connection) => {
    const result = await connection.runAndReadAll(`SELECT trajectory_id FROM read_parquet($path)`, { path });
    return Ids.parse(result.getRows()).map(([id]) => id);
  });
}

const Contents = z.array(z.tuple([z.uuid(), z.string()]));

/** A hash over every column but the id of each row of a shard, made by DuckDB from what it reads. */
export async function contentsOf({ path, release: { manifest } }: SourceShard): Promise<[id: string, content: string][]> {
  const fields = rowFields.filter((field) => field !== 'trajectory_id').map((field) => `${field} := "${columnName(field, manifest.form)}"`);
  const content = `sha256(to_json(struct_pack(${fields.join(', ')}))::VARCHAR)`;
  return await withDuckDb(async (connection) => {
    const result = await connection.runAndReadAll(`SELECT trajectory_id, ${content} FROM read_parquet($path)`, { path });
    return Contents.parse(result.getRows());
  });
}

function damaged(what: string, cause?: unknown): Problem {
  return new Problem('release_damaged', what, { hint: 'see: tracemill release verify', cause });
}
