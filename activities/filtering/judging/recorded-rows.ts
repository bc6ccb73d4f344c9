import type { RolloutKey } from '../../../schemas/names.ts';
import type { Place } from '../../../schemas/place.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { placeKey } from './row-identity.ts';

type Cell = Omit<RolloutKey, 'sample'>;

/**
 * Which rows a campaign of other tools' trajectories has, so that one that is read again, in another order or beside others, is
 * the same row. Holds some 200 bytes a row.
 */
export class RecordedRows {
  readonly #byContent = new Map<string, { id: string; key: RolloutKey }>();
  readonly #byPlace = new Map<string, { id: string; key: RolloutKey }>();
  readonly #samples = new Map<string, number>();
  /** Ids of rows that were met since the rows were read from the ledger: another one in the same place is another row. */
  readonly #met = new Set<string>();

  static async of(ledger: Ledger, campaign: string): Promise<RecordedRows> {
    const rows = new RecordedRows();
    for await (const { id, key, origin } of ledger.entries(campaign)) {
      if (origin !== undefined) rows.#note(id, key, origin.sha256, origin.id, origin.place);
    }
    return rows;
  }

  /** Whether this row was met already. */
  isMet(id: string): boolean {
    return this.#met.has(id);
  }

  /** The id of the row that holds this content, if there is one. */
  idOf(sha256: string): string | undefined {
    return this.#byContent.get(sha256)?.id;
  }

  /** The key of the row: that of the same content, else that of what stood in its place before, else a new one of its cell. */
  keyOf(cell: Cell, sha256: string, id: string, place: Place): RolloutKey {
    const known = this.#byContent.get(sha256)?.key ?? this.#before(id, place);
    if (known !== undefined && cellName(known) === cellName(cell)) return known;
    return { ...cell, sample: (this.#samples.get(cellName(cell)) ?? -1) + 1 };
  }

  /** A row that is read now. */
  meet(id: string, key: RolloutKey, sha256: string, own: string, place: Place): void {
    this.#met.add(id);
    this.#note(id, key, sha256, own, place);
  }

  #note(id: string, key: RolloutKey, sha256: string, own: string, place: Place): void {
    this.#byContent.set(sha256, { id, key });
    const at = placeKey({ id: own }, place);
    if (at !== null) this.#byPlace.set(at, { id, key });
    const name = cellName(key);
    this.#samples.set(name, Math.max(this.#samples.get(name) ?? -1, key.sample));
  }

  #before(id: string, place: Place): RolloutKey | undefined {
    const at = placeKey({ id }, place);
    const before = at === null ? undefined : this.#byPlace.get(at);
    return before === undefined || this.#met.has(before.id) ? undefined : before.key;
  }
}

function cellName({ instance_id, harness, mode }: Cell): string {
  return JSON.stringify([instance_id, harness, mode]);
}
