import { hash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { ReleasedLedgerEntry } from '../../../schemas/release.ts';
import { contentsOf, type RowPlaces } from './row-places.ts';

/** More engines at the same time would only wait for cores. */
const mostShardsAtOnce = 4;

/**
 * Rows that may have the content of another one: those with the same instance, verdict, teacher and so on, which the ledger says. Reading
 * the others is saved.
 */
export class Likely {
  readonly #first = new Map<string, string>();
  readonly #ids = new Set<string>();

  add({ id, key, repo, license, language, resolved, hf_dataset_name, teacher, git_hack_attempted }: ReleasedLedgerEntry): void {
    const facts = [key.instance_id, repo, license, language, resolved, hf_dataset_name, teacher.model, key.mode, git_hack_attempted];
    const print = hash('sha1', JSON.stringify(facts), 'base64');
    const first = this.#first.get(print);
    if (first === undefined) this.#first.set(print, id);
    else this.#ids.add(first).add(id);
  }

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }
}

/** Id → smallest id of a row that has the same values in every other column, sorted. `onRows` is told of rows as they are read. */
export async function sameContent(
  likely: ReadonlySet<string>,
  places: RowPlaces,
  onRows: (rows: number) => void,
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set<number>();
  for (const id of likely) {
    const place = places.get(id);
    if (place !== undefined) wanted.add(place.shard);
  }
  const contents = new Map<string, string>();
  const least = new Map<string, string>();
  const waiting = [...wanted].sort((a, b) => a - b).values();
  const work = async () => {
    for (const number of waiting) {
      const shard = places.shards[number];
      const rows = shard === undefined ? [] : await contentsOf(shard);
      for (const [id, content] of rows) {
        if (!likely.has(id)) continue;
        contents.set(id, content);
        const known = least.get(content);
        if (known === undefined || id < known) least.set(content, id);
      }
      onRows(rows.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), mostShardsAtOnce) }, work));
  const found = [...contents].map(([id, content]): [string, string] => [id, least.get(content) ?? id]);
  return new Map(found.filter(([id, twin]) => id !== twin).sort(([a], [b]) => (a < b ? -1 : 1)));
}
